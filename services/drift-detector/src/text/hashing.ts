// Hashes of a part of a text, lower-cased on the way: no substring is made.

import { mix32 } from '@watchkeeper/schemas';
import { lowerUnit } from './characters.js';

const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over the lower-cased UTF-16 units of `text.slice(start, end)`, mixed; unsigned 32 bits, never 0 (0 marks an empty slot). */
export function lowerHash(text: string, start: number, end: number): number {
  let h = FNV_BASIS;
  for (let i = start; i < end; i++) h = Math.imul(h ^ lowerUnit(text.charCodeAt(i)), FNV_PRIME);
  return finish(h);
}

/** As {@link lowerHash}, without the characters that people put into long numbers ("1,250" is "1250", an IBAN in groups is one). */
export function digitHash(text: string, start: number, end: number): number {
  let h = FNV_BASIS;
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 44 || unit === 32) continue;
    h = Math.imul(h ^ lowerUnit(unit), FNV_PRIME);
  }
  return finish(h);
}

function finish(h: number): number {
  const mixed = mix32(h);
  return mixed === 0 ? 1 : mixed;
}

/**
 * Where a word's stem ends: a handful of English endings are dropped, so that "transfers", "transferred" and "transfer" meet often.
 * Crude on purpose: both sides of a comparison are cut alike, in every language.
 */
export function stemEnd(text: string, start: number, end: number): number {
  const at = (back: number): number => lowerUnit(text.charCodeAt(end - back));
  const length = end - start;
  let stem = end;
  if (length > 5 && at(3) === 105 && at(2) === 110 && at(1) === 103) stem = end - 3;
  else if (length > 4 && at(2) === 101 && at(1) === 100) stem = end - 2;
  else if (length > 4 && at(2) === 101 && at(1) === 115) stem = end - 2;
  else if (length > 3 && at(1) === 115 && at(2) !== 115) stem = end - 1;
  if (stem - start > 4 && lowerUnit(text.charCodeAt(stem - 1)) === 101) stem--;
  if (stem - start > 4 && text.charCodeAt(stem - 1) === text.charCodeAt(stem - 2)) stem--;
  return stem;
}
