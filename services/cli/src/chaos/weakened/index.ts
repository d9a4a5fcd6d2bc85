// Which safeguards a run can take away, one at a time, to show that it would see the damage.

import { randomUUID } from 'node:crypto';

/** What a weakened run does otherwise. */
export interface Weakening {
  readonly env?: Readonly<Record<string, string>>;
  /** Of every role process. */
  readonly nodeOptions?: readonly string[];
  /** Of requests to ClickHouse. */
  readonly rewriteUrl?: (url: string) => string;
}

const preload = (file: string): Weakening => ({
  nodeOptions: [`--import=${new URL(file, import.meta.url).href.replace('/src/chaos/', '/dist/chaos/')}`],
});

export const WEAKENINGS: Readonly<Record<string, Weakening>> = {
  /** Detectors that begin empty after every restart. */
  state: { env: { STATE_STORE: 'memory' } },
  /** Blocks without a name by which the second copy is known. */
  token: {
    rewriteUrl: (url) =>
      url.replace(/insert_deduplication_token=[^&]*/, () => `insert_deduplication_token=${randomUUID()}`),
  },
  replay: preload('./landing-without-replay.js'),
  'commit-after-insert': preload('./landing-commits-first.js'),
};
