// What a character is to the tokeniser: part of a word, a digit, written without spaces.

import type { Units } from './units.js';

export const WORD = 1;
export const DIGIT = 2;
/** Scripts without spaces between words (CJK, Hangul, Thai): cut into pairs. */
export const SPACELESS = 4;
/** One unit of UTF-16 and one byte of UTF-8. */
export const ASCII = 8;
const UNKNOWN = 16;

const wordPattern = /^[\p{L}\p{N}\p{M}]/u;
const digitPattern = /^\p{Nd}/u;

/** The flags of each UTF-16 unit as far as they are known; filled as characters are met: one regular expression per distinct character. */
const classes = new Uint8Array(0x10000).fill(UNKNOWN);
for (let unit = 0; unit < 128; unit++) {
  const digit = unit >= 48 && unit <= 57;
  const letter = (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90);
  classes[unit] = ASCII | (digit ? WORD | DIGIT : letter ? WORD : 0);
}

/** WORD, DIGIT, SPACELESS and ASCII flags of a UTF-16 unit; a surrogate has none (see {@link astralIsWord}). */
export function classOf(unit: number): number {
  const known = classes[unit] ?? 0;
  return known === UNKNOWN ? learn(unit) : known;
}

function learn(unit: number): number {
  const character = String.fromCharCode(unit);
  let flags = 0;
  if (wordPattern.test(character)) {
    flags |= WORD;
    if (digitPattern.test(character)) flags |= DIGIT;
    if ((unit >= 0x2e80 && unit <= 0x9fff) || (unit >= 0xac00 && unit <= 0xd7af) || (unit >= 0x0e00 && unit <= 0x0e7f))
      flags |= SPACELESS;
  }
  classes[unit] = flags;
  return flags;
}

/** Whether a surrogate pair begins at `i` that is a letter, mark or number (an emoji is not). */
export function astralIsWord(text: Units, i: number): boolean {
  const high = text[i] ?? 0;
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = text[i + 1] ?? 0;
  return low >= 0xdc00 && low <= 0xdfff && wordPattern.test(String.fromCharCode(high, low));
}
