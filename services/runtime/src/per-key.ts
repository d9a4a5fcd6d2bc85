// perKey: a detector over keyed state, one engine per partition.

import { CheckpointPace } from './checkpoint-pace.js';
import type { FetchSettings } from './contract.js';
import { keyedWorker, type Kept } from './keyed-worker.js';
import type { PerKeyOptions } from './per-key-options.js';
import type { Processor } from './role.js';
import { StateMemory } from './state-memory.js';

// A fetch's partitions are judged one after the other (one thread), but their commits travel together.
const FETCH: Partial<FetchSettings> = { partitionsAtOnce: 16 };

/** A role that judges keys: decode by view, keyed state, timers, expiry, outputs acknowledged, then the commit. */
export function perKey<V, State, Input, Output>(options: PerKeyOptions<V, State, Input, Output>): Processor<V> {
  return {
    lanes(context, topics) {
      const kept: Kept<State, Input, Output> = new Map();
      const pace = new CheckpointPace({ intervalMs: context.settings.CHECKPOINT_MS });
      const { STATE_MEMORY_MB, STATE_CACHE_DIR } = context.settings;
      const memory = new StateMemory({ bytes: STATE_MEMORY_MB * 1024 * 1024, dir: STATE_CACHE_DIR });
      const views = new Map(topics.reads.map((reader) => [reader.topic, reader.view]));
      const lane = {
        name: '',
        topics: [...views.keys()],
        fetch: { ...FETCH, ...options.fetch },
        open: keyedWorker({ options, context, views, writes: topics.writes, kept, pace, memory }),
      };
      return Promise.resolve([lane]);
    },
  };
}
