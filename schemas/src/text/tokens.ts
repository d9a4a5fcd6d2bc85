// Words of a text in lower case, with what carries no meaning masked; one pass, time linear in the text.

import { DIGIT, SPACELESS, WORD, astralIsWord, classOf } from './characters.js';
import { hash32, hash32Range, type Hash64Stream } from './hash.js';
import { stampEnd, tempSegmentEnd, uuidEnd } from './masks.js';

/** 1 masks what changes by itself (stamps, UUIDs, long digit runs, opaque ids, temporary folders); 2 masks every number too. */
export type MaskLevel = 1 | 2;

/** How many UTF-16 units of a text are looked at, unless a caller says otherwise. */
export const MAX_TEXT_CHARS = 16_384;

const PLAIN = 0;
const NUMBER = 1;
const STAMP = 2;
const PATH = 3;
const PLACEHOLDERS = ['', '#', '#t', '#p'] as const;
const PLACEHOLDER_HASHES = PLACEHOLDERS.map(hash32);

/** A numeric token that continues the number before it (`1,234.50`): no token of its own at level 2. */
const JOINED = 4;

/** One token: where it lies in the lower-cased text, and what it becomes at level 1 and at level 2. */
type Visit = (start: number, end: number, mask1: number, mask2: number) => void;

/** The tokens of the first `maxChars` units, in order. Placeholders: '#' number or id, '#t' stamp, '#p' temporary path. */
export function tokens(text: string, level: MaskLevel, maxChars = MAX_TEXT_CHARS): string[] {
  const lower = lowered(text, maxChars);
  const out: string[] = [];
  scan(lower, (start, end, mask1, mask2) => {
    const mask = level === 1 ? mask1 : mask2;
    if (mask !== JOINED) out.push(mask === PLAIN ? lower.slice(start, end) : (PLACEHOLDERS[mask] ?? ''));
  });
  return out;
}

/** {@link hash32} of each of {@link tokens}, without making the tokens; appended to `out` where one is given. */
export function tokenHashes(text: string, level: MaskLevel, maxChars = MAX_TEXT_CHARS, out: number[] = []): number[] {
  const lower = lowered(text, maxChars);
  scan(lower, (start, end, mask1, mask2) => {
    const mask = level === 1 ? mask1 : mask2;
    if (mask !== JOINED) out.push(mask === PLAIN ? hash32Range(lower, start, end) : (PLACEHOLDER_HASHES[mask] ?? 0));
  });
  return out;
}

/** {@link tokenHashes} of both levels from one pass, appended to `level1` and `level2`. */
export function tokenHashPairs(text: string, level1: number[], level2: number[], maxChars = MAX_TEXT_CHARS): void {
  const lower = lowered(text, maxChars);
  scan(lower, (start, end, mask1, mask2) => {
    const hash = mask1 === PLAIN ? hash32Range(lower, start, end) : (PLACEHOLDER_HASHES[mask1] ?? 0);
    level1.push(hash);
    if (mask2 === mask1) level2.push(hash);
    else if (mask2 !== JOINED) level2.push(PLACEHOLDER_HASHES[mask2] ?? 0);
  });
}

/** Both levels' {@link tokenHashes} and the level-1 tokens, joined by blanks, into `canonical`, from one pass. */
export function tokenHashesOfBoth(text: string, level1: number[], level2: number[], canonical: Hash64Stream): void {
  const lower = lowered(text, MAX_TEXT_CHARS);
  let first = true;
  scan(lower, (start, end, mask1, mask2) => {
    if (!first) canonical.unit(32);
    first = false;
    let plain = 0;
    if (mask1 === PLAIN) {
      canonical.range(lower, start, end);
      plain = hash32Range(lower, start, end);
      level1.push(plain);
    } else {
      const placeholder = PLACEHOLDERS[mask1] ?? '';
      canonical.range(placeholder, 0, placeholder.length);
      level1.push(PLACEHOLDER_HASHES[mask1] ?? 0);
    }
    if (mask2 !== JOINED) level2.push(mask2 === PLAIN ? plain : (PLACEHOLDER_HASHES[mask2] ?? 0));
  });
}

function lowered(text: string, maxChars: number): string {
  return (text.length > maxChars ? text.slice(0, maxChars) : text).toLowerCase();
}

function scan(text: string, visit: Visit): void {
  const length = text.length;
  let numberEnd = -2;
  let i = 0;
  while (i < length) {
    const unit = text.charCodeAt(i);
    const flags = classOf(unit);
    if ((flags & WORD) === 0 && !isAstralWord(text, i, unit)) {
      i++;
      continue;
    }
    const digit = (flags & DIGIT) !== 0;
    const uuid = digit || isHex(unit) ? uuidEnd(text, i) : -1;
    const masked = uuid > 0 || !digit ? uuid : stampEnd(text, i);
    if (masked > 0) {
      const mask = uuid > 0 ? NUMBER : STAMP;
      visit(i, masked, mask, mask);
      i = masked;
      continue;
    }
    if ((flags & SPACELESS) !== 0) {
      i = visitPairs(text, i, visit);
      continue;
    }
    const start = i;
    let digits = 0;
    while (i < length) {
      const innerUnit = text.charCodeAt(i);
      const inner = classOf(innerUnit);
      if (inner !== WORD) {
        if ((inner & SPACELESS) !== 0) break;
        if ((inner & DIGIT) !== 0) digits++;
        else if (isAstralWord(text, i, innerUnit)) i++;
        else break;
      }
      i++;
    }
    const mask1 = isMasked(i - start, digits, 1) ? NUMBER : PLAIN;
    if (digits > 0 && isMasked(i - start, digits, 2)) {
      const joined = numberEnd === start - 1 && isJoint(text.charCodeAt(numberEnd));
      visit(start, i, mask1, joined ? JOINED : NUMBER);
      numberEnd = i;
      continue;
    }
    visit(start, i, mask1, mask1);
    const segment = i - start <= 7 ? tempSegmentEnd(text, start, i) : -1;
    if (segment > 0) {
      visit(i + 1, segment, PATH, PATH);
      i = segment;
    }
  }
}

/** A long digit run or an opaque id; at level 2 every number and what is mostly one. */
function isMasked(length: number, digits: number, level: MaskLevel): boolean {
  if (length >= 24) return true;
  if (digits === 0) return false;
  if (digits === length) return level === 2 || length >= 9;
  return length >= 16 || (level === 2 && (length >= 6 || digits * 2 >= length));
}

function visitPairs(text: string, from: number, visit: Visit): number {
  let i = from + 1;
  while (i < text.length && (classOf(text.charCodeAt(i)) & SPACELESS) !== 0) {
    visit(i - 1, i + 1, PLAIN, PLAIN);
    i++;
  }
  if (i === from + 1) visit(from, i, PLAIN, PLAIN);
  return i;
}

function isAstralWord(text: string, i: number, unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00 && astralIsWord(text, i);
}

const isHex = (unit: number): boolean => unit >= 97 && unit <= 102;
/** . , : / - */
const isJoint = (unit: number): boolean => unit === 46 || unit === 44 || unit === 58 || unit === 47 || unit === 45;
