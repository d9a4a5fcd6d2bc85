// Which kind of literal a run of characters is: an address, a link, an id, a number, a date, or none of them.

import { CLASS, DIGIT, LETTER, isUpper } from './characters.js';

export const WORD = 0;
export const NUMBER = 1;
export const DATE = 2;
export const ID = 3;
export const LINK = 4;
export const ADDRESS = 5;
/** A word in capitals inside a sentence: likely somebody's or something's name. */
export const NAME = 6;
/** A place in a tree of files or resources: something to read, not somebody outside. */
export const PATH = 7;

/** How much it says when two texts share a token of this kind, in words of average rarity. */
export const kindWeight: readonly number[] = [1, 2, 0.75, 3, 3, 3, 2, 3];

/** Whether a token of this kind can name a target: whom to pay, write to, open, and how much. */
export function namesTarget(kind: number): boolean {
  return ((TARGETS >>> kind) & 1) === 1;
}

const TARGETS = (1 << ADDRESS) | (1 << LINK) | (1 << ID) | (1 << NUMBER) | (1 << PATH);

/** The kind of `units.slice(start, end)`, a run of letters, digits and joiners that begins and ends with a letter or digit. */
export function literalKind(units: Uint16Array, start: number, end: number): number {
  let letters = 0;
  let digits = 0;
  let at = -1;
  let scheme = false;
  let slashes = 0;
  let dots = 0;
  let lastDot = -1;
  let separators = 0;
  for (let i = start; i < end; i++) {
    const unit = units[i] ?? 0;
    const kind = CLASS[unit];
    if (kind === LETTER) letters++;
    else if (kind === DIGIT) digits++;
    else if (unit === 64) at = i;
    else if (unit === 46) {
      dots++;
      lastDot = i;
    } else if (unit === 47) {
      slashes++;
      separators++;
    } else if (unit === 58) {
      separators++;
      scheme ||= units[i + 1] === 47 && units[i + 2] === 47 && i + 2 < end;
    } else if (unit === 45) separators++;
  }
  if (scheme) return LINK;
  if (slashes > 0 && letters > 0 && at < 0 && !hostBeforeSlash(units, start, end))
    return dots > 0 || digits > 0 || slashes >= 2 ? PATH : WORD;
  if (at > start && lastDot > at) return ADDRESS;
  if (letters === 0) return digitsKind(units, start, end, digits, separators);
  if (dots > 0 && looksLikeHost(units, start, end)) return LINK;
  if (digits > 0) return isIsoDate(units, start, end) ? DATE : end - start >= 4 ? ID : WORD;
  return WORD;
}

/** "name.tld/…": the first slash has a dot before it. */
function hostBeforeSlash(units: Uint16Array, start: number, end: number): boolean {
  const dot = indexOf(units, 46, start, end);
  return dot > start && dot < indexOf(units, 47, start, end);
}

function digitsKind(units: Uint16Array, start: number, end: number, digits: number, separators: number): number {
  if (digits < 3) return WORD;
  if (separators > 0 && digits <= 8 && shortGroups(units, start, end)) return DATE;
  return NUMBER;
}

/** Groups of 1, 2 or 4 digits, two to five of them: dates and times of day. */
function shortGroups(units: Uint16Array, start: number, end: number): boolean {
  let group = 0;
  for (let i = start; i <= end; i++) {
    if (i < end && CLASS[units[i] ?? 0] === DIGIT) group++;
    else if (group === 3 || group > 4 || group === 0) return false;
    else group = 0;
  }
  return true;
}

function isIsoDate(units: Uint16Array, start: number, end: number): boolean {
  return end - start >= 10 && units[start + 4] === 45 && units[start + 7] === 45 && (units[start] ?? 0) < 58;
}

/** name.tld, host/path, report.pdf; not "e.g", "U.S" or "end.Next". */
function looksLikeHost(units: Uint16Array, start: number, end: number): boolean {
  const hostEnd = indexOf(units, 47, start, end);
  let dot = hostEnd - 1;
  while (dot > start && units[dot] !== 46) dot--;
  if (dot <= start + 1 || hostEnd - dot < 3) return false;
  if (isUpper(units[dot + 1] ?? 0) && !isUpper(units[dot - 1] ?? 0)) return false;
  for (let i = dot + 1; i < hostEnd; i++) if (CLASS[units[i] ?? 0] !== LETTER) return false;
  return true;
}

/** Where `unit` stands first, or `end`. */
export function indexOf(units: Uint16Array, unit: number, start: number, end: number): number {
  let i = start;
  while (i < end && units[i] !== unit) i++;
  return i;
}
