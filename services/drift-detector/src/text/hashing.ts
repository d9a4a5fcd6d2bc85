// Hashes of a part of a text, lower-cased on the way: no substring is made.

import { mix32 } from '@watchkeeper/schemas';
import * as characters from './characters.js';

// The module's own, for what V8 makes of it (see scan.ts).
const { LOWER, lowerUnit } = characters;

/** Where a hash begins, before its first unit. */
export const FNV_BASIS = 0x811c9dc5 | 0;
export const FNV_PRIME = 0x01000193;
/** The prime's inverse modulo 2^32: a unit that was taken in last can be taken out again. */
const FNV_INVERSE = 0x359c449b;

/** FNV-1a over the lower-cased UTF-16 units of `text.slice(start, end)`, mixed; unsigned 32 bits, never 0 (0 marks an empty slot). */
export function lowerHash(text: string, start: number, end: number): number {
  let h = FNV_BASIS;
  for (let i = start; i < end; i++) h = Math.imul(h ^ lowerUnit(text.charCodeAt(i)), FNV_PRIME);
  return finish(h);
}

/** {@link lowerHash} before {@link finish}, over units. */
export function rawHash(units: Uint16Array, start: number, end: number): number {
  let h = FNV_BASIS;
  for (let i = start; i < end; i++) h = Math.imul(h ^ (LOWER[units[i] ?? 0] ?? 0), FNV_PRIME);
  return h;
}

/** What {@link rawHash} was before it took in `units.slice(to, end)`. */
export function takenBack(h: number, units: Uint16Array, to: number, end: number): number {
  for (let i = end - 1; i >= to; i--) h = Math.imul(h, FNV_INVERSE) ^ (LOWER[units[i] ?? 0] ?? 0);
  return h;
}

/** As {@link lowerHash}, without the characters that people put into long numbers ("1,250" is "1250", an IBAN in groups is one). */
export function digitHash(units: Uint16Array, start: number, end: number): number {
  let h = FNV_BASIS;
  for (let i = start; i < end; i++) {
    const unit = units[i] ?? 0;
    if (unit === 44 || unit === 32) continue;
    h = Math.imul(h ^ (LOWER[unit] ?? 0), FNV_PRIME);
  }
  return finish(h);
}

/** Mixes a raw hash; 0 marks an empty slot and becomes 1. */
export function finish(h: number): number {
  const mixed = mix32(h);
  return mixed === 0 ? 1 : mixed;
}

/**
 * Where a word's stem ends: a handful of English endings are dropped, so that "transfers", "transferred" and "transfer" meet often.
 * Crude on purpose: both sides of a comparison are cut alike, in every language.
 */
export function stemEnd(text: string, start: number, end: number): number {
  // Three units may go, then one, then one, of which each needs five left: what stands before the last twelve changes nothing.
  const from = Math.max(start, end - TAIL);
  for (let i = from; i < end; i++) tail[i - from] = text.charCodeAt(i);
  return from + stemEndOf(tail, 0, end - from);
}

const TAIL = 12;
const tail = new Uint16Array(TAIL);

/** {@link stemEnd} over units. */
export function stemEndOf(units: Uint16Array, start: number, end: number): number {
  const length = end - start;
  if (length <= 3) return end;
  const last = LOWER[units[end - 1] ?? 0] ?? 0;
  let stem = end;
  if (last === 115) {
    const before = LOWER[units[end - 2] ?? 0] ?? 0;
    if (before === 101 && length > 4) stem = end - 2;
    else if (before !== 115) stem = end - 1;
  } else if (last === 100) {
    if (length > 4 && LOWER[units[end - 2] ?? 0] === 101) stem = end - 2;
  } else if (last === 103) {
    if (length > 5 && LOWER[units[end - 2] ?? 0] === 110 && LOWER[units[end - 3] ?? 0] === 105) stem = end - 3;
  }
  if (stem - start > 4 && LOWER[units[stem - 1] ?? 0] === 101) stem--;
  if (stem - start > 4 && units[stem - 1] === units[stem - 2]) stem--;
  return stem;
}
