// Simhash (Charikar 2002): 64 bits that differ little where the token multisets differ little.

import { mix32, type Hash64 } from './hash.js';

const PLANES = 32;
const HIGH_SALT = 0x9e3779b9;
/** Scratch, for the sum of one call: bit p of a column's count lies in plane p. */
const lowPlanes = new Int32Array(PLANES);
const highPlanes = new Int32Array(PLANES);

/**
 * Bit b is set where more than half of the tokens' 64-bit hashes have it; {0, 0} for no tokens. A token's 64 bits are its 32-bit hash
 * (low) and `mix32(hash ^ 0x9e3779b9)` (high). Counted in bit planes, 32 columns at a time: a dozen operations per token instead of 64.
 */
export function simhash64(hashes: Iterable<number>): Hash64 {
  lowPlanes.fill(0);
  highPlanes.fill(0);
  let count = 0;
  for (const hash of hashes) {
    add(lowPlanes, hash | 0);
    add(highPlanes, mix32(hash ^ HIGH_SALT) | 0);
    count++;
  }
  return { high: majority(highPlanes, count), low: majority(lowPlanes, count) };
}

/** How many of the 64 bits differ, 0 to 64. */
export function hamming64(a: Hash64, b: Hash64): number {
  return bits(a.high ^ b.high) + bits(a.low ^ b.low);
}

function add(planes: Int32Array, columns: number): void {
  let carry = columns;
  for (let plane = 0; carry !== 0 && plane < PLANES; plane++) {
    const before = planes[plane] ?? 0;
    planes[plane] = before ^ carry;
    carry &= before;
  }
}

/** Columns whose count is above half of `count`, found by comparing all columns with floor(count / 2) from the highest plane down. */
function majority(planes: Int32Array, count: number): number {
  const half = count >>> 1;
  let above = 0;
  let equal = -1;
  for (let plane = 31 - Math.clz32(count); plane >= 0; plane--) {
    const column = planes[plane] ?? 0;
    if (((half >>> plane) & 1) === 1) {
      equal &= column;
    } else {
      above |= equal & column;
      equal &= ~column;
    }
  }
  return above >>> 0;
}

function bits(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
