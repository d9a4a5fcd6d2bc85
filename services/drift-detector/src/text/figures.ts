// Numbers as people write them, and the units that stand around them.

const COMMA = 44;
const POINT = 46;
const MINUS_SIGN = 0x2212;
/** So many digits are held exactly, and so is their quotient by a power of ten (both are doubles): what Number gives. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => Number(`1e${power}`));

/** The number that a text is, without currency and commas; undefined where it is none. */
export function numberOf(text: string): number | undefined {
  for (let at = 0; at < text.length; at++) if (!isOfNumber(text.charCodeAt(at))) return undefined;
  if (text.length > scratch.length) return numberByRule(text);
  for (let at = 0; at < text.length; at++) scratch[at] = text.charCodeAt(at);
  return numberAt(scratch, 0, text.length);
}

const scratch = new Uint16Array(32);

/** May stand in a number as people write it; beyond ASCII a closer look decides. */
function isOfNumber(unit: number): boolean {
  return isDigit(unit) || unit >= 128 || (unit >= 43 && unit <= 46) || isSpace(unit) || unit === 36 || unit === 37;
}

function textOf(units: Uint16Array, start: number, end: number): string {
  return String.fromCharCode(...units.subarray(start, end));
}

/** {@link numberOf} of `units.slice(start, end)`. */
function numberAt(units: Uint16Array, start: number, end: number): number | undefined {
  let sign = 1;
  let signed = false;
  let digits = 0;
  let decimals = -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const unit = units[at] ?? 0;
    if (isDigit(unit)) {
      value = value * 10 + unit - 48;
      digits++;
      if (decimals >= 0) decimals++;
    } else if (unit >= 128) return numberByRule(textOf(units, start, end));
    else if (unit === POINT) {
      if (decimals >= 0 || digits === 0) return undefined;
      decimals = 0;
    } else if (unit === 43 || unit === 45) {
      if (signed || digits > 0) return undefined;
      signed = true;
      if (unit === 45) sign = -1;
    } else if (unit !== COMMA && unit !== 36 && unit !== 37 && !isSpace(unit)) return undefined;
  }
  if (digits === 0 || decimals === 0) return undefined;
  if (digits > EXACT_DIGITS) return numberByRule(textOf(units, start, end));
  return sign * (decimals > 0 ? value / (POWERS_OF_TEN[decimals] ?? 1) : value);
}

/** The same for what goes beyond ASCII, or beyond what is exact digit by digit. */
function numberByRule(text: string): number | undefined {
  const bare = text.replace(/[$€£¥,%\s]/gu, '');
  if (!/^[-+−]?\d+(?:\.\d+)?$/u.test(bare)) return undefined;
  return Number(bare.replace('−', '-'));
}

/** White space. */
export function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13) || (unit >= 128 && /\s/u.test(String.fromCharCode(unit)));
}

const isLetterBeyond = /\p{L}/u;
const NO_LETTER = 1;
const IS_LETTER = 2;
/** Of UTF-16 units as far as they have been asked for. */
const letters = new Uint8Array(0x10000);

/** Of any script. */
export function isLetter(unit: number): boolean {
  if (unit < 128) return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90);
  const known = letters[unit] ?? NO_LETTER;
  if (known !== 0) return known === IS_LETTER;
  const is = isLetterBeyond.test(String.fromCharCode(unit));
  letters[unit] = is ? IS_LETTER : NO_LETTER;
  return is;
}

/** Where the first digit stands in `text.slice(start, end)`, or -1. */
export function digitIn(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) if (isDigit(text.charCodeAt(at))) return at;
  return -1;
}

/** A number in a text, and where it (or its sign or currency mark) begins. */
export interface FoundNumber {
  readonly index: number;
  readonly value: number;
}

/** The first number in `units.slice(start, end)` that stands alone: no part of a word, an id, a date or a time. Undefined where there is none. */
export function numberIn(units: Uint16Array, start: number, end: number): FoundNumber | undefined {
  let digit = start;
  while (digit < end && !isDigit(units[digit] ?? 0)) digit++;
  if (digit === end) return undefined;
  // A sign and a currency mark may stand before it.
  for (let index = Math.max(start, digit - 2); index < end; index++) {
    let first = index;
    if (isSign(units[first] ?? 0)) first++;
    if (first < end && isCurrency(units[first] ?? 0)) first++;
    if (first >= end || !isDigit(units[first] ?? 0) || isJoined(units, index, start)) continue;
    const last = numberEnd(units, first, end);
    const value = last < 0 ? undefined : numberAt(units, index, last);
    if (value !== undefined) return { index, value };
  }
  return undefined;
}

/** Where a number whose first digit stands at `first` ends: digits and commas, and decimals, as far as what follows leaves them a number; or -1. */
function numberEnd(units: Uint16Array, first: number, end: number): number {
  let whole = first + 1;
  while (whole < end && (isDigit(units[whole] ?? 0) || (units[whole] ?? 0) === COMMA)) whole++;
  if (whole + 1 < end && (units[whole] ?? 0) === POINT && isDigit(units[whole + 1] ?? 0)) {
    let decimals = whole + 2;
    while (decimals < end && isDigit(units[decimals] ?? 0)) decimals++;
    return isFree(units, decimals, end) ? decimals : whole;
  }
  if (isFree(units, whole, end)) return whole;
  // "1,234kg": the 1 stands before a comma.
  for (let shorter = whole - 1; shorter > first; shorter--) if ((units[shorter] ?? 0) === COMMA) return shorter;
  return -1;
}

/** Whether what stands before a number takes it in: a letter, digit, point, slash, underscore or hyphen, or a digit with comma or colon. */
function isJoined(units: Uint16Array, at: number, start: number): boolean {
  if (at === start) return false;
  const before = units[at - 1] ?? 0;
  if (isAsciiWord(before) || before === 45) return true;
  if (before >= 128) return isLetterAround(units, at - 1, start, at);
  return (before === COMMA || before === 58) && at - 2 >= start && isDigit(units[at - 2] ?? 0);
}

/** Whether what stands behind a number leaves it one. */
function isFree(units: Uint16Array, at: number, end: number): boolean {
  if (at >= end) return true;
  const unit = units[at] ?? 0;
  if (unit === 45) return at + 1 >= end || !isDigit(units[at + 1] ?? 0);
  if (unit === POINT) return true;
  return unit < 128 ? !(isAsciiWord(unit) || unit === 58) : !isLetterAround(units, at, at, end);
}

/** Whether the unit, or the pair of surrogates that it belongs to, is a letter. */
function isLetterAround(units: Uint16Array, at: number, start: number, end: number): boolean {
  const unit = units[at] ?? 0;
  if (unit < 0xd800 || unit > 0xdfff) return isLetter(unit);
  const first = unit >= 0xdc00 ? at - 1 : at;
  return first >= start && first + 1 < end && isLetterBeyond.test(textOf(units, first, first + 2));
}

function isSign(unit: number): boolean {
  return unit === 43 || unit === 45 || unit === MINUS_SIGN;
}

/** $ € £ ¥ */
function isCurrency(unit: number): boolean {
  return unit === 36 || unit === 0x20ac || unit === 0xa3 || unit === 0xa5;
}

/** Whether what follows the digits from `at` on leaves them a number: no letter, colon, slash, underscore, nor another group. */
export function standsAlone(units: Uint16Array, at: number, end: number): boolean {
  let next = at;
  while (next < end && isDigit(units[next] ?? 0)) next++;
  if (next === end) return true;
  const unit = units[next] ?? 0;
  if (unit === 45) return !isDigit(next + 1 < end ? (units[next + 1] ?? 0) : 0);
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
