// perKey: a detector over keyed state, one engine per partition.

import type { FetchSettings } from './contract.js';
import type { KeyedEngine } from './keyed-engine.js';
import { keyedWorker, type Kept } from './keyed-worker.js';
import type { PerKeyOptions } from './per-key-options.js';
import type { Processor } from './role.js';

// A fetch's partitions are judged one after the other (one thread), but their commits travel together.
const FETCH: Partial<FetchSettings> = { partitionsAtOnce: 16 };

/** A role that judges keys: decode by view, keyed state, timers, expiry, outputs acknowledged, then the commit. */
export function perKey<V, State, Input, Output>(options: PerKeyOptions<V, State, Input, Output>): Processor<V> {
  return {
    lanes(context, topics) {
      const kept: Kept<KeyedEngine<State, Input, Output>> = new Map();
      const views = new Map(topics.reads.map((reader) => [reader.topic, reader.view]));
      const lane = {
        name: '',
        topics: [...views.keys()],
        fetch: { ...FETCH, ...options.fetch },
        open: keyedWorker({ options, context, views, writes: topics.writes, kept }),
      };
      return Promise.resolve([lane]);
    },
  };
}
