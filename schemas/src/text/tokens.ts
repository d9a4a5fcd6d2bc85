// Words of a text in lower case, with what carries no meaning masked; one pass, time linear in the text.

import * as characters from './characters.js';
import { HashList } from './hash-list.js';
import * as hash from './hash.js';
import * as maskedParts from './masks.js';
import { LowerText } from './units.js';

/** 1 masks what changes by itself (stamps, UUIDs, long digit runs, opaque ids, temporary folders); 2 masks every number too. */
export type MaskLevel = 1 | 2;

/** How many UTF-16 units of a text are looked at, unless a caller says otherwise. */
export const MAX_TEXT_CHARS = 16_384;

// V8 puts constants of the module's own into its code, those of other modules it asks for at each use.
const { ASCII, DIGIT, SPACELESS, WORD, astralIsWord, classOf } = characters;
const { FNV_BASIS, FNV_PRIME, hash32, hash32Units, mix32 } = hash;
const { mayBeFolder, mayBeUuid, stampEnd, tempSegmentEnd, uuidEnd } = maskedParts;

const ASCII_WORD = WORD | ASCII;
const PLAIN = 0;
const NUMBER = 1;
const STAMP = 2;
const PATH = 3;
/** A numeric token that continues the number before it (`1,234.50`): no token of its own at level 2. */
const JOINED = 4;
/** From so many characters on a word is an opaque id. */
const OPAQUE_CHARS = 24;
/** Longer runs of digits are ids. */
const MOST_DIGITS = 8;
const PLACEHOLDERS = ['', '#', '#t', '#p'] as const;
const PLACEHOLDER_HASHES = Uint32Array.from(PLACEHOLDERS, hash32);
/** What an id (at level 2 also a number) and a stamp are hashed to. */
export const ID_WORD = hash32(PLACEHOLDERS[NUMBER]);
export const STAMP_WORD = hash32(PLACEHOLDERS[STAMP]);

// The latest scan, which its caller reads before the next: the text, and of each token where it lies and what it becomes at level 1 and
// (times eight) at level 2. Tables, because a call or an object per token doubles the cost.
const scanned = new LowerText();
let starts = new Int32Array(MAX_TEXT_CHARS);
let ends = new Int32Array(MAX_TEXT_CHARS);
let masks = new Uint8Array(MAX_TEXT_CHARS);
let latestCount = 0;
/** For the hashes of a level that nobody asked for. */
const unread = new HashList();

/** The tokens of the first `maxChars` units, in order. Placeholders: '#' number or id, '#t' stamp, '#p' temporary path. */
export function tokens(text: string, level: MaskLevel, maxChars = MAX_TEXT_CHARS): string[] {
  const count = scan(text, maxChars, unread.clear(), new HashList());
  const out: string[] = [];
  for (let i = 0; i < count; i++) {
    const both = masks[i] ?? PLAIN;
    const mask = level === 1 ? both & 7 : both >> 3;
    if (mask === JOINED) continue;
    out.push(mask === PLAIN ? scanned.slice(starts[i] ?? 0, ends[i] ?? 0) : (PLACEHOLDERS[mask] ?? ''));
  }
  return out;
}

/** {@link hash32} of each of {@link tokens}, without making the tokens. */
export function tokenHashes(text: string, level: MaskLevel, maxChars = MAX_TEXT_CHARS): number[] {
  const list = new HashList();
  if (level === 1) scan(text, maxChars, list, unread.clear());
  else scan(text, maxChars, unread.clear(), list);
  return [...list.words.subarray(0, list.count)];
}

/** {@link tokenHashes} of both levels from one pass, appended to `level1` and `level2`; one that is absent is not asked for. */
export function tokenHashPairs(
  text: string,
  level1: HashList | undefined,
  level2: HashList | undefined,
  maxChars = MAX_TEXT_CHARS,
): void {
  scan(text, maxChars, level1 ?? unread.clear(), level2 ?? unread.clear());
}

/** {@link tokenHashes} of both levels of a whole text, and its level-1 tokens, joined by blanks, into `canonical`. */
export function tokenHashesOfBoth(
  text: string,
  level1: HashList,
  level2: HashList,
  canonical: hash.Hash64Stream,
): void {
  const count = scan(text, MAX_TEXT_CHARS, level1, level2);
  for (let i = 0; i < count; i++) {
    if (i > 0) canonical.unit(32);
    const mask = (masks[i] ?? PLAIN) & 7;
    if (mask === PLAIN) {
      canonical.units(scanned.units, starts[i] ?? 0, ends[i] ?? 0);
    } else {
      const placeholder = PLACEHOLDERS[mask] ?? '';
      canonical.range(placeholder, 0, placeholder.length);
    }
  }
}

/** Of the text that was looked at last: appends 1 for each token of level 1 that level 2 masks (a temporary path is a word at both), else 0. */
export function appendMasked(list: HashList): void {
  list.reserve(latestCount);
  for (let i = 0; i < latestCount; i++) list.push(isNumber((masks[i] ?? PLAIN) >> 3) ? 1 : 0);
}

/** How many of its tokens begin before the unit `end`. */
export function tokensBefore(end: number): number {
  let count = 0;
  while (count < latestCount && (starts[count] ?? 0) < end) count++;
  return count;
}

/** Fills the tables, and appends the hashes of both levels to the lists; returns how many tokens there are. */
function scan(original: string, maxChars: number, level1: HashList, level2: HashList): number {
  const { units: text, length } = scanned.take(original, maxChars);
  // A token takes at least one unit.
  if (length > starts.length) growTables(length);
  const words1 = level1.reserve(length);
  const words2 = level2.reserve(length);
  const from = starts;
  const to = ends;
  const forms = masks;
  let count = 0;
  let count1 = level1.count;
  let count2 = level2.count;
  let numberEnd = -2;
  /** Behind a folder of temporary files: the end of the segments that are to be one token. */
  let pathEnd = -1;
  /** Up to where characters without spaces have been told as pairs. */
  let spacelessEnd = -1;
  let i = 0;
  while (i < length) {
    let start = i;
    let unit = text[i] ?? 0;
    const flags = classOf(unit);
    let mask1 = PLAIN;
    let mask2 = PLAIN;
    // Unsigned already; told so, V8 needs no box for a hash beyond 31 bits.
    let word = 0;
    let end = -1;
    if (pathEnd > 0) {
      start = i + 1;
      i = end = pathEnd;
      mask1 = mask2 = PATH;
      pathEnd = -1;
    } else if ((flags & ASCII_WORD) === ASCII) {
      i++;
      continue;
    } else if (mayBeUuid(text, i) && (end = uuidEnd(text, i)) > 0) {
      i = end;
      mask1 = mask2 = NUMBER;
    } else if ((flags & DIGIT) !== 0 && (end = stampEnd(text, i)) > 0) {
      i = end;
      mask1 = mask2 = STAMP;
    } else if ((flags & SPACELESS) !== 0) {
      const goesOn = i + 1 < length && (classOf(text[i + 1] ?? 0) & SPACELESS) !== 0;
      i++;
      // The last of a run is the second half of the pair before.
      if (!goesOn && start < spacelessEnd) continue;
      end = spacelessEnd = goesOn ? i + 1 : i;
      word = hash32Units(text, start, end) >>> 0;
    } else {
      let digits = 0;
      let fnv = FNV_BASIS;
      // Behind the text lie zeros, which belong to no word.
      for (let inner = flags; (inner & ASCII_WORD) === ASCII_WORD; inner = classOf(unit)) {
        if ((inner & DIGIT) !== 0) digits++;
        fnv = Math.imul(fnv ^ unit, FNV_PRIME);
        unit = text[++i] ?? 0;
      }
      if (unit < 128) {
        word = mix32(fnv) >>> 0;
      } else {
        for (end = i; i < length; i++) {
          const inner = classOf(text[i] ?? 0);
          if ((inner & SPACELESS) !== 0) break;
          if ((inner & DIGIT) !== 0) digits++;
          if ((inner & WORD) !== 0) continue;
          if (!astralIsWord(text, i)) break;
          i++;
        }
        if (i === start) {
          i++;
          continue;
        }
        word = hash32Units(text, start, i) >>> 0;
      }
      end = i;
      const chars = i - start;
      if (digits > 0 || chars >= OPAQUE_CHARS) {
        mask1 = mask2 = isMasked(chars, digits, 1) ? NUMBER : PLAIN;
        if (digits > 0 && isMasked(chars, digits, 2)) {
          mask2 = numberEnd === start - 1 && isJoint(text[numberEnd]) ? JOINED : NUMBER;
          numberEnd = i;
        }
      }
      if (chars <= 7 && mayBeFolder(text, i) && numberEnd !== i) pathEnd = tempSegmentEnd(text, start, i, length);
    }
    from[count] = start;
    to[count] = end;
    forms[count++] = mask1 | (mask2 << 3);
    words1[count1++] = mask1 === PLAIN ? word : (PLACEHOLDER_HASHES[mask1] ?? 0);
    if (mask2 !== JOINED) words2[count2++] = mask2 === PLAIN ? word : (PLACEHOLDER_HASHES[mask2] ?? 0);
  }
  latestCount = count;
  level1.count = count1;
  level2.count = count2;
  return count;
}

function growTables(capacity: number): void {
  const size = 2 ** Math.ceil(Math.log2(capacity));
  starts = new Int32Array(size);
  ends = new Int32Array(size);
  masks = new Uint8Array(size);
}

/** A long digit run or an opaque id; at level 2 every number and what is mostly one. */
function isMasked(length: number, digits: number, level: MaskLevel): boolean {
  if (length >= OPAQUE_CHARS) return true;
  if (digits === 0) return false;
  if (digits === length) return level === 2 || length > MOST_DIGITS;
  return length >= 16 || (level === 2 && (length >= 6 || digits * 2 >= length));
}

const isNumber = (mask: number): boolean => mask === NUMBER || mask === STAMP || mask === JOINED;

/** . , : / - */
const isJoint = (unit = 0): boolean => unit === 46 || unit === 44 || unit === 58 || unit === 47 || unit === 45;
