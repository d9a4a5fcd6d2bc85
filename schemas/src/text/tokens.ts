// Words of a text in lower case, with what carries no meaning masked; one pass, time linear in the text.

import { DIGIT, SPACELESS, WORD, astralIsWord, classOf } from './characters.js';
import { hash32, hash32Range } from './hash.js';
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

type Visit = (start: number, end: number, mask: number) => void;

/** The tokens of the first `maxChars` units, in order. Placeholders: '#' number or id, '#t' stamp, '#p' temporary path. */
export function tokens(text: string, level: MaskLevel, maxChars = MAX_TEXT_CHARS): string[] {
  const lower = lowered(text, maxChars);
  const out: string[] = [];
  scan(lower, level, (start, end, mask) => {
    out.push(mask === PLAIN ? lower.slice(start, end) : (PLACEHOLDERS[mask] ?? ''));
  });
  return out;
}

/** {@link hash32} of each of {@link tokens}, without making the tokens; appended to `out` where one is given. */
export function tokenHashes(text: string, level: MaskLevel, maxChars = MAX_TEXT_CHARS, out: number[] = []): number[] {
  const lower = lowered(text, maxChars);
  scan(lower, level, (start, end, mask) => {
    out.push(mask === PLAIN ? hash32Range(lower, start, end) : (PLACEHOLDER_HASHES[mask] ?? 0));
  });
  return out;
}

function lowered(text: string, maxChars: number): string {
  return (text.length > maxChars ? text.slice(0, maxChars) : text).toLowerCase();
}

function scan(text: string, level: MaskLevel, visit: Visit): void {
  const length = text.length;
  /** End of the last token that was masked as a number: `1,234.50` is one number at level 2. */
  let numberEnd = -2;
  let i = 0;
  while (i < length) {
    const flags = classOf(text.charCodeAt(i));
    if ((flags & WORD) === 0 && !isAstralWord(text, i)) {
      i++;
      continue;
    }
    const masked = flags !== WORD || isHex(text.charCodeAt(i)) ? volatileEnd(text, i, flags) : -1;
    if (masked > 0) {
      visit(i, masked, text.charCodeAt(i + 8) === 45 && masked === i + 36 ? NUMBER : STAMP);
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
      const inner = classOf(text.charCodeAt(i));
      if ((inner & WORD) === 0) {
        if (!isAstralWord(text, i)) break;
        i += 2;
        continue;
      }
      if ((inner & SPACELESS) !== 0) break;
      if ((inner & DIGIT) !== 0) digits++;
      i++;
    }
    if (isMasked(i - start, digits, level)) {
      const joined = level === 2 && numberEnd === start - 1 && isJoint(text.charCodeAt(numberEnd));
      if (!joined) visit(start, i, NUMBER);
      numberEnd = i;
      continue;
    }
    visit(start, i, PLAIN);
    const segment = i - start <= 7 ? tempSegmentEnd(text, start, i) : -1;
    if (segment > 0) {
      visit(i + 1, segment, PATH);
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

function volatileEnd(text: string, i: number, flags: number): number {
  const uuid = uuidEnd(text, i);
  if (uuid > 0) return uuid;
  return (flags & DIGIT) === 0 ? -1 : stampEnd(text, i);
}

function visitPairs(text: string, from: number, visit: Visit): number {
  let i = from + 1;
  while (i < text.length && (classOf(text.charCodeAt(i)) & SPACELESS) !== 0) {
    visit(i - 1, i + 1, PLAIN);
    i++;
  }
  if (i === from + 1) visit(from, i, PLAIN);
  return i;
}

function isAstralWord(text: string, i: number): boolean {
  const unit = text.charCodeAt(i);
  return unit >= 0xd800 && unit < 0xdc00 && astralIsWord(text, i);
}

const isHex = (unit: number): boolean => unit >= 97 && unit <= 102;
/** . , : / - */
const isJoint = (unit: number): boolean => unit === 46 || unit === 44 || unit === 58 || unit === 47 || unit === 45;
