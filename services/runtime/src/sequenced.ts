// sequenced: a detector that sees each event of its key once and in order.

import type { Detector } from '@watchkeeper/schemas';

export interface SequencedOptions<Input> {
  readonly seqOf: (input: Input) => number;
  /** Event time in microseconds, clamped to the log. */
  readonly timeOf: (input: Input) => number;
  /** seqs that follow each other by at most this are in order (trace replays leave one out); default 2. */
  readonly maxStep?: number;
  /** Events held back at most; default 16. */
  readonly maxHeld?: number;
  /** How long (event time) an event is held back at most; default 2,000. */
  readonly maxHoldMs?: number;
  /** Default: JSON. */
  readonly inputCodec?: { encode(input: Input): Buffer; decode(bytes: Buffer): Input };
}

/** State of a sequenced detector; opaque, but for `inner`. */
export interface SequencedState<State, Input> {
  readonly inner: State;
  readonly held: readonly Input[];
}

/** Drops repeats by seq, puts events back in order, then lets `detector` judge. */
export function sequenced<State, Input, Output>(
  detector: Detector<State, Input, Output>,
  options: SequencedOptions<Input>,
): Detector<SequencedState<State, Input>, Input, Output> {
  throw new Error(`not yet: ${detector.id} ${typeof options}`);
}
