// perKey: a detector over keyed state, one engine per partition.

import type { FetchSettings, LogRecord, OutgoingRecord } from './contract.js';
import type { KeyedEngine, EngineOptions } from './keyed-engine.js';
import { keyedWorker, type Kept } from './keyed-worker.js';
import type { OutputPosition } from './output-position.js';
import type { Processor } from './role.js';

/** Where an input comes from. */
export interface InputPosition {
  readonly topic: string;
  readonly partition: number;
  /** Partitions of `topic`. */
  readonly partitions: number;
  /** The partition's watermark before this record; -Infinity until something is known. */
  readonly watermarkMicros: number;
  /** Counts the record as left out (`return at.skip('late')`). */
  skip(reason: string): undefined;
}

export interface PerKeyOptions<V, State, Input, Output> extends EngineOptions<State, Input, Output> {
  /** undefined: nothing for this role (use `at.skip(reason)` where it should be counted). */
  readonly input: (view: V, record: LogRecord, at: InputPosition) => Input | undefined;
  readonly output: (out: Output, at: OutputPosition) => OutgoingRecord;
  /** After a batch that moved the watermark, and after the outputs it caused are acknowledged. */
  readonly onWatermark?: (watermarkMicros: number, at: OutputPosition) => readonly OutgoingRecord[];
  /** At the log's end, after fetch.idleMs of nothing: the watermark to move on to, if any. Outputs and onWatermark follow. */
  readonly onLogEnd?: (watermarkMicros: number, at: OutputPosition) => number | undefined;
  readonly fetch?: Partial<FetchSettings>;
}

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
