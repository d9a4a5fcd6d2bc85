// Which of the goal's words that kept coming up has the session stopped using? What is left of a goal may be its generic words alone.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { shareOfFullText, type Echo } from './goal-echo.js';

const MAX_WORDS = 24;
/** A word that came up so often keeps coming up; … */
const LEAST_TIMES = 2;
/** … how often is taken from all texts up to then and this many more without it. */
const PRIOR_TEXTS = 5;
/** A word's silence counts beyond this, and that of all of them beyond the other: some word is always silent for a while (nats). */
const USUAL_SILENCE = 0.7;
const USUAL_SILENCES = 0.5;
/** Texts are counted in hundredths of a full one, so that a state read again is the same. */
const FULL = 100;

/** A word of the goal that came up; its texts are counted up to the last one that held it, and since then by how much they tell. */
interface Heard {
  readonly word: number;
  times: number;
  texts: number;
  silent: number;
}

/**
 * Fisher's combination over words: each recurs as a Poisson process at a rate that its own past tells (Gamma posterior), so that the chance
 * of a silence this long is (1 + silent / texts)^-times, and minus its logarithm the surprise; the surprises add up over words. Words that
 * the new subject shares go on and add nothing, where a count of all words takes them for the goal.
 */
export class GoalSilence {
  /** Nats. */
  nats = 0;
  /** How many words have fallen silent. */
  words = 0;
  #texts = 0;
  #heard: Heard[] = [];

  /** Takes the next text; `tells` is how much it tells that it lacks a word, 0 to 1. */
  take({ size, words }: Echo, tells: number): void {
    const share = shareOfFullText(size) * FULL;
    this.#texts += Math.round(share);
    for (const heard of this.#heard) heard.silent += Math.round(share * tells);
    for (const word of words) {
      const heard = this.#heardOf(word);
      if (heard) {
        heard.times++;
        heard.texts = this.#texts;
        heard.silent = 0;
      } else if (this.#heard.length < MAX_WORDS) this.#heard.push({ word, times: 1, texts: this.#texts, silent: 0 });
    }
    this.#sumUp();
  }

  #heardOf(word: number): Heard | undefined {
    for (const heard of this.#heard) if (heard.word === word) return heard;
    return undefined;
  }

  #sumUp(): void {
    let sum = 0;
    this.words = 0;
    for (const { times, texts, silent } of this.#heard) {
      if (times < LEAST_TIMES || silent === 0) continue;
      const surprise = times * Math.log1p(silent / (PRIOR_TEXTS * FULL + texts));
      if (surprise <= USUAL_SILENCE) continue;
      sum += surprise - USUAL_SILENCE;
      this.words++;
    }
    this.nats = Math.max(0, sum - USUAL_SILENCES);
  }

  write(writer: StateWriter): void {
    writer.int(this.#texts).list(this.#heard, ({ word, times, texts, silent }) => {
      writer.uint32(word).int(times).int(texts).int(silent);
    });
  }

  static read(reader: StateReader): GoalSilence {
    const silence = new GoalSilence();
    silence.#texts = reader.int();
    silence.#heard = reader.list(() => ({
      word: reader.uint32() | 0,
      times: reader.int(),
      texts: reader.int(),
      silent: reader.int(),
    }));
    silence.#sumUp();
    return silence;
  }
}
