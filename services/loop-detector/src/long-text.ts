// The words of what an agent says at length: hashed once, for all signals that live on free text.

import { HashList, tokenHashPairs } from '@watchkeeper/schemas';
import { CHANT_WORDS } from './chanting.js';
import { PLAN_WORDS } from './plans.js';
import type { WordList } from './word-sets.js';

/** Two hundred words, about. */
const MAX_CHARS = 1_400;
/** From so many characters per word on, counting words first saves nothing: few texts are so long in so few. */
const LONG_WORD_CHARS = 7;

const headWords = new HashList();
const tailWords = new HashList();

/** A text's first and its last 1,400 characters as hashes of their words, numbers masked; valid until the next call. */
export interface LongText {
  readonly head: WordList;
  readonly tail: WordList;
}

/** undefined where the text has too few words to chant and, if it `isPlan`, for a plan. Of a longer text that is none the head is its tail. */
export function longText(text: string, isPlan: boolean): LongText | undefined {
  const least = isPlan ? Math.min(PLAN_WORDS, CHANT_WORDS) : CHANT_WORDS;
  if (text.length < least * LONG_WORD_CHARS && wordsAtMost(text, least) < least) return undefined;
  const whole = text.length <= MAX_CHARS;
  tokenHashPairs(whole ? text : text.slice(-MAX_CHARS), undefined, tailWords.clear());
  if (whole || !isPlan) return { head: tailWords, tail: tailWords };
  tokenHashPairs(text, undefined, headWords.clear(), MAX_CHARS);
  return { head: headWords, tail: tailWords };
}

/**
 * An upper bound of the words in a text, counted no further than `enough`: starts of ASCII words, and every other character (scripts
 * without spaces have a word per pair). A tenth of the cost of tokens, and most texts are too short to judge.
 */
export function wordsAtMost(text: string, enough: number): number {
  let count = 0;
  let inWord = false;
  for (let i = 0; i < text.length && count < enough; i++) {
    const unit = text.charCodeAt(i);
    const letter = (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57);
    if (unit > 127 || (letter && !inWord)) count++;
    inWord = letter;
  }
  return count;
}
