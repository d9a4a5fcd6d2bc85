// HalfSipHash-2-4 (Aumasson, Bernstein 2012; the reference's 32-bit form) of one 4-byte message: a token's hash that says nothing without the key.

import { hash64, type Hash64 } from './hash.js';

/** Turns a 32-bit token hash into another that only holders of the key can relate to it. */
export type KeyedHash = (hash: number) => number;

/** The function of a tenant's key; the 64-bit key is {@link hash64} of the text. */
export function keyedHash(key: string): KeyedHash {
  const { high, low }: Hash64 = hash64(key);
  return (hash) => halfSipHash(low | 0, high | 0, hash | 0);
}

/** HalfSipHash-2-4 with the key (k0, k1) over the 4 little-endian bytes of `message`; unsigned. */
export function halfSipHash(k0: number, k1: number, message: number): number {
  let v0 = k0;
  let v1 = k1;
  let v2 = 0x6c796765 ^ k0;
  let v3 = 0x74656462 ^ k1;
  // Two rounds for the message, two for the length block, four to finish.
  for (let round = 0; round < 8; round++) {
    if (round === 0) v3 ^= message;
    if (round === 2) {
      v0 ^= message;
      v3 ^= LENGTH_BLOCK;
    }
    if (round === 4) {
      v0 ^= LENGTH_BLOCK;
      v2 ^= 0xff;
    }
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
  }
  return (v1 ^ v3) >>> 0;
}

const LENGTH_BLOCK = 4 << 24;
