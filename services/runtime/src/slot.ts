// What an engine holds of one key.

import type { Linked } from './recency-list.js';

export interface Slot<State> extends Linked<Slot<State>> {
  readonly key: string;
  readonly state: State;
  /** Latest event time of the key. */
  lastMicros: number;
  /**
   * Idleness counts from here: from lastMicros, or from the watermark as of the last input where that was ahead. History that comes behind a live
   * fleet (a replay, a backfill) would else be closed after each of its events.
   */
  idleFromMicros: number;
  /** Offset of its last input: the order of idleness, also after a restore. */
  lastOffset: number;
  /** The timer that holds; others of this slot are stale. */
  timerMicros: number;
  open: boolean;
  /** Changed since the last takeChanges. */
  dirty: boolean;
  /** A store holds a state of this key. */
  stored: boolean;
}

/** A key as it begins, or comes back: without a timer. */
export function newSlot<State>(key: string, state: State, lastMicros: number, lastOffset: number): Slot<State> {
  return {
    key,
    state,
    lastMicros,
    idleFromMicros: lastMicros,
    lastOffset,
    timerMicros: Infinity,
    open: true,
    dirty: false,
    stored: false,
    newer: undefined,
    older: undefined,
  };
}

/** The idlest first. */
export function byRecency<State>(a: Slot<State>, b: Slot<State>): number {
  return a.lastOffset - b.lastOffset;
}
