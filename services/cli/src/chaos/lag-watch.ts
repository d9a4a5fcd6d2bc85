// How far the groups are behind while faults come and go, and how long after a fault they are back to where they were.

import { sleep, type LogAdmin } from '@watchkeeper/runtime';
import { CONSUMERS, lagOf } from '../demo/drain.js';

const LOOK_MS = 1_000;
/** Above the highest lag of the quiet time by so much, a group is still where it was. */
const MARGIN = 1.25;

interface Waiting {
  readonly sinceMs: number;
  resolve(seconds: number): void;
}

export interface LagWatch {
  /** The quiet time is over: what was seen is what to come back to. */
  settle(): void;
  /** Seconds from `sinceMs` (performance.now()) until all groups together are no further behind than in the quiet time. */
  recoveredSince(sinceMs: number): Promise<number>;
  /** All has passed: whoever still waits waited until now. */
  finish(): Promise<void>;
}

/** Looks once a second. */
export function watchLag(admin: LogAdmin, leastBound: number): LagWatch {
  const over = new AbortController();
  const waiting = new Set<Waiting>();
  /** Until it is frozen, the bound grows with what is seen. */
  const quiet = { bound: leastBound, isOver: false };

  const loop = (async (): Promise<void> => {
    while (!over.signal.aborted) {
      const lookedMs = performance.now();
      const lag = await Promise.all(CONSUMERS.map(({ group, topics }) => lagOf(admin, group, topics))).then(
        (lags) => lags.reduce((sum, one) => sum + one, 0),
        () => Infinity,
      );
      if (!quiet.isOver && lag !== Infinity) quiet.bound = Math.max(quiet.bound, lag * MARGIN);
      else if (lag <= quiet.bound) wake(({ sinceMs }) => sinceMs < lookedMs);
      await sleep(LOOK_MS, over.signal);
    }
  })();

  function wake(which: (one: Waiting) => boolean): void {
    for (const one of waiting) {
      if (!which(one)) continue;
      waiting.delete(one);
      one.resolve((performance.now() - one.sinceMs) / 1_000);
    }
  }

  return {
    settle: () => {
      quiet.isOver = true;
    },
    recoveredSince: (sinceMs) => new Promise((resolve) => waiting.add({ sinceMs, resolve })),
    async finish() {
      over.abort();
      await loop;
      wake(() => true);
    },
  };
}
