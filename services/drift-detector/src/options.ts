// What can be set, and where it stands when nobody sets it.

import type { Sensitivity } from '@watchkeeper/schemas';
import { slideConstants } from './signals/slide-constants.js';
import { noWordVectors, type WordVectors } from './text/word-vectors.js';
import type { HijackCandidate } from './signals/hijack.js';
import type { DriftView } from './view.js';

export interface DriftOptions {
  /** A hijack fires at this fused probability. */
  readonly hijackThreshold: number;
  /** A departure or slide of subject fires where the cumulative sum reaches this. */
  readonly departureThreshold: number;
  /** A slide of preference fires where its sum of regret reaches this. */
  readonly slideThreshold: number;
  /** How near words are in meaning: a goal may call a figure by another word than its table does. */
  readonly words: WordVectors;
  /** Hears how each call could be read as a hijack: for fitting the weights. */
  readonly onCandidates?: (event: DriftView, candidates: readonly HijackCandidate[]) => void;
}

export const defaultDriftOptions: DriftOptions = {
  hijackThreshold: 0.5,
  departureThreshold: 2.8,
  slideThreshold: slideConstants.sum,
  words: noWordVectors,
};

/** The options of each step of sensitivity; what they are set to is medium. What the steps cost stands in docs/detectors.md. */
export function optionsBySensitivity(medium: DriftOptions): Readonly<Record<Sensitivity, DriftOptions>> {
  const { hijackThreshold, departureThreshold, slideThreshold } = medium;
  const low = {
    ...medium,
    hijackThreshold: 1 - (1 - hijackThreshold) * 0.7,
    departureThreshold: departureThreshold * 1.2,
    slideThreshold: slideThreshold * 1.2,
  };
  const high = {
    ...medium,
    hijackThreshold: hijackThreshold * 0.7,
    departureThreshold: departureThreshold * 0.85,
    slideThreshold: slideThreshold * 0.85,
  };
  return { low, medium, high };
}
