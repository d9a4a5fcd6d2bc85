// Chanting: a text that says the same words over and over.

import { mix32 } from '@watchkeeper/schemas';
import { DistinctHashes } from './distinct-hashes.js';
import type { WordList } from './word-sets.js';

const LAST_WORDS = 200;
const LEAST_WORDS = 60;
const RUN = 4;

const distinctRuns = new DistinctHashes();

/**
 * The share of distinct 4-word runs among a text's last 200 words (numbers masked): 1 says everything once. undefined for fewer than
 * 60 words, which say too little to judge.
 */
export function distinctShare({ words, count }: WordList): number | undefined {
  if (count < LEAST_WORDS) return undefined;
  distinctRuns.clear();
  const first = Math.max(0, count - LAST_WORDS);
  let distinct = 0;
  for (let i = first; i + RUN <= count; i++) {
    let run = 0;
    for (let k = 0; k < RUN; k++) run = Math.imul(run, 31) + (words[i + k] ?? 0);
    if (distinctRuns.add(mix32(run))) distinct++;
  }
  return distinct / (count - RUN + 1 - first);
}
