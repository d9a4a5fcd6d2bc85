// Chanting: a text that says the same words over and over.

import { mix32 } from '@watchkeeper/schemas';
import { DistinctHashes } from './distinct-hashes.js';
import type { WordList } from './word-sets.js';

/** Fewer words are too few to chant. */
export const CHANT_WORDS = 60;
const LAST_WORDS = 200;
const RUN = 4;
/** What the word that leaves a run has been multiplied by. */
const LEAVING_FACTOR = 31 ** RUN;

const distinctRuns = new DistinctHashes();

/**
 * The share of distinct 4-word runs among a text's last 200 words (numbers masked): 1 says everything once. undefined for fewer than
 * 60 words, which say too little to judge.
 */
export function distinctShare({ words, count }: WordList): number | undefined {
  if (count < CHANT_WORDS) return undefined;
  distinctRuns.clear();
  const first = Math.max(0, count - LAST_WORDS);
  let distinct = 0;
  let run = 0;
  for (let i = first; i < count; i++) {
    const leaves = i < first + RUN ? 0 : (words[i - RUN] ?? 0);
    run = (Math.imul(run, 31) + (words[i] ?? 0) - Math.imul(leaves, LEAVING_FACTOR)) | 0;
    if (i >= first + RUN - 1 && distinctRuns.add(mix32(run))) distinct++;
  }
  return distinct / (count - RUN + 1 - first);
}
