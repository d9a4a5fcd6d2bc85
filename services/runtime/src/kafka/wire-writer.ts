// Writes Kafka's primitive types into bytes of a known size.

const NULL_BYTES = 1;

/** Bytes that a varint takes; whole numbers within ±2^52. */
export function varintBytes(value: number): number {
  let zigzag = value < 0 ? -value * 2 - 1 : value * 2;
  let bytes = 1;
  for (; zigzag >= 0x80; zigzag = Math.floor(zigzag / 0x80)) bytes++;
  return bytes;
}

/** Bytes that {@link WireWriter.sized} takes. */
export function sizedBytes(value: Buffer | string | null | undefined): number {
  if (value === null || value === undefined) return NULL_BYTES;
  const length = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  return varintBytes(length) + length;
}

/** Bytes that {@link WireWriter.string} takes. */
export function stringBytes(value: string | null | undefined): number {
  return 2 + (value === null || value === undefined ? 0 : Buffer.byteLength(value));
}

/** The caller has counted: a write beyond the end throws or is lost. */
export class WireWriter {
  readonly bytes: Buffer;
  at = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  int8(value: number): this {
    this.at = this.bytes.writeInt8(value, this.at);
    return this;
  }

  int16(value: number): this {
    this.at = this.bytes.writeInt16BE(value, this.at);
    return this;
  }

  int32(value: number): this {
    this.at = this.bytes.writeInt32BE(value, this.at);
    return this;
  }

  uint32At(at: number, value: number): this {
    this.bytes.writeUInt32BE(value, at);
    return this;
  }

  int64(value: bigint | number): this {
    this.at = this.bytes.writeBigInt64BE(BigInt(value), this.at);
    return this;
  }

  /** A zigzag varint or varlong. */
  varint(value: number): this {
    const { bytes } = this;
    let zigzag = value < 0 ? -value * 2 - 1 : value * 2;
    for (; zigzag >= 0x80; zigzag = Math.floor(zigzag / 0x80)) bytes[this.at++] = (zigzag % 0x80) | 0x80;
    bytes[this.at++] = zigzag;
    return this;
  }

  /** A string with its length as an int16 before it; null is -1. */
  string(value: string | null | undefined): this {
    if (value === null || value === undefined) return this.int16(-1);
    this.int16(Buffer.byteLength(value));
    this.at += this.bytes.write(value, this.at);
    return this;
  }

  /** Bytes, or a text, with a varint of their length before them; null is -1. */
  sized(value: Buffer | string | null | undefined): this {
    if (value === null || value === undefined) return this.varint(-1);
    if (typeof value !== 'string') return this.varint(value.length).raw(value);
    this.varint(Buffer.byteLength(value));
    this.at += this.bytes.write(value, this.at);
    return this;
  }

  raw(value: Buffer): this {
    this.bytes.set(value, this.at);
    this.at += value.length;
    return this;
  }
}
