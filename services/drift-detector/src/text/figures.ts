// Numbers as people write them, and the units that stand around them.

import { unitAt } from './characters.js';

// A number that stands alone: no part of a word, an id, a date or a time.
const NUMBER = /(?<![\p{L}\d./_-]|\d[,:])[-+−]?[$€£¥]?\d[\d,]*(?:\.\d+)?(?![\p{L}\d:/_]|-\d)/gu;

const COMMA = 44;

/** The number that a text is, without currency and commas; undefined where it is none. */
export function numberOf(text: string): number | undefined {
  for (let at = 0; at < text.length; at++) if (!isOfNumber(text.charCodeAt(at))) return undefined;
  const bare = text.replace(/[$€£¥,%\s]/gu, '');
  if (bare === '' || !/^[-+−]?\d+(?:\.\d+)?$/u.test(bare)) return undefined;
  return Number(bare.replace('−', '-'));
}

/** May stand in a number as people write it; beyond ASCII a closer look decides. */
function isOfNumber(unit: number): boolean {
  return isDigit(unit) || unit >= 128 || (unit >= 43 && unit <= 46) || isSpace(unit) || unit === 36 || unit === 37;
}

/** White space. */
export function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13) || (unit >= 128 && /\s/u.test(String.fromCharCode(unit)));
}

const isLetterBeyond = /\p{L}/u;

/** Of any script. */
export function isLetter(unit: number): boolean {
  if (unit < 128) return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90);
  return isLetterBeyond.test(String.fromCharCode(unit));
}

/** Where the first digit stands in `text.slice(start, end)`, or -1. */
export function digitIn(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) if (isDigit(text.charCodeAt(at))) return at;
  return -1;
}

/** The first number that stands alone in a clause, as its place and text; undefined where there is none. */
export function numberIn(clause: string): { readonly index: number; readonly text: string } | undefined {
  const digit = digitIn(clause, 0, clause.length);
  if (digit < 0) return undefined;
  // A sign and a currency mark may stand before it.
  NUMBER.lastIndex = Math.max(0, digit - 2);
  const found = NUMBER.exec(clause);
  return found ? { index: found.index, text: found[0] } : undefined;
}

/** Whether what follows the digits from `at` on leaves them a number: no letter, colon, slash, underscore, nor another group. */
export function standsAlone(text: string, at: number, end: number): boolean {
  let next = at;
  while (next < end && isDigit(text.charCodeAt(next))) next++;
  if (next === end) return true;
  const unit = text.charCodeAt(next);
  if (unit === 45) return !isDigit(unitAt(text, next + 1));
  return unit === 46 || unit === COMMA || !(isAsciiWord(unit) || unit === 58);
}

/** 0 to 9. */
export function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

/** What a number that stands alone cannot follow, of the most frequent: letters, digits, point, slash, underscore. */
export function isAsciiWord(unit: number): boolean {
  return (unit >= 46 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit === 95;
}
