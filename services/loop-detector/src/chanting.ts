// Chanting: a text that says the same words over and over.

import { mix32, tokenHashes } from '@watchkeeper/schemas';

const MAX_CHARS = 2_048;
const LAST_WORDS = 200;
const LEAST_WORDS = 60;
const RUN = 4;

/**
 * The share of distinct 4-word runs among the text's last 200 words (numbers masked): 1 says everything once. undefined for fewer than
 * 60 words, which say too little to judge.
 */
export function distinctShare(text: string): number | undefined {
  if (wordsAtMost(text, LEAST_WORDS) < LEAST_WORDS) return undefined;
  const tail = text.length > MAX_CHARS ? text.slice(-MAX_CHARS) : text;
  const words = tokenHashes(tail, 2, MAX_CHARS);
  if (words.length < LEAST_WORDS) return undefined;
  const runs = new Set<number>();
  const first = Math.max(0, words.length - LAST_WORDS);
  let count = 0;
  for (let i = first; i + RUN <= words.length; i++) {
    let run = 0;
    for (let k = 0; k < RUN; k++) run = Math.imul(run, 31) + (words[i + k] ?? 0);
    runs.add(mix32(run));
    count++;
  }
  return runs.size / count;
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
