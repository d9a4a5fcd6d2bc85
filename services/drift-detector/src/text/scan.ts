// One pass over a text: its words and literals as hashes, cut into passages. Allocates nothing per token.

import { CLASS, DIGIT, JOINER, LETTER, LETTERS, LINK_JOINER, LOWER, SPACELESS } from './characters.js';
import { closedClasses } from './closed-class.js';
import { FNV_BASIS, FNV_PRIME, digitHash, finish, rawHash, stemEndOf, takenBack } from './hashing.js';
import { ADDRESS, DATE, ID, LINK, NAME, NUMBER, PATH, WORD, indexOf, literalKind, namesTarget } from './literal.js';
import { endsWord, hasDigit, isAlphanumeric, isKey, isThousands, wholeEnd, withApostrophe } from './runs.js';
import { MAX_SCANNED_UNITS, loadUnits, units } from './units.js';

export { MAX_SCANNED_UNITS } from './units.js';

export const MAX_TOKENS = 4096;
export const MAX_SEGMENTS = 400;

/** The token is the first of its passage or clause: after a full stop, a comma, a "key:". */
export const CLAUSE_START = 1;
/** The token follows a "key:". */
export const AFTER_KEY = 2;

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
 * The tokens of one text, in order, and the passages they stand in. Reused from text to text: read it before the next `scan`.
 * Passage s has the tokens `segmentToken[s]` up to `segmentToken[s + 1]` and the units `segmentStart[s]` up to `segmentEnd[s]`.
 */
export class Scan {
  readonly hashes = new Uint32Array(MAX_TOKENS);
  readonly kinds = new Uint8Array(MAX_TOKENS);
  /** Closed classes; 0 for a word with a subject of its own, and for literals. */
  readonly classes = new Uint8Array(MAX_TOKENS);
  readonly marks = new Uint8Array(MAX_TOKENS);
  count = 0;
  /** Tokens with a subject of their own: no function words. */
  subjects = 0;
  /** The tokens that can name a target, in order. */
  readonly targets = new Uint16Array(MAX_TOKENS);
  targetCount = 0;
  readonly segmentToken = new Uint16Array(MAX_SEGMENTS + 1);
  readonly segmentStart = new Int32Array(MAX_SEGMENTS);
  readonly segmentEnd = new Int32Array(MAX_SEGMENTS);
  /** Passages of one record (list item, object, paragraph) share a number. */
  readonly segmentRecord = new Uint16Array(MAX_SEGMENTS);
  readonly asks = new Uint8Array(MAX_SEGMENTS);
  segments = 0;
  /** What a table of tokens knows of each token, and which tables' state that was; the table fills this in. */
  readonly known: Known = {
    by: undefined,
    changes: 0,
    slots: new Int16Array(MAX_TOKENS),
    origins: new Uint8Array(MAX_TOKENS),
    authority: new Uint16Array(MAX_TOKENS),
    authorityCount: 0,
    news: 0,
  };
  #record = 0;
  #start = 0;
  #mark = CLAUSE_START;

  /** Reads `text`, at most {@link MAX_SCANNED_UNITS} of it, {@link MAX_SEGMENTS} passages and 4,096 tokens. */
  scan(text: string): this {
    this.count = 0;
    this.subjects = 0;
    this.targetCount = 0;
    this.segments = 0;
    this.known.by = undefined;
    this.#record = 0;
    this.#start = 0;
    this.#mark = CLAUSE_START;
    loadUnits(text);
    const end = Math.min(text.length, MAX_SCANNED_UNITS);
    let i = 0;
    while (i < end && this.count < MAX_TOKENS - 2 && this.segments < MAX_SEGMENTS) {
      const unit = units[i] ?? 0;
      if (unit === 32) {
        i++;
        continue;
      }
      const lower = LETTERS[unit] ?? 0;
      if (lower !== 0) {
        i = this.#letters(i, lower, end);
        continue;
      }
      const kind = CLASS[unit];
      if (kind === DIGIT) i = this.#chunk(i, i, end);
      else if (kind === SPACELESS) i = this.#pairs(i, end);
      else i = this.#separator(i, unit, end);
    }
    this.#cut(Math.min(i, end), false);
    return this;
  }

  #separator(i: number, unit: number, end: number): number {
    const next = i + 1 < end ? (units[i + 1] ?? 0) : 32;
    switch (unit) {
      case 92: // an escaped line end or tab, as JSON in text has them
        if (next === 110 || next === 114) return this.#lineEnd(i, i + 2, end);
        return next === 116 || next === 34 ? i + 2 : i + 1;
      case 10:
        return this.#lineEnd(i, i + 1, end);
      case 46: // . ! ? ;
      case 33:
      case 63:
      case 59:
        if (CLASS[next] === 0 || next === 92) this.#cut(i, unit === 63);
        return i + 1;
      case 0x3002:
      case 0xff01:
      case 0xff1f:
      case 0xff1b:
        this.#cut(i, unit === 0xff1f);
        return i + 1;
      case 58: // key: value
        this.#mark |= CLAUSE_START | AFTER_KEY;
        return i + 1;
      case 44:
        if (i > 0 && units[i - 1] === 34 && next !== 58) this.#cut(i, false);
        else this.#mark |= CLAUSE_START;
        return i + 1;
      case 0xff0c:
        this.#mark |= CLAUSE_START;
        return i + 1;
      case 123: // { }
      case 125:
        this.#cut(i, false);
        this.#record++;
        return i + 1;
      default:
        return i + 1;
    }
  }

  /** A line end closes the passage, unless the next line goes on in the middle of a sentence (wrapped text). */
  #lineEnd(i: number, after: number, end: number): number {
    let next = after;
    while (next < end && (units[next] === 32 || units[next] === 13)) next++;
    const unit = next < end ? (units[next] ?? 0) : 10;
    const escaped = unit === 92 && (units[next + 1] === 110 || units[next + 1] === 92);
    const wrapped = (CLASS[unit] === LETTER && LOWER[unit] === unit) || unit === 40;
    if (wrapped && !isKey(next, end) && next > after) return next;
    this.#cut(i, false);
    if (unit === 10 || escaped || unit === 45) this.#record++;
    return next > after ? next : after;
  }

  #cut(at: number, asks: boolean): void {
    const first = this.segments === 0 ? 0 : (this.segmentToken[this.segments] ?? 0);
    this.#mark = CLAUSE_START;
    if (this.count === first) {
      this.#start = at + 1;
      return;
    }
    if (this.segments >= MAX_SEGMENTS) return;
    const s = this.segments++;
    this.segmentToken[s] = first;
    this.segmentToken[s + 1] = this.count;
    this.segmentStart[s] = this.#start;
    this.segmentEnd[s] = at;
    this.segmentRecord[s] = this.#record;
    this.asks[s] = asks ? 1 : 0;
    this.#start = at + 1;
  }

  /** `hash` as signed 32 bits: half of the unsigned ones would be boxed on the way. */
  #push(hash: number, kind: number, classes: number): void {
    const t = this.count;
    if (t >= MAX_TOKENS) return;
    this.hashes[t] = hash;
    this.kinds[t] = kind;
    this.classes[t] = classes;
    this.marks[t] = this.#mark;
    if (classes === 0) this.subjects++;
    if (namesTarget(kind)) this.targets[this.targetCount++] = t;
    this.count = t + 1;
    this.#mark = 0;
  }

  /** Letters from `start` on, `first` in lower case: most are a plain word, hashed on the way; else the run of which they are the beginning. */
  #letters(start: number, first: number, end: number): number {
    const text = units;
    const letters = LETTERS;
    let hash = Math.imul(FNV_BASIS ^ first, FNV_PRIME);
    let last = first;
    let i = start + 1;
    for (; i < end; i++) {
      const lower = letters[text[i] ?? 0] ?? 0;
      if (lower === 0) break;
      hash = Math.imul(hash ^ lower, FNV_PRIME);
      last = lower;
    }
    if (text[i] !== 32 && !endsWord(i, end)) return this.#chunk(start, i, end);
    // Few words have an ending that a stem drops: those of no such letter, and none twice, are their own.
    const isWhole = ((ENDINGS >>> (last - 97)) & 1) === 0 && text[i - 1] !== text[i - 2];
    this.#word(start, i, hash, isWhole);
    return i;
  }

  /** A run of letters, digits and what joins them, of which `start` to `from` are letters. */
  #chunk(start: number, from: number, end: number): number {
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
    this.#literal(start, last);
    return Math.max(i, start + 1);
  }

  #literal(start: number, end: number): void {
    const kind = literalKind(units, start, end);
    switch (kind) {
      case WORD:
        this.#words(start, end);
        return;
      case LINK:
        this.#link(start, end);
        return;
      case NUMBER:
        this.#push(digitHash(units, start, wholeEnd(start, end)) | 0, NUMBER, 0);
        this.#joinGroups(start, end);
        return;
      default:
        this.#push(
          finish(rawHash(units, start, end)) | 0,
          kind === DATE ? DATE : kind === ADDRESS ? ADDRESS : kind === PATH ? PATH : ID,
          0,
        );
        if (kind === ID) this.#joinGroups(start, end);
    }
  }

  /** The whole without its scheme and "www.", and its host alone. */
  #link(start: number, end: number): void {
    let from = start;
    for (let i = start; i < end; i++) {
      if (units[i] !== 58 || units[i + 1] !== 47 || units[i + 2] !== 47) continue;
      from = i + 3;
      break;
    }
    if (units[from] === 119 && units[from + 1] === 119 && units[from + 2] === 119 && units[from + 3] === 46) from += 4;
    this.#push(finish(rawHash(units, from, end)) | 0, LINK, 0);
    const slash = indexOf(units, 47, from, end);
    if (slash > from && slash < end) this.#push(finish(rawHash(units, from, slash)) | 0, LINK, 0);
  }

  /** "DE12 3456 7890 12": the groups of a long number, read as one. */
  #joinGroups(start: number, end: number): void {
    if (end - start > 6 || this.#mark !== 0) return;
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
    if (groups >= 3 && !nextIsGroup) this.#push(digitHash(units, first, end) | 0, ID, 0);
  }

  #words(start: number, end: number): void {
    let from = start;
    for (let i = start; i <= end; i++) {
      const kind = i < end ? CLASS[units[i] ?? 0] : 0;
      if (kind === LETTER || (kind === DIGIT && i > from)) continue;
      if (i > from) this.#word(from, i, rawHash(units, from, i));
      from = i + 1;
    }
  }

  /** `hash` is the raw one of these units; `isWhole`: it is known to be its own stem. */
  #word(start: number, end: number, hash: number, isWhole = false): void {
    const length = end - start;
    const first = units[start] ?? 0;
    if (length < 2 && LOWER[first] !== 105) return;
    const whole = finish(hash) | 0;
    // No closed-class word is longer than eleven units.
    const spoken = units[end] === 39 ? finish(withApostrophe(hash, end)) | 0 : whole;
    const classes = length <= 11 ? closedClasses(spoken) : 0;
    if (classes !== 0) {
      this.#push(whole, WORD, classes);
      return;
    }
    const stem = isWhole ? end : stemEndOf(units, start, end);
    const kind = this.#mark === 0 && LOWER[first] !== first ? NAME : WORD;
    this.#push(stem === end ? whole : finish(takenBack(hash, units, stem, end)) | 0, kind, 0);
  }

  #pairs(start: number, end: number): number {
    let i = start;
    while (i < end && CLASS[units[i] ?? 0] === SPACELESS) i++;
    for (let at = start; at < i - 1; at++) {
      const hash = finish(rawHash(units, at, at + 2)) | 0;
      this.#push(hash, WORD, closedClasses(hash));
    }
    if (i === start + 1) this.#push(finish(rawHash(units, start, i)) | 0, WORD, 0);
    return i;
  }
}
