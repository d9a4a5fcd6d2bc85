// Thresholds of the loop detector and where they come from: tuned once on labelled traces, frozen here.

import type { Sensitivity } from '@watchkeeper/schemas';

/** What may be set from outside; everything else is a constant of its signal's file. */
export interface LoopOptions {
  /** Visits to the same step that make a repetition. */
  readonly turns: number;
  /** The same where every visit failed: three failed tries may be a retry, the fourth is a loop. */
  readonly failedTurns: number;
  /** A result with at most this share of new word pairs brings nothing new. */
  readonly staleNovelty: number;
  /** From this share on, changed arguments show up as changed results: a batch over items, not a loop. */
  readonly maxResponsiveness: number;
  /** Leaky sum of repeated instructions from which an agent asks for the same thing again and again. */
  readonly instructionThreshold: number;
  /** Share of distinct 4-word runs below which a text chants. */
  readonly chantShare: number;
  /** What is left of the instruction sum when a plan is written again; 1 ignores plans. */
  readonly replanKeeps: number;
}

export const defaultLoopOptions: LoopOptions = {
  turns: 3,
  failedTurns: 4,
  staleNovelty: 0.2,
  maxResponsiveness: 0.3,
  instructionThreshold: 1.4,
  chantShare: 0.35,
  replanKeeps: 0.2,
};

/** The options of each step of sensitivity; what they are set to is medium. One visit and a fifth of the other thresholds more or less. */
export function optionsBySensitivity(medium: LoopOptions): Readonly<Record<Sensitivity, LoopOptions>> {
  const low = {
    ...medium,
    turns: medium.turns + 1,
    failedTurns: medium.failedTurns + 1,
    instructionThreshold: medium.instructionThreshold * 1.2,
    chantShare: medium.chantShare * 0.8,
  };
  const high = {
    ...medium,
    turns: Math.max(2, medium.turns - 1),
    failedTurns: Math.max(2, medium.failedTurns - 1),
    instructionThreshold: medium.instructionThreshold * 0.8,
    chantShare: Math.min(1, medium.chantShare * 1.2),
  };
  return { low, medium, high };
}
