// Longs of all 64 bits as JavaScript numbers.

import avro, { type Type } from 'avsc';

/**
 * avsc's own long throws beyond 2^53, and its promotion to double turns the sign of what lies below -2^52 (zigzag needs one bit more than
 * a double has). Such a long is valid input: this type reads it as the nearest double.
 */
export const wideLong: Type = avro.types.LongType.__with(
  {
    fromBuffer: readZigzag,
    toBuffer: writeZigzag,
    fromJSON: Number,
    toJSON: Number,
    isValid: (value: unknown) => typeof value === 'number',
    compare: (a: number, b: number) => a - b,
  },
  true,
);

/** The value of a whole zigzag varint. */
function readZigzag(bytes: Uint8Array): number {
  if (bytes.length > 7) return readWide(bytes);
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 127) * scale;
    scale *= 128;
  }
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}

function readWide(bytes: Uint8Array): number {
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
  }
  value = BigInt.asUintN(64, value);
  return Number(BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n)));
}

/** Only a reader schema's defaults are written so. */
function writeZigzag(value: number): Buffer {
  const long = BigInt(value);
  let rest = BigInt.asUintN(64, (long << 1n) ^ (long >> 63n));
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** The nearest integer that a long of the contract can be written as: NaN and what is no number become 0, the rest is rounded and held within ±(2^52 - 1). */
export function safeLong(value: unknown): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) return 0;
  // `|| 0` makes -0 a 0.
  return Math.max(-MAX_LONG, Math.min(MAX_LONG, Math.round(number))) || 0;
}

/** The largest long that is written: avsc's reader, which others may use, must get it back with its sign. */
const MAX_LONG = 2 ** 52 - 1;
