// What a metric's model must be able to say, whatever it measures: levels of a logarithm, or shares.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { Block } from './ring.js';
import type { Tally } from './tally.js';

/** What one slot (a window, or some folded together) brings to a metric. */
export interface Sample {
  readonly startMicros: number;
  readonly endMicros: number;
  /** Sessions that it comes from: calls of one session are alike, so these are what carries weight. Below 1 for more of the same session. */
  readonly sessions: number;
  /** Values by log-bucket, for levels; for shares the bucket 1 counts the failures and 0 the rest. */
  readonly tally: Tally;
}

/** How a run of blocks compares with what is usual. */
export interface Verdict {
  /** Standard deviations above the usual; below 0 where it lies under it. */
  readonly z: number;
  /** Times the usual. */
  readonly ratio: number;
}

/** A running model of one metric. Invariant: `judge` never changes it; only `learn` does. */
export interface Model {
  /** The sample as a block, as seen by what is usual now. */
  blockOf(sample: Sample): Block;
  judge(run: Block): Verdict;
  /** Enough of it and large enough to be reported, were z high. Cheap: it is asked of every run that ends now. */
  matters(run: Block): boolean;
  /** Takes a block for usual. */
  learn(block: Block): void;
  /** Enough has been learnt to judge. */
  readonly ready: boolean;
  /** The level has been at `run` for so long that it is the usual one now. */
  adopt(run: Block): void;
  /** The usual value at a time of day, in the metric's unit. */
  usualAt(micros: number): number;
  /** Standard deviation of a single call (in logs), or of the share. */
  readonly scale: number;
  encode(writer: StateWriter): void;
  decode(reader: StateReader): void;
}
