// How alike two calls' arguments are: sketches first, then Levenshtein where the sketches leave it open.

import { distance } from 'fastest-levenshtein';
import { ARGUMENTS, overlap, type WordSets } from './word-sets.js';

/** Similarity from which two calls are near. */
export const NEAR_OVERLAP = 0.5;
/** Below it no typo explains the difference, and the edit distance is not worth its microsecond. */
const OPEN_OVERLAP = 0.15;
/** Edit similarity from which it counts: two words of ten letters differ by a typo, not by their meaning. */
export const NEAR_EDIT = 0.85;

/** What two calls are compared by: word sets, and the head of the argument values ('' where content is absent). */
export interface Comparable {
  readonly sets: WordSets;
  readonly text: string;
}

/**
 * 0 to 1; {@link NEAR_OVERLAP} and more is near. Few words make the overlap coarse ("cheap flight to Paris" against "cheap flights
 * Paris" is .4): there the edit similarity decides.
 */
export function argumentSimilarity(a: Comparable, b: Comparable): number {
  const shared = overlap(a.sets, b.sets, ARGUMENTS);
  if (shared >= NEAR_EDIT || shared < OPEN_OVERLAP) return shared;
  const edit = editSimilarity(a.text, b.text, NEAR_EDIT);
  return edit >= NEAR_EDIT ? edit : shared;
}

/** 1 − distance / longer length, or 0 where the lengths alone put it below `least`; 0 where a text is empty. */
export function editSimilarity(a: string, b: string, least: number): number {
  const longer = Math.max(a.length, b.length);
  const shorter = Math.min(a.length, b.length);
  if (shorter === 0 || shorter < least * longer) return 0;
  return 1 - distance(a, b) / longer;
}
