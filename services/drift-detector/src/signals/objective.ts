// What a goal wants of the figures of its options: which figure counts, and whether little or much of it.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { closedClasses } from '../text/closed-class.js';
import { isLetter } from '../text/figures.js';
import { lowerHash, stemEnd } from '../text/hashing.js';
import type { WeighedWord, WordVectors } from '../text/word-vectors.js';
import { degreeOf } from './degree-words.js';

const MAX_WORDS = 24;
const MAX_SCENE = 96;
/** Of a text, this many words are read. */
const MAX_READ = 400;
/** A state is bounded: so many texts wait to be read, none of them longer than this. */
const MOST_UNREAD = 2;
const MOST_UNREAD_UNITS = 1_024;
/** A word counts this much less for every word between it and the word of degree, and at least so much. */
const FADING = 0.15;
const LEAST_WEIGHT = 0.3;
/** A word of the goal that no word of degree governs names a figure by itself alone. */
const OF_SCENE = 0.5;
const LINE_END = 10;
const CLAUSE_ENDS = new Set(Buffer.from('.,;:!?()\n'));

interface Wanted extends WeighedWord {
  readonly stem: number;
  readonly direction: -1 | 0 | 1;
}

/** How near a figure's label is to what the goal wants, 0 to 1, and which way it wants it to go (0 where it does not say). */
export interface Aim {
  readonly nearness: number;
  readonly direction: -1 | 0 | 1;
}

/** The words that a goal's words of degree govern, and the goal's other words. */
export class Objective {
  #wanted: Wanted[] = [];
  #scene: number[] = [];
  /** Added and not read yet: in most sessions nothing is chosen, and nobody asks. */
  #unread: string[] = [];

  /** Takes in a text of goal or user, beside what is wanted already. */
  add(text: string): void {
    if (this.#unread.push(text) > MOST_UNREAD || text.length > MOST_UNREAD_UNITS) this.#readAll();
  }

  #readAll(): void {
    if (this.#unread.length === 0) return;
    for (const text of this.#unread) this.#read(text);
    this.#unread = [];
  }

  #read(text: string): void {
    let read = 0;
    let words: Word[] = [];
    let start = 0;
    for (let at = 0; at <= text.length && read <= MAX_READ; at++) {
      const unit = at < text.length ? text.charCodeAt(at) : LINE_END;
      if (isLetter(unit)) continue;
      if (at - start >= 2) words.push(wordAt(text, start, at));
      start = at + 1;
      if (!CLAUSE_ENDS.has(unit)) continue;
      read += words.length;
      if (words.length > 0) this.#addClause(words);
      words = [];
    }
  }

  /** What is wanted of a figure: by a word that both share, or else by how near its label is to all that is to be less, or more. */
  aimAt(label: string, vectors: WordVectors): Aim {
    this.#readAll();
    const words = (label.match(/\p{L}{3,}/gu) ?? []).map((word) => wordAt(word, 0, word.length));
    let best: Aim = { nearness: 0, direction: 0 };
    for (const { stem, weight, direction } of this.#wanted)
      if (weight > best.nearness && words.some((own) => own.stem === stem)) best = { nearness: weight, direction };
    for (const direction of [-1, 1] as const) {
      const phrase = this.#wanted.filter((one) => one.direction === direction);
      const nearness = vectors.similarity(phrase, words);
      if (nearness > best.nearness) best = { nearness, direction };
    }
    if (this.#wanted.length > 0 || words.length === 0) return best;
    const named = words.filter(({ stem }) => this.#scene.includes(stem)).length;
    return { nearness: (OF_SCENE * named) / words.length, direction: 0 };
  }

  /** Which way all that is wanted should go; 0 where it says neither, or both. */
  get lean(): -1 | 0 | 1 {
    this.#readAll();
    const directions = new Set(this.#wanted.map(({ direction }) => direction));
    const [only = 0] = directions;
    return directions.size === 1 ? only : 0;
  }

  #addClause(words: readonly Word[]): void {
    const degrees = words.map(({ stem }) => degreeOf(stem));
    if (degrees.every((degree) => degree === 0)) {
      for (const { stem, isContent } of words) if (isContent) this.#setScene(stem);
      return;
    }
    words.forEach(({ stem, word, isContent }, at) => {
      if (!isContent || degrees[at] !== 0) return;
      let weight = 0;
      let direction: -1 | 0 | 1 = 0;
      degrees.forEach((degree, from) => {
        if (degree === 0) return;
        const between = words.slice(Math.min(at, from) + 1, Math.max(at, from)).filter((one) => one.isContent).length;
        const here = Math.max(LEAST_WEIGHT, 1 - FADING * (between + (from > at ? 1 : 0)));
        if (here > weight) [weight, direction] = [here, degree];
      });
      if (weight > 0) this.#want({ stem, word, weight, direction });
      else this.#setScene(stem);
    });
  }

  #setScene(stem: number): void {
    if (this.#scene.length < MAX_SCENE && !this.#scene.includes(stem)) this.#scene.push(stem);
  }

  #want(wanted: Wanted): void {
    const at = this.#wanted.findIndex(({ stem }) => stem === wanted.stem);
    const held = this.#wanted[at];
    if (held) {
      if (wanted.weight > held.weight) this.#wanted[at] = wanted;
    } else if (this.#wanted.length < MAX_WORDS) this.#wanted.push(wanted);
  }

  write(writer: StateWriter): void {
    this.#readAll();
    writer.list(this.#wanted, ({ stem, word, weight, direction }) =>
      writer.uint32(stem).uint32(word).double(weight).int(direction),
    );
    writer.list(this.#scene, (stem) => writer.uint32(stem));
  }

  static read(reader: StateReader): Objective {
    const objective = new Objective();
    objective.#wanted = reader.list(() => ({
      stem: reader.uint32(),
      word: reader.uint32(),
      weight: reader.double(),
      direction: Math.sign(reader.int()) as -1 | 0 | 1,
    }));
    objective.#scene = reader.list(() => reader.uint32());
    return objective;
  }
}

interface Word extends WeighedWord {
  readonly stem: number;
  readonly isContent: boolean;
}

function wordAt(text: string, start: number, end: number): Word {
  const word = lowerHash(text, start, end);
  const stem = lowerHash(text, start, stemEnd(text, start, end));
  return { stem, word, weight: 1, isContent: end - start > 2 && closedClasses(word) === 0 };
}
