// What can be set, and where it stands when nobody sets it.

import { noWordVectors, type WordVectors } from './text/word-vectors.js';
import type { HijackCandidate } from './signals/hijack.js';
import type { DriftView } from './view.js';

export interface DriftOptions {
  /** A hijack fires at this fused probability. */
  readonly hijackThreshold: number;
  /** A departure or slide of subject fires where the cumulative sum reaches this. */
  readonly departureThreshold: number;
  /** How near words are in meaning: a goal may call a figure by another word than its table does. */
  readonly words: WordVectors;
  /** Hears how each call could be read as a hijack: for fitting the weights. */
  readonly onCandidates?: (event: DriftView, candidates: readonly HijackCandidate[]) => void;
}

export const defaultDriftOptions: DriftOptions = {
  hijackThreshold: 0.5,
  departureThreshold: 2.8,
  words: noWordVectors,
};
