// A small binary codec for detector state: varints, doubles, strings, bytes; versioned by its first byte.

import { WatchkeeperError } from './errors.js';

/** Appends values to a growing buffer; read them back in the same order with {@link StateReader}. */
export class StateWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(version: number, sizeHint = 256) {
    this.#bytes = Buffer.allocUnsafe(Math.max(16, sizeHint));
    this.byte(version);
  }

  /** An unsigned byte. */
  byte(value: number): this {
    this.#room(1);
    this.#bytes[this.#length++] = value & 0xff;
    return this;
  }

  bool(value: boolean): this {
    return this.byte(value ? 1 : 0);
  }

  /** An unsigned 32-bit integer, 4 bytes. */
  uint32(value: number): this {
    this.#room(4);
    // Byte by byte: a Buffer's own method costs three times as much, and a state has a thousand of these.
    const bytes = this.#bytes;
    const at = this.#length;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
    this.#length = at + 4;
    return this;
  }

  /** A safe integer of either sign, 1 to 8 bytes: a sign and six bits, then a varint. Zigzag would need 54 bits. */
  int(value: number): this {
    this.#room(10);
    const bytes = this.#bytes;
    const magnitude = Math.abs(value);
    const sign = value < 0 ? 64 : 0;
    // Most numbers have 32 bits: dividing doubles takes several times as long.
    if (magnitude < 2 ** 31) {
      let rest = magnitude >>> 6;
      bytes[this.#length++] = (magnitude & 63) | sign | (rest > 0 ? 128 : 0);
      while (rest > 0) {
        const low = rest & 127;
        rest >>>= 7;
        bytes[this.#length++] = low | (rest > 0 ? 128 : 0);
      }
      return this;
    }
    let rest = Math.floor(magnitude / 64);
    bytes[this.#length++] = (magnitude % 64) | sign | 128;
    while (rest > 0) {
      const low = rest % 128;
      rest = Math.floor(rest / 128);
      bytes[this.#length++] = low | (rest > 0 ? 128 : 0);
    }
    return this;
  }

  double(value: number): this {
    this.#room(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
    return this;
  }

  /** UTF-8; lone surrogates come back as U+FFFD. */
  text(value: string): this {
    const size = Buffer.byteLength(value);
    this.int(size);
    this.#room(size);
    this.#length += this.#bytes.write(value, this.#length);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.int(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** A count, then each item by `write`. */
  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.int(items.length);
    for (const item of items) write(item);
    return this;
  }

  done(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** Reads what {@link StateWriter} wrote. Throws WK_STATE_VERSION on an unknown version, WK_STATE_SHORT past the end. */
export class StateReader {
  readonly #bytes: Buffer;
  #at = 0;
  readonly version: number;

  constructor(bytes: Buffer, known: readonly number[]) {
    this.#bytes = bytes;
    this.version = this.byte();
    if (!known.includes(this.version)) {
      throw new WatchkeeperError(
        'WK_STATE_VERSION',
        `Stored state has version ${this.version}, and this build reads ${known.join(', ')}: start a build that knows it, or drop the state and re-read the topic.`,
      );
    }
  }

  byte(): number {
    this.#need(1);
    return this.#bytes.readUInt8(this.#at++);
  }

  bool(): boolean {
    return this.byte() === 1;
  }

  uint32(): number {
    this.#need(4);
    const value = this.#bytes.readUInt32LE(this.#at);
    this.#at += 4;
    return value;
  }

  int(): number {
    const first = this.byte();
    let magnitude = first & 63;
    let scale = 64;
    for (let byte = first; byte >= 128; scale *= 128) {
      byte = this.byte();
      magnitude += (byte & 127) * scale;
    }
    return (first & 64) === 0 ? magnitude : -magnitude;
  }

  double(): number {
    this.#need(8);
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  bytes(): Buffer {
    const length = this.int();
    this.#need(length);
    const value = Buffer.from(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    return value;
  }

  list<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.int(); left > 0; left--) items.push(read());
    return items;
  }

  #need(count: number): void {
    if (this.#at + count > this.#bytes.length) {
      throw new WatchkeeperError('WK_STATE_SHORT', 'Stored state ends early: drop it and re-read the topic.');
    }
  }
}
