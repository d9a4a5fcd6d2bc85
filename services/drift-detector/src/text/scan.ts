// One pass over a text: its words and literals as hashes, cut into passages. Allocates nothing per token.

import { DIGIT, JOINER, LETTER, LINK_JOINER, SPACELESS, characterClass, isUpper, lowerUnit } from './characters.js';
import { closedClasses } from './closed-class.js';
import { digitHash, lowerHash, stemEnd } from './hashing.js';
import { ADDRESS, DATE, ID, LINK, NAME, NUMBER, PATH, WORD, literalKind } from './literal.js';

const MAX_TOKENS = 4096;
export const MAX_SEGMENTS = 400;
/** Of a text, this many UTF-16 units are read. */
export const MAX_SCANNED_UNITS = 16_384;

/** The token is the first of its passage or clause: after a full stop, a comma, a "key:". */
export const CLAUSE_START = 1;
/** The token follows a "key:". */
export const AFTER_KEY = 2;

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
  readonly segmentToken = new Uint16Array(MAX_SEGMENTS + 1);
  readonly segmentStart = new Int32Array(MAX_SEGMENTS);
  readonly segmentEnd = new Int32Array(MAX_SEGMENTS);
  /** Passages of one record (list item, object, paragraph) share a number. */
  readonly segmentRecord = new Uint16Array(MAX_SEGMENTS);
  readonly asks = new Uint8Array(MAX_SEGMENTS);
  segments = 0;

  #record = 0;
  #start = 0;
  #mark = CLAUSE_START;

  /** Reads `text`, at most {@link MAX_SCANNED_UNITS} of it, {@link MAX_SEGMENTS} passages and 4,096 tokens. */
  scan(text: string): this {
    this.count = 0;
    this.segments = 0;
    this.#record = 0;
    this.#start = 0;
    this.#mark = CLAUSE_START;
    const end = Math.min(text.length, MAX_SCANNED_UNITS);
    let i = 0;
    while (i < end && this.count < MAX_TOKENS - 2 && this.segments < MAX_SEGMENTS) {
      const unit = text.charCodeAt(i);
      const kind = characterClass(unit);
      if (kind === LETTER || kind === DIGIT) i = this.#chunk(text, i, end);
      else if (kind === SPACELESS) i = this.#pairs(text, i, end);
      else i = this.#separator(text, i, unit, end);
    }
    this.#cut(Math.min(i, end), false);
    return this;
  }

  #separator(text: string, i: number, unit: number, end: number): number {
    const next = i + 1 < end ? text.charCodeAt(i + 1) : 32;
    switch (unit) {
      case 32:
        return i + 1;
      case 92: // an escaped line end or tab, as JSON in text has them
        if (next === 110 || next === 114) return this.#lineEnd(text, i, i + 2, end);
        return next === 116 || next === 34 ? i + 2 : i + 1;
      case 10:
        return this.#lineEnd(text, i, i + 1, end);
      case 46: // . ! ? ;
      case 33:
      case 63:
      case 59:
        if (characterClass(next) === 0 || next === 92) this.#cut(i, unit === 63);
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
        if (i > 0 && text.charCodeAt(i - 1) === 34 && next !== 58) this.#cut(i, false);
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
  #lineEnd(text: string, i: number, after: number, end: number): number {
    let next = after;
    while (next < end && (text.charCodeAt(next) === 32 || text.charCodeAt(next) === 13)) next++;
    const unit = next < end ? text.charCodeAt(next) : 10;
    const escaped = unit === 92 && (text.charCodeAt(next + 1) === 110 || text.charCodeAt(next + 1) === 92);
    const wrapped = (characterClass(unit) === LETTER && !isUpper(unit)) || unit === 40;
    if (wrapped && !isKey(text, next, end) && next > after) return next;
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

  #push(hash: number, kind: number, classes: number): void {
    if (this.count >= MAX_TOKENS) return;
    this.hashes[this.count] = hash;
    this.kinds[this.count] = kind;
    this.classes[this.count] = classes;
    this.marks[this.count] = this.#mark;
    this.count++;
    this.#mark = 0;
  }

  /** A run of letters, digits and what joins them. Most are plain words: those are left by the first loop. */
  #chunk(text: string, start: number, end: number): number {
    let i = start;
    while (i < end && characterClass(text.charCodeAt(i)) === LETTER) i++;
    const stop = i < end ? text.charCodeAt(i) : 32;
    const kindOfStop = characterClass(stop);
    if (kindOfStop === 0 || kindOfStop === SPACELESS || (stop === 44 && i > start)) {
      this.#word(text, start, i);
      return i;
    }
    let link = false;
    for (; i < end; i++) {
      const unit = text.charCodeAt(i);
      const kind = characterClass(unit);
      if (kind === LETTER || kind === DIGIT) continue;
      if (kind !== JOINER && kind !== LINK_JOINER) break;
      const next = i + 1 < end ? text.charCodeAt(i + 1) : 32;
      if (kind === JOINER || link) {
        if (characterClass(next) === 0 && unit !== 47) break;
        if (link && unit === 44) break;
        continue;
      }
      if (unit === 47) link = true;
      else if (unit === 58 && next === 47 && text.charCodeAt(i + 2) === 47) link = true;
      else if (unit === 58 && characterClass(next) === DIGIT && characterClass(text.charCodeAt(i - 1)) === DIGIT)
        continue;
      else if (unit === 44 && isThousands(text, i, end)) continue;
      else break;
    }
    let last = i;
    while (last > start && !isAlphanumeric(text.charCodeAt(last - 1))) last--;
    this.#literal(text, start, last);
    return Math.max(i, start + 1);
  }

  #literal(text: string, start: number, end: number): void {
    const kind = literalKind(text, start, end);
    switch (kind) {
      case WORD:
        this.#words(text, start, end);
        return;
      case LINK: {
        const scheme = text.indexOf('://', start);
        let from = scheme >= 0 && scheme < end ? scheme + 3 : start;
        if (text.startsWith('www.', from)) from += 4;
        this.#push(lowerHash(text, from, end), LINK, 0);
        const slash = text.indexOf('/', from);
        if (slash > from && slash < end) this.#push(lowerHash(text, from, slash), LINK, 0);
        return;
      }
      case NUMBER:
        this.#push(digitHash(text, start, wholeEnd(text, start, end)), NUMBER, 0);
        this.#joinGroups(text, start, end);
        return;
      default:
        this.#push(
          lowerHash(text, start, end),
          kind === DATE ? DATE : kind === ADDRESS ? ADDRESS : kind === PATH ? PATH : ID,
          0,
        );
        if (kind === ID) this.#joinGroups(text, start, end);
    }
  }

  /** "DE12 3456 7890 12": the groups of a long number, read as one. */
  #joinGroups(text: string, start: number, end: number): void {
    if (end - start > 6 || this.#mark !== 0) return;
    let first = start;
    let groups = 1;
    while (first >= 5 && text.charCodeAt(first - 1) === 32 && groups < 8) {
      let i = first - 1;
      while (i > 0 && isAlphanumeric(text.charCodeAt(i - 1))) i--;
      const length = first - 1 - i;
      if (length < 2 || length > 5 || !hasDigit(text, i, first - 1)) break;
      first = i;
      groups++;
    }
    const nextIsGroup = text.charCodeAt(end) === 32 && characterClass(text.charCodeAt(end + 1)) === DIGIT;
    if (groups >= 3 && !nextIsGroup) this.#push(digitHash(text, first, end), ID, 0);
  }

  #words(text: string, start: number, end: number): void {
    let from = start;
    for (let i = start; i <= end; i++) {
      const kind = i < end ? characterClass(text.charCodeAt(i)) : 0;
      if (kind === LETTER || (kind === DIGIT && i > from)) continue;
      if (i > from) this.#word(text, from, i);
      from = i + 1;
    }
  }

  #word(text: string, start: number, end: number): void {
    const length = end - start;
    if (length < 2 && lowerUnit(text.charCodeAt(start)) !== 105) return;
    // No closed-class word is longer than eleven units.
    const classes = length <= 11 ? closedClasses(wholeWordHash(text, start, end)) : 0;
    const stem = classes === 0 ? stemEnd(text, start, end) : end;
    const named = classes === 0 && this.#mark === 0 && isUpper(text.charCodeAt(start));
    this.#push(lowerHash(text, start, stem), named ? NAME : WORD, classes);
  }

  #pairs(text: string, start: number, end: number): number {
    let i = start;
    while (i < end && characterClass(text.charCodeAt(i)) === SPACELESS) i++;
    for (let at = start; at < i - 1; at++) {
      const hash = lowerHash(text, at, at + 2);
      this.#push(hash, WORD, closedClasses(hash));
    }
    if (i === start + 1) this.#push(lowerHash(text, start, i), WORD, 0);
    return i;
  }
}

/** With an apostrophe and what follows it ("don't" is one function word, "Bob's" is Bob). */
function wholeWordHash(text: string, start: number, end: number): number {
  if (text.charCodeAt(end) === 39 && text.charCodeAt(end + 1) === 116) return lowerHash(text, start, end + 2);
  return lowerHash(text, start, end);
}

function isKey(text: string, start: number, end: number): boolean {
  let i = start;
  while (i < end && i < start + 30 && (isAlphanumeric(text.charCodeAt(i)) || text.charCodeAt(i) === 95)) i++;
  return text.charCodeAt(i) === 58;
}

function isAlphanumeric(unit: number): boolean {
  const kind = characterClass(unit);
  return kind === LETTER || kind === DIGIT;
}

function hasDigit(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (characterClass(text.charCodeAt(i)) === DIGIT) return true;
  return false;
}

/** A comma between thousands: three digits follow, and no fourth. */
function isThousands(text: string, comma: number, end: number): boolean {
  for (let i = 1; i <= 3; i++)
    if (comma + i >= end || characterClass(text.charCodeAt(comma + i)) !== DIGIT) return false;
  return comma + 4 >= end || characterClass(text.charCodeAt(comma + 4)) !== DIGIT;
}

/** Where a number ends without its ".00". */
function wholeEnd(text: string, start: number, end: number): number {
  const dot = text.lastIndexOf('.', end - 1);
  if (dot <= start) return end;
  for (let i = dot + 1; i < end; i++) if (text.charCodeAt(i) !== 48) return end;
  return dot;
}
