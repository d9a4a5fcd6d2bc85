// Thresholds of the loop detector and where they come from: tuned once on labelled traces, frozen here.

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
