// Passages of tool outputs that name a target (an address, an account, a link, an amount), in case a later call uses it.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { readNumber, readRepeated, writeNumber, writeRepeated } from './compact.js';

const MAX_PASSAGES = 16;
export const MAX_LITERALS = 6;
const MAX_WORDS = 14;
const MAX_EXCERPT = 120;

/** A passage that named a target which no authority had named. */
export interface Passage {
  /** seq of the call whose output it stood in. */
  readonly seq: number;
  readonly tool: string;
  /** What it could come to weigh, in log-odds: what least could goes first. */
  readonly weight: number;
  /** How much it reads like an order, 0 to 1. */
  readonly form: number;
  /** How much it reads like a sentence, against a field of a record, 0 to 1. */
  readonly prose: number;
  /** How many literals of the same kind stand in the same output: entries of a list, 0 to 1. */
  readonly listed: number;
  /** How much it, or the record around it, speaks of what the goal names, 0 to 1. */
  readonly link: number;
  /** The goal hands itself over to the source that it stood in, 0 to 1. */
  readonly delegated: number;
  /** How much of the call that brought it goal or user had said, 0 to 1. */
  readonly sourceNamed: number;
  /** Share of its literals that calls have used, 0 to 1. */
  readonly carriedOut: number;
  /** Hashes, as signed 32 bits: numbers that need no box. */
  readonly literals: readonly number[];
  readonly words: readonly number[];
  /** '' where the content may not be shown. */
  readonly excerpt: string;
}

/** A passage as it is found; no call has used any of it. */
export type Found = Omit<Passage, 'carriedOut'>;

// A row of numbers per passage: seq, form, prose, listed, link, delegated, bits for the literals that calls have used, sourceNamed, weight; and of
// hashes: two counts, the literals, the words.
const FACTS = 9;
const FORM = 1;
const USED = 6;
const SOURCE = 7;
const WEIGHT = 8;
const HASHES = 2 + MAX_LITERALS + MAX_WORDS;
const FIRST_LITERAL = 2;
const FIRST_WORD = FIRST_LITERAL + MAX_LITERALS;
const SMALLEST = 8;
/** Room for those of one more output than are kept. */
const LARGEST = MAX_PASSAGES + 8;
/** A passage loses so much of its weight per event: what is carried out is most often what was read lately. */
const AGEING = 0.1;
/** Before version 4 states did not say it: about the middle. */
const UNTOLD_WEIGHT = 4;
/** Facts that states held then. */
const FACTS_BEFORE = 8;

const NO_FACTS = new Float64Array(0);
const NO_HASHES = new Int32Array(0);

/** The passages kept, oldest first; in rows, for as objects they were most of what the collector of garbage had to carry about. */
export class Passages {
  #size = 0;
  #facts: Float64Array = NO_FACTS;
  #hashes: Int32Array = NO_HASHES;
  readonly #tools: string[] = [];
  readonly #excerpts: string[] = [];

  /** A copy of each. */
  get kept(): readonly Passage[] {
    return Array.from({ length: this.#size }, (_, row) => this.#at(row));
  }

  /** Keeps the passages of one output; those that could weigh least by now make room. */
  add(candidates: readonly Found[]): void {
    for (const candidate of candidates) this.#push(candidate);
    if (this.#size > MAX_PASSAGES) this.#drop(this.#size - MAX_PASSAGES);
  }

  /** A call carries the literal (signed): wherever it was named, it counts as used. */
  markUsed(literal: number): void {
    for (let row = 0; row < this.#size; row++) {
      const at = this.#literalAt(row, literal);
      if (at >= 0) this.#facts[row * FACTS + USED] = (this.#facts[row * FACTS + USED] ?? 0) | (1 << at);
    }
  }

  /** Those that name the literal (signed). */
  naming(literal: number): Passage[] {
    const found: Passage[] = [];
    for (let row = 0; row < this.#size; row++) if (this.#literalAt(row, literal) >= 0) found.push(this.#at(row));
    return found;
  }

  /** Those that name no literal and hold at least so many of the words (signed, each once), which are asked for where there are any such passages. */
  withoutLiteral(wordsOf: () => readonly number[], least: number): Passage[] {
    const found: Passage[] = [];
    let words: readonly number[] | undefined;
    for (let row = 0; row < this.#size; row++) {
      if (this.#hashes[row * HASHES] !== 0) continue;
      words ??= wordsOf();
      if (words.length < least) return found;
      if (this.#holds(row, words, least)) found.push(this.#at(row));
    }
    return found;
  }

  write(writer: StateWriter): void {
    const size = this.#size;
    const hashes = this.#hashes;
    writer.int(size);
    writeRepeated(writer, this.#tools, (tool) => writer.text(tool));
    writeRepeated(writer, Array.from(this.#facts.subarray(0, size * FACTS)), (fact) => {
      writeNumber(writer, fact);
    });
    for (let row = 0; row < size; row++) {
      const first = row * HASHES;
      writer.text(this.#excerpts[row] ?? '');
      const literals = hashes[first] ?? 0;
      writer.int(literals);
      for (let i = 0; i < literals; i++) writer.uint32((hashes[first + FIRST_LITERAL + i] ?? 0) >>> 0);
      const words = hashes[first + 1] ?? 0;
      writer.int(words);
      for (let i = 0; i < words; i++) writer.uint32((hashes[first + FIRST_WORD + i] ?? 0) >>> 0);
    }
  }

  static read(reader: StateReader): Passages {
    const passages = new Passages();
    if (reader.version < 3) {
      for (const passage of readRows(reader)) passages.#push(passage, passage.used);
      return passages;
    }
    const size = reader.int();
    const tools = readRepeated(reader, () => reader.text(), '');
    const facts = readRepeated(reader, () => readNumber(reader), 0);
    const width = reader.version < 4 ? FACTS_BEFORE : FACTS;
    for (let row = 0; row < size; row++) {
      const fact = (i: number): number => facts[row * width + i] ?? 0;
      const passage = {
        seq: fact(0),
        tool: tools[row] ?? '',
        form: fact(FORM),
        prose: fact(2),
        listed: fact(3),
        link: fact(4),
        delegated: fact(5),
        sourceNamed: fact(SOURCE),
        weight: width > WEIGHT ? fact(WEIGHT) : UNTOLD_WEIGHT,
        excerpt: reader.text(),
        literals: reader.list(() => reader.uint32() | 0),
        words: reader.list(() => reader.uint32() | 0),
      };
      passages.#push(passage, fact(USED));
    }
    return passages;
  }

  #literalAt(row: number, literal: number): number {
    const first = row * HASHES;
    const count = this.#hashes[first] ?? 0;
    for (let i = 0; i < count; i++) if (this.#hashes[first + FIRST_LITERAL + i] === literal) return i;
    return -1;
  }

  #holds(row: number, words: readonly number[], least: number): boolean {
    const first = row * HASHES + FIRST_WORD;
    const count = this.#hashes[row * HASHES + 1] ?? 0;
    let held = 0;
    for (let i = 0; i < count && held < least; i++) if (words.includes(this.#hashes[first + i] ?? 0)) held++;
    return held >= least;
  }

  #at(row: number): Passage {
    const fact = (i: number): number => this.#facts[row * FACTS + i] ?? 0;
    const literals = this.#hashes[row * HASHES] ?? 0;
    const words = this.#hashes[row * HASHES + 1] ?? 0;
    const list = (first: number, count: number): number[] => {
      const copy: number[] = [];
      for (let i = 0; i < count; i++) copy.push(this.#hashes[row * HASHES + first + i] ?? 0);
      return copy;
    };
    return {
      seq: fact(0),
      tool: this.#tools[row] ?? '',
      form: fact(FORM),
      prose: fact(2),
      listed: fact(3),
      link: fact(4),
      delegated: fact(5),
      sourceNamed: fact(SOURCE),
      weight: fact(WEIGHT),
      carriedOut: literals === 0 ? 0 : bits(fact(USED)) / literals,
      literals: list(FIRST_LITERAL, literals),
      words: list(FIRST_WORD, words),
      excerpt: this.#excerpts[row] ?? '',
    };
  }

  #push(
    { seq, tool, weight, form, prose, listed, link, delegated, sourceNamed, literals, words, excerpt }: Found,
    used = 0,
  ): void {
    const row = this.#size++;
    if (this.#facts.length < this.#size * FACTS) this.#grow();
    const facts = this.#facts;
    const fact = row * FACTS;
    facts[fact] = seq;
    facts[fact + FORM] = form;
    facts[fact + 2] = prose;
    facts[fact + 3] = listed;
    facts[fact + 4] = link;
    facts[fact + 5] = delegated;
    facts[fact + USED] = used;
    facts[fact + SOURCE] = sourceNamed;
    facts[fact + WEIGHT] = weight;
    const hashes = this.#hashes;
    const first = row * HASHES;
    const literalCount = Math.min(literals.length, MAX_LITERALS);
    const wordCount = Math.min(words.length, MAX_WORDS);
    hashes[first] = literalCount;
    hashes[first + 1] = wordCount;
    for (let i = 0; i < literalCount; i++) hashes[first + FIRST_LITERAL + i] = literals[i] ?? 0;
    for (let i = 0; i < wordCount; i++) hashes[first + FIRST_WORD + i] = words[i] ?? 0;
    this.#tools.push(tool);
    this.#excerpts.push(excerpt);
  }

  #grow(): void {
    const rows = this.#size <= SMALLEST ? SMALLEST : Math.max(LARGEST, this.#size);
    const facts = new Float64Array(rows * FACTS);
    const hashes = new Int32Array(rows * HASHES);
    facts.set(this.#facts);
    hashes.set(this.#hashes);
    this.#facts = facts;
    this.#hashes = hashes;
  }

  /** Drops so many rows: those that by now could weigh least, and of equal ones the oldest. */
  #drop(count: number): void {
    for (let left = count; left > 0; left--) this.#remove(this.#lightest());
  }

  #lightest(): number {
    const facts = this.#facts;
    let lightest = 0;
    let least = Infinity;
    for (let row = 0; row < this.#size; row++) {
      const weight = (facts[row * FACTS + WEIGHT] ?? 0) + (facts[row * FACTS] ?? 0) * AGEING;
      if (weight < least) [lightest, least] = [row, weight];
    }
    return lightest;
  }

  #remove(row: number): void {
    this.#facts.copyWithin(row * FACTS, (row + 1) * FACTS, this.#size * FACTS);
    this.#hashes.copyWithin(row * HASHES, (row + 1) * HASHES, this.#size * HASHES);
    this.#tools.splice(row, 1);
    this.#excerpts.splice(row, 1);
    this.#size--;
  }
}

/** As the first two versions wrote them, passage by passage. */
function readRows(reader: StateReader): (Found & { used: number })[] {
  return reader.list(() => ({
    used: reader.byte(),
    seq: reader.double(),
    tool: reader.text(),
    form: reader.double(),
    prose: reader.double(),
    listed: reader.double(),
    link: reader.double(),
    delegated: reader.double(),
    sourceNamed: reader.double(),
    weight: UNTOLD_WEIGHT,
    excerpt: reader.text(),
    literals: reader.list(() => reader.uint32() | 0),
    words: reader.list(() => reader.uint32() | 0),
  }));
}

/** How many bits are set, of few. */
function bits(mask: number): number {
  let count = 0;
  for (let left = mask; left !== 0; left &= left - 1) count++;
  return count;
}

/** Adds to a list that stays short. */
export function pushWord(list: number[], hash: number): void {
  if (list.length < MAX_WORDS && !list.includes(hash)) list.push(hash);
}

const scratch = Buffer.alloc(3 * MAX_EXCERPT);

/** Up to 120 units as they stand; a copy, for a slice would keep the whole text in memory. */
export function excerptOf(text: string, start: number, end: number): string {
  const bytes = scratch.write(text.slice(start, Math.min(end, start + MAX_EXCERPT)), 'utf8');
  return scratch.toString('utf8', 0, bytes);
}
