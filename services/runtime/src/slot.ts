// What an engine holds of one key, and how it is written.

import { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { Linked } from './recency-list.js';

export interface Slot<State> extends Linked<Slot<State>> {
  readonly key: string;
  /** Undefined while it waits in the cache on disk. */
  state: State | undefined;
  /** Latest event time of the key. */
  lastMicros: number;
  /**
   * Idleness counts from here: from lastMicros, or from the watermark as of the last input where that was ahead. History that comes behind a live
   * fleet (a replay, a backfill) would else be closed after each of its events.
   */
  idleFromMicros: number;
  /** Offset of its last input: the order of idleness, also after a restore. */
  lastOffset: number;
  /** When the detector is due, as of when the state was written last; Infinity where it is not. Holds while the state is on disk. */
  dueMicros: number;
  /** The timer that holds; others of this slot are stale. */
  timerMicros: number;
  /** Length as written last; before that, a guess. */
  bytes: number;
  /** Where it lies on disk. */
  coldAt: number;
  open: boolean;
  /** Changed since the last takeChanges. */
  dirty: boolean;
  /** A store holds a state of this key. */
  stored: boolean;
}

/** A key as it begins: without a timer. */
export function newSlot<State>(key: string, state: State | undefined, bytes: number): Slot<State> {
  return {
    key,
    state,
    lastMicros: -Infinity,
    idleFromMicros: -Infinity,
    lastOffset: 0,
    dueMicros: Infinity,
    timerMicros: Infinity,
    bytes,
    coldAt: -1,
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

type Times = Pick<Slot<unknown>, 'lastMicros' | 'idleFromMicros' | 'lastOffset' | 'dueMicros'>;

/** Version 2 says when the detector is due, so that a state can wait on disk without being decoded. */
export function encodeSlot(times: Times, state: Buffer): Buffer {
  return new StateWriter(2, 48 + state.length)
    .double(times.lastMicros)
    .double(times.idleFromMicros)
    .int(times.lastOffset)
    .double(times.dueMicros)
    .bytes(state)
    .done();
}

/** `dueMicros` undefined: version 1 did not say; the state must be asked. */
export interface WrittenSlot extends Omit<Times, 'dueMicros'> {
  readonly dueMicros: number | undefined;
  readonly readState: () => Buffer;
}

export function decodeSlot(bytes: Buffer): WrittenSlot {
  const reader = new StateReader(bytes, [1, 2]);
  return {
    lastMicros: reader.double(),
    idleFromMicros: reader.double(),
    lastOffset: reader.int(),
    dueMicros: reader.version === 1 ? undefined : reader.double(),
    readState: () => reader.bytes(),
  };
}
