// perKey: a detector over keyed state, one engine per partition.

import type { Detector } from '@watchkeeper/schemas';
import type { FetchSettings, LogRecord, OutgoingRecord } from './contract.js';
import type { Processor } from './role.js';
import type { WatermarkPolicy } from './watermark.js';

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

/** The record that completed the evidence (for a timer: the one that moved the watermark), and how to write. */
export interface OutputPosition {
  readonly topic: string;
  readonly partition: number;
  /** Partitions of `topic`. */
  readonly partitions: number;
  readonly offset: number;
  /** LogAppendTime of that record. */
  readonly timestampMs: number;
  readonly nowMicros: number;
  /** Partitions of the topic written to; 0 where the role writes none. */
  readonly outputPartitions: number;
  /** A value in the wire format of the role's `writes` schema. */
  encode(record: unknown): Buffer;
}

/** How inputs meet a detector; an engine needs no more, so evaluation uses the same. */
export interface EngineOptions<State, Input, Output> {
  /** Maybe wrapped in {@link sequenced}. */
  readonly detector: Detector<State, Input, Output>;
  readonly watermark: WatermarkPolicy<Input>;
  /** Event time of an input in microseconds, clamped to the log. */
  readonly timeOf: (input: Input) => number;
  /** A key that was silent for so long (event time) is closed. */
  readonly idleMs: number;
  /** Keys held per partition; beyond, the idlest is closed. */
  readonly maxKeys: number;
  /** True of an input that moves the watermark alone and belongs to no key (a mark). */
  readonly isMark?: (input: Input) => boolean;
  /** True of an input after which its key is closed (the session has ended). */
  readonly endsKey?: (input: Input) => boolean;
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

/** A role that judges keys: decode by view, keyed state, timers, expiry, outputs acknowledged, then the commit. */
export function perKey<V, State, Input, Output>(options: PerKeyOptions<V, State, Input, Output>): Processor<V> {
  throw new Error(`not yet: ${options.detector.id}`);
}
