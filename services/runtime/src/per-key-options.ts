// What a perKey role says of itself.

import type { FetchSettings, LogRecord, OutgoingRecord } from './contract.js';
import type { EngineOptions } from './keyed-engine.js';
import type { OutputPosition } from './output-position.js';

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
