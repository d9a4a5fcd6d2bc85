// One pass over a text: its words and literals as hashes, cut into passages. Allocates nothing per token.

import * as characters from './characters.js';
import * as closedClass from './closed-class.js';
import * as hashing from './hashing.js';
import * as literal from './literal.js';
import * as runs from './runs.js';
import * as unitsAtHand from './units.js';

export { MAX_SCANNED_UNITS } from './units.js';

// V8 puts constants of the module's own into its code, those of other modules and of objects it asks for at each use: a fifth of a scan.
const { CLASS, DIGIT, JOINER, LETTER, LETTERS, LINK_JOINER, LOWER, SPACELESS } = characters;
const { closedClasses } = closedClass;
const { FNV_BASIS, FNV_PRIME, digitHash, finish, rawHash, stemEndOf, takenBack } = hashing;
const { ADDRESS, DATE, ID, LINK, NAME, NUMBER, PATH, WORD, indexOf, literalKind, namesTarget } = literal;
const { endsWord, hasDigit, isAlphanumeric, isKey, isThousands, wholeEnd, withApostrophe } = runs;
const { MAX_SCANNED_UNITS, loadUnits, units } = unitsAtHand;

export const MAX_TOKENS = 4096;
export const MAX_SEGMENTS = 400;

/** The token is the first of its passage or clause: after a full stop, a comma, a "key:". */
export const CLAUSE_START = 1;
/** The token follows a "key:". */
export const AFTER_KEY = 2;
/** The token is a pair of a script without spaces between words. */
export const PAIR = 4;
/** The token's form alone makes it a target: a link with its scheme, "www." or a path, which no file or member of an object has; an id as long as an account's or a key's. */
export const OUTWARD = 8;
const ACCOUNT_UNITS = 14;

/** d, e, g, s: the letters that {@link stemEndOf} looks behind. */
const ENDINGS = (1 << 3) | (1 << 4) | (1 << 6) | (1 << 18);

/** What was looked up of a text's tokens: the slot of each, or -1, who said it first, or 0, and which of them authority said. */
export interface Known {
  by: object | undefined;
  changes: number;
  readonly slots: Int16Array;
  readonly origins: Uint8Array;
  readonly authority: Uint16Array;
  authorityCount: number;
  /** How many tokens with a subject of their own nobody had said. */
  news: number;
}

/**
 * The tokens of one text, in order, and the passages they stand in. There is one, reused from text to text: read it before the next is
 * scanned. Passage s has the tokens `segmentToken[s]` up to `segmentToken[s + 1]` and the units `segmentStart[s]` up to `segmentEnd[s]`.
 */
export interface Scan {
  readonly hashes: Uint32Array;
  readonly kinds: Uint8Array;
  /** Closed classes; 0 for a word with a subject of its own, and for literals. */
  readonly classes: Uint16Array;
  readonly marks: Uint8Array;
  count: number;
  /** Tokens with a subject of their own: no function words. */
  subjects: number;
  /** The tokens that can name a target, in order. */
  readonly targets: Uint16Array;
  targetCount: number;
  readonly segmentToken: Uint16Array;
  readonly segmentStart: Int32Array;
  readonly segmentEnd: Int32Array;
  /** Passages of one record (list item, object, paragraph) share a number. */
  readonly segmentRecord: Uint16Array;
  readonly asks: Uint8Array;
  segments: number;
  /** What a table of tokens knows of each token, and which tables' state that was; the table fills this in. */
  readonly known: Known;
}

const hashes = new Uint32Array(MAX_TOKENS);
const kinds = new Uint8Array(MAX_TOKENS);
const classes = new Uint16Array(MAX_TOKENS);
const marks = new Uint8Array(MAX_TOKENS);
const targets = new Uint16Array(MAX_TOKENS);
const segmentToken = new Uint16Array(MAX_SEGMENTS + 1);
const segmentStart = new Int32Array(MAX_SEGMENTS);
const segmentEnd = new Int32Array(MAX_SEGMENTS);
const segmentRecord = new Uint16Array(MAX_SEGMENTS);
const asks = new Uint8Array(MAX_SEGMENTS);
const scan: Scan = {
  hashes,
  kinds,
  classes,
  marks,
  count: 0,
  subjects: 0,
  targets,
  targetCount: 0,
  segmentToken,
  segmentStart,
  segmentEnd,
  segmentRecord,
  asks,
  segments: 0,
  known: {
    by: undefined,
    changes: 0,
    slots: new Int16Array(MAX_TOKENS),
    origins: new Uint8Array(MAX_TOKENS),
    authority: new Uint16Array(MAX_TOKENS),
    authorityCount: 0,
    news: 0,
  },
};
/** The record and the passage in work, and what the next token is marked with. */
let record = 0;
let passageStart = 0;
let mark = CLAUSE_START;

/** Reads `text`, at most {@link MAX_SCANNED_UNITS} of it, {@link MAX_SEGMENTS} passages and 4,096 tokens. */
export function scanText(text: string): Scan {
  scan.count = scan.subjects = scan.targetCount = scan.segments = 0;
  scan.known.by = undefined;
  record = passageStart = 0;
  mark = CLAUSE_START;
  loadUnits(text);
  const end = Math.min(text.length, MAX_SCANNED_UNITS);
  let i = 0;
  while (i < end && scan.count < MAX_TOKENS - 2 && scan.segments < MAX_SEGMENTS) {
    const unit = units[i] ?? 0;
    if (unit === 32) {
      i++;
      continue;
    }
    const lower = LETTERS[unit] ?? 0;
    if (lower !== 0) {
      i = takeLetters(i, lower, end);
      continue;
    }
    const kind = CLASS[unit];
    if (kind === DIGIT) i = takeChunk(i, i, end);
    else if (kind === SPACELESS) i = takePairs(i, end);
    else i = takeSeparator(i, unit, end);
  }
  cut(Math.min(i, end), false);
  return scan;
}

function takeSeparator(i: number, unit: number, end: number): number {
  const next = i + 1 < end ? (units[i + 1] ?? 0) : 32;
  switch (unit) {
    case 92: // an escaped line end or tab, as JSON in text has them
      if (next === 110 || next === 114) return takeLineEnd(i, i + 2, end);
      return next === 116 || next === 34 ? i + 2 : i + 1;
    case 10:
      return takeLineEnd(i, i + 1, end);
    case 46: // . ! ? ;
    case 33:
    case 63:
    case 59:
      if (CLASS[next] === 0 || next === 92) cut(i, unit === 63);
      return i + 1;
    case 0x3002:
    case 0xff01:
    case 0xff1f:
    case 0xff1b:
      cut(i, unit === 0xff1f);
      return i + 1;
    case 58: // key: value
      mark |= CLAUSE_START | AFTER_KEY;
      return i + 1;
    case 44:
      if (i > 0 && units[i - 1] === 34 && next !== 58) cut(i, false);
      else mark |= CLAUSE_START;
      return i + 1;
    case 0xff0c:
      mark |= CLAUSE_START;
      return i + 1;
    case 123: // { }
    case 125:
      cut(i, false);
      record++;
      return i + 1;
    default:
      return i + 1;
  }
}

/** A line end closes the passage, unless the next line goes on in the middle of a sentence (wrapped text). */
function takeLineEnd(i: number, after: number, end: number): number {
  let next = after;
  while (next < end && (units[next] === 32 || units[next] === 13)) next++;
  const unit = next < end ? (units[next] ?? 0) : 10;
  const escaped = unit === 92 && (units[next + 1] === 110 || units[next + 1] === 92);
  const wrapped = (CLASS[unit] === LETTER && LOWER[unit] === unit) || unit === 40;
  if (wrapped && !isKey(next, end) && next > after) return next;
  cut(i, false);
  if (unit === 10 || escaped || unit === 45) record++;
  return next > after ? next : after;
}

function cut(at: number, isQuestion: boolean): void {
  const first = scan.segments === 0 ? 0 : (segmentToken[scan.segments] ?? 0);
  mark = CLAUSE_START;
  if (scan.count === first) {
    passageStart = at + 1;
    return;
  }
  if (scan.segments >= MAX_SEGMENTS) return;
  const s = scan.segments++;
  segmentToken[s] = first;
  segmentToken[s + 1] = scan.count;
  segmentStart[s] = passageStart;
  segmentEnd[s] = at;
  segmentRecord[s] = record;
  asks[s] = isQuestion ? 1 : 0;
  passageStart = at + 1;
}

/** `hash` as signed 32 bits: half of the unsigned ones would be boxed on the way. */
function push(hash: number, kind: number, closed: number): void {
  const t = scan.count;
  if (t >= MAX_TOKENS) return;
  hashes[t] = hash;
  kinds[t] = kind;
  classes[t] = closed;
  marks[t] = mark;
  if (closed === 0) scan.subjects++;
  if (namesTarget(kind)) targets[scan.targetCount++] = t;
  scan.count = t + 1;
  mark = 0;
}

/** Letters from `start` on, `first` in lower case: most are a plain word, hashed on the way; else the run of which they are the beginning. */
function takeLetters(start: number, first: number, end: number): number {
  let hash = Math.imul(FNV_BASIS ^ first, FNV_PRIME);
  let last = first;
  let i = start + 1;
  for (; i < end; i++) {
    const lower = LETTERS[units[i] ?? 0] ?? 0;
    if (lower === 0) break;
    hash = Math.imul(hash ^ lower, FNV_PRIME);
    last = lower;
  }
  if (units[i] !== 32 && !endsWord(i, end)) return takeChunk(start, i, end);
  // Few words have an ending that a stem drops: those of no such letter, and none twice, are their own.
  const isWhole = ((ENDINGS >>> (last - 97)) & 1) === 0 && units[i - 1] !== units[i - 2];
  takeWord(start, i, hash, isWhole);
  return i;
}

/** A run of letters, digits and what joins them, of which `start` to `from` are letters. */
function takeChunk(start: number, from: number, end: number): number {
  let i = from;
  let link = false;
  for (; i < end; i++) {
    const unit = units[i] ?? 0;
    const kind = CLASS[unit];
    if (kind === LETTER || kind === DIGIT) continue;
    if (kind !== JOINER && kind !== LINK_JOINER) break;
    const next = i + 1 < end ? (units[i + 1] ?? 0) : 32;
    if (kind === JOINER || link) {
      if (CLASS[next] === 0 && unit !== 47) break;
      if (link && unit === 44) break;
      continue;
    }
    if (unit === 47) link = true;
    else if (unit === 58 && next === 47 && units[i + 2] === 47) link = true;
    else if (unit === 58 && CLASS[next] === DIGIT && CLASS[units[i - 1] ?? 0] === DIGIT) continue;
    else if (unit === 44 && isThousands(i, end)) continue;
    else break;
  }
  let last = i;
  while (last > start && !isAlphanumeric(units[last - 1] ?? 0)) last--;
  takeLiteral(start, last);
  return Math.max(i, start + 1);
}

function takeLiteral(start: number, end: number): void {
  const kind = literalKind(units, start, end);
  switch (kind) {
    case WORD:
      takeWords(start, end);
      return;
    case LINK:
      takeLink(start, end);
      return;
    case NUMBER:
      push(digitHash(units, start, wholeEnd(start, end)) | 0, NUMBER, 0);
      joinGroups(start, end);
      return;
    default:
      if (kind === ID && end - start >= ACCOUNT_UNITS) mark |= OUTWARD;
      push(
        finish(rawHash(units, start, end)) | 0,
        kind === DATE ? DATE : kind === ADDRESS ? ADDRESS : kind === PATH ? PATH : ID,
        0,
      );
      if (kind === ID) joinGroups(start, end);
  }
}

/** The whole without its scheme and "www.", and its host alone. */
function takeLink(start: number, end: number): void {
  let from = start;
  for (let i = start; i < end; i++) {
    if (units[i] !== 58 || units[i + 1] !== 47 || units[i + 2] !== 47) continue;
    from = i + 3;
    break;
  }
  if (units[from] === 119 && units[from + 1] === 119 && units[from + 2] === 119 && units[from + 3] === 46) from += 4;
  const slash = indexOf(units, 47, from, end);
  if (from > start || slash < end) mark |= OUTWARD;
  push(finish(rawHash(units, from, end)) | 0, LINK, 0);
  if (slash > from && slash < end) push(finish(rawHash(units, from, slash)) | 0, LINK, 0);
}

/** "DE12 3456 7890 12": the groups of a long number, read as one. */
function joinGroups(start: number, end: number): void {
  if (end - start > 6 || mark !== 0) return;
  let first = start;
  let groups = 1;
  while (first >= 5 && units[first - 1] === 32 && groups < 8) {
    let i = first - 1;
    while (i > 0 && isAlphanumeric(units[i - 1] ?? 0)) i--;
    const length = first - 1 - i;
    if (length < 2 || length > 5 || !hasDigit(i, first - 1)) break;
    first = i;
    groups++;
  }
  const nextIsGroup = units[end] === 32 && CLASS[units[end + 1] ?? 0] === DIGIT;
  if (groups < 3 || nextIsGroup) return;
  if (end - first >= ACCOUNT_UNITS) mark |= OUTWARD;
  push(digitHash(units, first, end) | 0, ID, 0);
}

function takeWords(start: number, end: number): void {
  let from = start;
  for (let i = start; i <= end; i++) {
    const kind = i < end ? CLASS[units[i] ?? 0] : 0;
    if (kind === LETTER || (kind === DIGIT && i > from)) continue;
    if (i > from) takeWord(from, i, rawHash(units, from, i));
    from = i + 1;
  }
}

/** `hash` is the raw one of these units; `isWhole`: it is known to be its own stem. */
function takeWord(start: number, end: number, hash: number, isWhole = false): void {
  const length = end - start;
  const first = units[start] ?? 0;
  if (length < 2 && LOWER[first] !== 105) return;
  const whole = finish(hash) | 0;
  // No closed-class word is longer than eleven units.
  const spoken = units[end] === 39 ? finish(withApostrophe(hash, end)) | 0 : whole;
  const closed = length <= 11 ? closedClasses(spoken) : 0;
  if (closed !== 0) {
    push(whole, WORD, closed);
    return;
  }
  const stem = isWhole ? end : stemEndOf(units, start, end);
  const kind = mark === 0 && LOWER[first] !== first ? NAME : WORD;
  push(stem === end ? whole : finish(takenBack(hash, units, stem, end)) | 0, kind, 0);
}

function takePairs(start: number, end: number): number {
  let i = start;
  while (i < end && CLASS[units[i] ?? 0] === SPACELESS) i++;
  for (let at = start; at < i - 1; at++) {
    const hash = finish(rawHash(units, at, at + 2)) | 0;
    mark |= PAIR;
    push(hash, WORD, closedClasses(hash));
  }
  if (i === start + 1) push(finish(rawHash(units, start, i)) | 0, WORD, 0);
  return i;
}
