// Reads Kafka's primitive types from bytes, as numbers: an offset or a time in milliseconds stays below 2^53.

/** Throws RangeError at the end of the bytes. */
export class WireReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(bytes: number): void {
    this.at += bytes;
  }

  int16(): number {
    const value = this.#bytes.readInt16BE(this.at);
    this.at += 2;
    return value;
  }

  int32(): number {
    const value = this.#bytes.readInt32BE(this.at);
    this.at += 4;
    return value;
  }

  int64(): number {
    const value = this.#bytes.readInt32BE(this.at) * 2 ** 32 + this.#bytes.readUInt32BE(this.at + 4);
    this.at += 8;
    return value;
  }

  bigInt64(): bigint {
    const value = this.#bytes.readBigInt64BE(this.at);
    this.at += 8;
    return value;
  }

  /** A zigzag varint or varlong. */
  varint(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.at++];
    let zigzag = (byte ?? 0) & 0x7f;
    // Most are a byte or two; beyond 28 bits numbers that are no 32-bit integers are needed.
    for (let shift = 7; byte !== undefined && byte >= 0x80; shift += 7) {
      byte = bytes[this.at++];
      zigzag = shift < 28 ? zigzag | (((byte ?? 0) & 0x7f) << shift) : zigzag + ((byte ?? 0) & 0x7f) * 2 ** shift;
    }
    if (byte === undefined) throw new RangeError('A varint goes beyond the end of its bytes');
    if (zigzag <= 0x7fffffff) return (zigzag >>> 1) ^ -(zigzag & 1);
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  /** A string with its length before it. */
  string(): string {
    const length = this.int16();
    if (length < 0) return '';
    this.at += length;
    return this.#bytes.toString('utf8', this.at - length, this.at);
  }

  /** Bytes with a varint of their length before them, not copied; -1 is null. */
  sized(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const from = this.at;
    this.at += length;
    if (this.at > this.#bytes.length) throw new RangeError('A record goes beyond the end of its bytes');
    return this.#bytes.subarray(from, this.at);
  }

  /** The next `length` bytes, not copied; fewer where fewer are there. */
  bytes(length: number): Buffer {
    const from = this.at;
    this.at += length;
    return this.#bytes.subarray(from, this.at);
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.at);
  }

  /** As many as an int32 says, -1 being none. */
  array<T>(read: () => T): T[] {
    const length = this.int32();
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(read());
    return items;
  }
}
