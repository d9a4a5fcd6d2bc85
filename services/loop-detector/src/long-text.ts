// The words of what an agent says at length: hashed once, for all signals that live on free text.

import { HashList, tokenHashPairs } from '@watchkeeper/schemas';
import type { WordList } from './word-sets.js';

/** Two hundred words, about. */
const MAX_CHARS = 1_400;
/** Fewer words are too few for any of these signals. */
const LEAST_WORDS = 40;
/** From here on counting words first saves nothing: few texts are so long in so few. */
const LONG_CHARS = 600;

const headWords = new HashList();
const tailWords = new HashList();

/** A text's first and its last 1,400 characters as hashes of their words, numbers masked; valid until the next call. */
export interface LongText {
  readonly head: WordList;
  readonly tail: WordList;
}

/** undefined where the text has fewer than 40 words. `needsHead`: without it, the head of a longer text is its tail. */
export function longText(text: string, needsHead: boolean): LongText | undefined {
  if (text.length < LONG_CHARS && wordsAtMost(text, LEAST_WORDS) < LEAST_WORDS) return undefined;
  const whole = text.length <= MAX_CHARS;
  tokenHashPairs(whole ? text : text.slice(-MAX_CHARS), undefined, tailWords.clear());
  if (whole || !needsHead) return { head: tailWords, tail: tailWords };
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
