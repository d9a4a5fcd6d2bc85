// How a lane fetches where it does not say.

import type { FetchSettings } from './contract.js';

const DEFAULTS: FetchSettings = {
  // At a few thousand events a second a fetch then brings a batch every 50 ms instead of a handful at once: the broker and the
  // client pay per fetch. What is slower waits for maxWaitMs.
  minBytes: 128 * 1024,
  maxWaitMs: 100,
  // What comes of a batch is sent, with its marks, to all partitions at once: a batch of 3,500 events makes that worth the request.
  maxBytesPerPartition: 2 * 1024 * 1024,
  partitionsAtOnce: 3,
  idleMs: 5_000,
};

export function fetchSettings(own: Partial<FetchSettings>): FetchSettings {
  return { ...DEFAULTS, ...own };
}
