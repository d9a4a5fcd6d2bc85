// How a lane fetches where it does not say.

import type { FetchSettings } from './contract.js';

const DEFAULTS: FetchSettings = {
  minBytes: 1,
  maxWaitMs: 200,
  maxBytesPerPartition: 1024 * 1024,
  partitionsAtOnce: 3,
  idleMs: 5_000,
};

export function fetchSettings(own: Partial<FetchSettings>): FetchSettings {
  return { ...DEFAULTS, ...own };
}
