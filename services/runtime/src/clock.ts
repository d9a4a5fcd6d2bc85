// The only clock of the house, and one for tests.

import type { Clock } from './contract.js';

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  // Date.now has milliseconds; the monotonic part adds the digits below without ever disagreeing by more than one.
  nowMicros: () => Math.round((performance.timeOrigin + performance.now()) * 1000),
};

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  advanceMs(ms: number): void;
}

/** Starts at `startMs`. */
export function manualClock(startMs = 0): ManualClock {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    nowMicros: () => nowMs * 1000,
    advanceMs: (ms) => {
      nowMs += ms;
    },
  };
}
