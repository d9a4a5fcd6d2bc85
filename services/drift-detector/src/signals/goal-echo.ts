// Do a step's texts still speak of the goal? Counts the goal's words in them, against how many such texts have held so far.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { AUTHORITY, type TokenTable } from '../memory/token-table.js';
import type { Scan } from '../text/scan.js';

/** A step with more different words of the goal than this is on it, however many more there are. */
const MAX_ECHOES = 6;
/** Of a step, so many different words of the goal are told apart. */
const MAX_WORDS = 16;
const MAX_SIZE = 2_000;
/** Different words of the goal that a text of this many tokens holds in an ordinary session, … */
const USUAL = 3;
const USUAL_SIZE = 40;
/** … and how that grows with the text: the goal's words repeat, so slower than its length (Heaps' law). */
const GROWTH = 0.6;
/** The first steps move the session's own rate away from the usual one: it counts as so many full texts. */
const PRIOR = 2;
/** A text about something else holds some of the words by chance. */
const OFF_SHARE = 0.38;
const OFF_LEAST = 0.1;
const LEAST_RATE = 0.05;

/** A step's texts: tokens with a subject of their own, and which of the goal's words are among them (hashes, different ones, signed: they need no box). */
export class Echo {
  size = 0;
  readonly words: number[] = [];

  /** Adds up to `most` tokens of the scanned text. */
  add(scan: Scan, table: TokenTable, most = MAX_SIZE): this {
    table.locate(scan);
    const { hashes, subjects } = scan;
    const { authority, authorityCount } = scan.known;
    this.size = Math.min(MAX_SIZE, this.size + Math.min(subjects, most));
    for (let i = 0; i < authorityCount && this.words.length < MAX_WORDS; i++)
      this.addWord((hashes[authority[i] ?? 0] ?? 0) | 0);
    return this;
  }

  addToken(hash: number, table: TokenTable): void {
    if (this.size < MAX_SIZE) this.size++;
    const slot = table.find(hash);
    if (slot >= 0 && table.originAt(slot) === AUTHORITY) this.addWord(hash | 0);
  }

  addAll(other: Echo): this {
    this.size = Math.min(MAX_SIZE, this.size + other.size);
    for (const word of other.words) this.addWord(word);
    return this;
  }

  clear(): void {
    this.size = 0;
    this.words.length = 0;
  }

  addWord(hash: number): void {
    if (this.words.length < MAX_WORDS && !this.words.includes(hash)) this.words.push(hash);
  }

  write(writer: StateWriter): void {
    writer.int(this.size).list(this.words, (word) => writer.uint32(word));
  }

  static read(reader: StateReader): Echo {
    const echo = new Echo();
    echo.size = reader.int();
    for (const word of reader.list(() => reader.uint32())) echo.words.push(word | 0);
    return echo;
  }
}

/**
 * How often this session's steps name the goal, and how unlike that a step is: both counts are taken as Poisson, the rate on the goal
 * is the session's own (Gamma prior at the usual rate), off it a share of that.
 */
export class EchoRate {
  #hits = 0;
  #expected = 0;

  /** Log-likelihood ratio (nats) of "off the goal" against "on it"; 0 for texts too short to tell. */
  offGoal({ size, words }: Echo): number {
    const usual = usualHits(size);
    const onGoal = Math.max(LEAST_RATE, usual * ((PRIOR * USUAL + this.#hits) / (PRIOR * USUAL + this.#expected)));
    const off = Math.max(OFF_LEAST * usual, OFF_SHARE * onGoal);
    return onGoal > off ? Math.min(MAX_ECHOES, words.length) * Math.log(off / onGoal) + onGoal - off : 0;
  }

  learn({ size, words }: Echo): void {
    this.#hits += Math.min(MAX_ECHOES, words.length);
    this.#expected += usualHits(size);
  }

  write(writer: StateWriter): void {
    writer.double(this.#hits).double(this.#expected);
  }

  static read(reader: StateReader): EchoRate {
    const rate = new EchoRate();
    rate.#hits = reader.double();
    rate.#expected = reader.double();
    return rate;
  }
}

function usualHits(size: number): number {
  return USUAL * shareOfFullText(size);
}

/** What a text of `size` tokens may hold of the goal's words, 1 for a full text. */
export function shareOfFullText(size: number): number {
  return Math.min(1, size / USUAL_SIZE) ** GROWTH;
}
