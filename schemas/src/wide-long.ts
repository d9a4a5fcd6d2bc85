// Longs of all 64 bits as JavaScript numbers.

import avro, { type Type } from 'avsc';
import { readWide } from './varint.js';

const custom: Type = avro.types.LongType.__with(
  {
    fromBuffer: readWide,
    toBuffer: writeZigzag,
    fromJSON: Number,
    toJSON: Number,
    isValid: (value: unknown) => typeof value === 'number',
    compare: (a: number, b: number) => a - b,
  },
  true,
);

/** avsc's cursor over bytes. */
interface Tap {
  readonly buf: Buffer;
  pos: number;
  readLong(): number;
}

/**
 * avsc's own long throws beyond 2^53, and its promotion to double turns the sign of what lies below -2^52 (zigzag needs one bit more than
 * a double has). Such a long is valid input: this type reads it as the nearest double. All others are read as avsc reads its own, without the
 * slice of bytes that it makes for each long of a type like this one.
 */
export const wideLong: Type = Object.freeze(
  Object.assign(Object.create(custom) as Type, {
    _read(tap: Tap): number {
      const start = tap.pos;
      const value = tap.readLong();
      return Math.abs(value) < 2 ** 52 ? value : readWide(tap.buf.subarray(start, tap.pos));
    },
  }),
);

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
