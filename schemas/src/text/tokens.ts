// Words of a text in lower case, with what carries no meaning masked; one pass, time linear in the text.

import { ASCII, DIGIT, SPACELESS, WORD, astralIsWord, classOf } from './characters.js';
import type { HashList } from './hash-list.js';
import { FNV_BASIS, FNV_PRIME, hash32, hash32Range, mix32, type Hash64Stream } from './hash.js';
import { stampEnd, tempSegmentEnd, uuidEnd } from './masks.js';

/** 1 masks what changes by itself (stamps, UUIDs, long digit runs, opaque ids, temporary folders); 2 masks every number too. */
export type MaskLevel = 1 | 2;

/** How many UTF-16 units of a text are looked at, unless a caller says otherwise. */
export const MAX_TEXT_CHARS = 16_384;

const ASCII_LETTER = WORD | ASCII;
const PLAIN = 0;
const NUMBER = 1;
const STAMP = 2;
const PATH = 3;
/** A numeric token that continues the number before it (`1,234.50`): no token of its own at level 2. */
const JOINED = 4;
const PLACEHOLDERS = ['', '#', '#t', '#p'] as const;
const PLACEHOLDER_HASHES = Uint32Array.from(PLACEHOLDERS, hash32);

// The tokens of the latest scan, which its caller reads before the next: where each lies in the lower-cased text, what it becomes at
// level 1 and at level 2, and the hash of what it becomes at level 1. A table, because a call or an object per token doubles the cost.
let starts = new Int32Array(0);
let ends = new Int32Array(0);
let masks1 = new Uint8Array(0);
let masks2 = new Uint8Array(0);
let hashes = new Uint32Array(0);

/** The tokens of the first `maxChars` units, in order. Placeholders: '#' number or id, '#t' stamp, '#p' temporary path. */
export function tokens(text: string, level: MaskLevel, maxChars = MAX_TEXT_CHARS): string[] {
  const lower = lowered(text, maxChars);
  const count = scan(lower);
  const masks = level === 1 ? masks1 : masks2;
  const out: string[] = [];
  for (let i = 0; i < count; i++) {
    const mask = masks[i] ?? PLAIN;
    if (mask !== JOINED) out.push(mask === PLAIN ? lower.slice(starts[i], ends[i]) : (PLACEHOLDERS[mask] ?? ''));
  }
  return out;
}

/** {@link hash32} of each of {@link tokens}, without making the tokens. */
export function tokenHashes(text: string, level: MaskLevel, maxChars = MAX_TEXT_CHARS): number[] {
  const out: number[] = [];
  const count = scan(lowered(text, maxChars));
  for (let i = 0; i < count; i++) {
    if (level === 1) out.push(hashes[i] ?? 0);
    else if (masks2[i] !== JOINED) out.push(levelTwoHash(i));
  }
  return out;
}

/** {@link tokenHashes} of both levels from one pass, appended to `level1` and `level2`; one that is absent is not asked for. */
export function tokenHashPairs(
  text: string,
  level1: HashList | undefined,
  level2: HashList | undefined,
  maxChars = MAX_TEXT_CHARS,
): void {
  const count = scan(lowered(text, maxChars));
  if (level1 !== undefined) {
    level1.reserve(count);
    for (let i = 0; i < count; i++) level1.push(hashes[i] ?? 0);
  }
  if (level2 !== undefined) {
    level2.reserve(count);
    for (let i = 0; i < count; i++) if (masks2[i] !== JOINED) level2.push(levelTwoHash(i));
  }
}

/** Both levels' {@link tokenHashes} and the level-1 tokens, joined by blanks, into `canonical`, from one pass. */
export function tokenHashesOfBoth(text: string, level1: number[], level2: number[], canonical: Hash64Stream): void {
  const lower = lowered(text, MAX_TEXT_CHARS);
  const count = scan(lower);
  for (let i = 0; i < count; i++) {
    if (i > 0) canonical.unit(32);
    const mask = masks1[i] ?? PLAIN;
    if (mask === PLAIN) {
      canonical.range(lower, starts[i] ?? 0, ends[i] ?? 0);
    } else {
      const placeholder = PLACEHOLDERS[mask] ?? '';
      canonical.range(placeholder, 0, placeholder.length);
    }
    level1.push(hashes[i] ?? 0);
    if (masks2[i] !== JOINED) level2.push(levelTwoHash(i));
  }
}

function levelTwoHash(token: number): number {
  const mask = masks2[token] ?? PLAIN;
  return (mask === PLAIN ? hashes[token] : PLACEHOLDER_HASHES[mask]) ?? 0;
}

function lowered(text: string, maxChars: number): string {
  return (text.length > maxChars ? text.slice(0, maxChars) : text).toLowerCase();
}

/** Fills the table; returns how many tokens it holds. */
function scan(text: string): number {
  const length = text.length;
  // A token takes at least one unit.
  if (length > starts.length) growTable(length);
  let count = 0;
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
      putMasked(count++, i, masked, uuid > 0 ? NUMBER : STAMP);
      i = masked;
      continue;
    }
    if ((flags & SPACELESS) !== 0) {
      const from = i++;
      while (i < length && (classOf(text.charCodeAt(i)) & SPACELESS) !== 0) {
        put(count++, i - 1, i + 1, PLAIN, PLAIN, hash32Range(text, i - 1, i + 1));
        i++;
      }
      if (i === from + 1) put(count++, from, i, PLAIN, PLAIN, hash32Range(text, from, i));
      continue;
    }
    const start = i;
    let digits = 0;
    let ascii = true;
    let fnv = FNV_BASIS;
    for (; i < length; i++) {
      const inner = text.charCodeAt(i);
      const innerFlags = classOf(inner);
      if (innerFlags === ASCII_LETTER) {
        fnv = Math.imul(fnv ^ inner, FNV_PRIME);
        continue;
      }
      if ((innerFlags & SPACELESS) !== 0) break;
      if ((innerFlags & DIGIT) !== 0) digits++;
      if ((innerFlags & WORD) === 0) {
        if (!isAstralWord(text, i, inner)) break;
        i++;
      }
      if ((innerFlags & ASCII) === 0) ascii = false;
      fnv = Math.imul(fnv ^ inner, FNV_PRIME);
    }
    const hash = ascii ? mix32(fnv) : hash32Range(text, start, i);
    const mask1 = isMasked(i - start, digits, 1) ? NUMBER : PLAIN;
    if (digits > 0 && isMasked(i - start, digits, 2)) {
      const joined = numberEnd === start - 1 && isJoint(text.charCodeAt(numberEnd));
      put(
        count++,
        start,
        i,
        mask1,
        joined ? JOINED : NUMBER,
        mask1 === PLAIN ? hash : (PLACEHOLDER_HASHES[mask1] ?? 0),
      );
      numberEnd = i;
      continue;
    }
    if (mask1 === PLAIN) put(count++, start, i, PLAIN, PLAIN, hash);
    else putMasked(count++, start, i, mask1);
    const segment = i - start <= 7 ? tempSegmentEnd(text, start, i) : -1;
    if (segment > 0) {
      putMasked(count++, i + 1, segment, PATH);
      i = segment;
    }
  }
  return count;
}

function put(token: number, start: number, end: number, mask1: number, mask2: number, hash: number): void {
  starts[token] = start;
  ends[token] = end;
  masks1[token] = mask1;
  masks2[token] = mask2;
  hashes[token] = hash;
}

function putMasked(token: number, start: number, end: number, mask: number): void {
  put(token, start, end, mask, mask, PLACEHOLDER_HASHES[mask] ?? 0);
}

function growTable(capacity: number): void {
  const size = Math.max(MAX_TEXT_CHARS, 2 ** Math.ceil(Math.log2(capacity)));
  starts = new Int32Array(size);
  ends = new Int32Array(size);
  masks1 = new Uint8Array(size);
  masks2 = new Uint8Array(size);
  hashes = new Uint32Array(size);
}

/** A long digit run or an opaque id; at level 2 every number and what is mostly one. */
function isMasked(length: number, digits: number, level: MaskLevel): boolean {
  if (length >= 24) return true;
  if (digits === 0) return false;
  if (digits === length) return level === 2 || length >= 9;
  return length >= 16 || (level === 2 && (length >= 6 || digits * 2 >= length));
}

function isAstralWord(text: string, i: number, unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00 && astralIsWord(text, i);
}

const isHex = (unit: number): boolean => unit >= 97 && unit <= 102;
/** . , : / - */
const isJoint = (unit: number): boolean => unit === 46 || unit === 44 || unit === 58 || unit === 47 || unit === 45;
