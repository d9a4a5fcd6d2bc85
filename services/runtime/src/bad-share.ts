// The share of bad records at which a role stops: a bad deploy must not drain a topic into the dead letters.

import type { Clock } from './contract.js';
import { tooManyBad } from './errors.js';

const LEAST_RECORDS = 1_000;
const WINDOW_MS = 60_000;

export interface BadShareOptions {
  readonly service: string;
  readonly clock: Clock;
  readonly maxShare: number;
  readonly acceptBad: boolean;
}

interface Window {
  sinceMs: number;
  all: number;
  bad: number;
}

/**
 * Judges a partition's share of bad records once a window spans at least 1,000 records and 60 s, then begins the next one. So a
 * short burst passes, a slow topic waits until there is something to judge by, and yesterday's good records excuse nothing.
 */
export class BadShare {
  readonly #options: BadShareOptions;
  readonly #windows = new Map<string, Window>();

  constructor(options: BadShareOptions) {
    this.#options = options;
  }

  /** Throws WK_TOO_MANY_BAD where the share is too high. */
  note(topic: string, partition: number, all: number, bad: number): void {
    const { clock, maxShare, acceptBad, service } = this.#options;
    const nowMs = clock.nowMs();
    const key = `${topic}/${partition}`;
    const window = this.#windows.get(key) ?? { sinceMs: nowMs, all: 0, bad: 0 };
    this.#windows.set(key, window);
    window.all += all;
    window.bad += bad;
    if (window.all < LEAST_RECORDS || nowMs - window.sinceMs < WINDOW_MS) return;
    this.#windows.delete(key);
    if (!acceptBad && window.bad > maxShare * window.all)
      throw tooManyBad(service, topic, partition, window.bad, window.all, maxShare);
  }
}
