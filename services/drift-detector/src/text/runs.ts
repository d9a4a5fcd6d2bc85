// Small questions about the units at hand that the scanner asks.

import { CLASS, DIGIT, JOINER, LETTER, LINK_JOINER, SPACELESS } from './characters.js';
import { FNV_PRIME } from './hashing.js';
import { units } from './units.js';

/** Whether letters that end at `i` are a word for certain: nothing that could join them to what follows. */
export function endsWord(i: number, end: number): boolean {
  if (i >= end) return true;
  const stop = units[i] ?? 0;
  const kind = CLASS[stop];
  if (kind === 0 || kind === SPACELESS || stop === 44) return true;
  const next = i + 1 < end ? (units[i + 1] ?? 0) : 32;
  if (kind === JOINER) return CLASS[next] === 0;
  return kind === LINK_JOINER && stop !== 47 && (stop !== 58 || next !== 47);
}

/** With an apostrophe and a "t" ("don't" is one function word, "Bob's" is Bob). */
export function withApostrophe(hash: number, end: number): number {
  if (units[end] !== 39 || units[end + 1] !== 116) return hash;
  return Math.imul(Math.imul(hash ^ 39, FNV_PRIME) ^ 116, FNV_PRIME);
}

/** Whether a key and its colon stand here: the next line is a field, not a sentence that goes on. */
export function isKey(start: number, end: number): boolean {
  let i = start;
  while (i < end && i < start + 30 && (isAlphanumeric(units[i] ?? 0) || units[i] === 95)) i++;
  return units[i] === 58;
}

/** Whether the unit is a letter or a digit. */
export function isAlphanumeric(unit: number): boolean {
  const kind = CLASS[unit];
  return kind === LETTER || kind === DIGIT;
}

/** Whether one of these units is a digit. */
export function hasDigit(start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (CLASS[units[i] ?? 0] === DIGIT) return true;
  return false;
}

/** A comma between thousands: three digits follow, and no fourth. */
export function isThousands(comma: number, end: number): boolean {
  for (let i = 1; i <= 3; i++) if (comma + i >= end || CLASS[units[comma + i] ?? 0] !== DIGIT) return false;
  return comma + 4 >= end || CLASS[units[comma + 4] ?? 0] !== DIGIT;
}

/** Where a number ends without its ".00". */
export function wholeEnd(start: number, end: number): number {
  let dot = end - 1;
  while (dot > start && units[dot] !== 46) dot--;
  if (dot <= start) return end;
  for (let i = dot + 1; i < end; i++) if (units[i] !== 48) return end;
  return dot;
}
