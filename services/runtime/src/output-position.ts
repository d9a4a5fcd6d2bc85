// Which record an output answers, and how its value is written.

import type { Assignment, LogRecord } from './contract.js';
import type { RoleContext, TopicWriter } from './role.js';

/** The record that completed the evidence (for a timer: the one that moved the watermark), and how to write. */
export interface OutputPosition {
  readonly topic: string;
  readonly partition: number;
  /** Partitions of `topic`. */
  readonly partitions: number;
  /** -1 where nothing has been read since the partition was given. */
  readonly offset: number;
  /** LogAppendTime of that record; once idleness was acted on since, the time of that. */
  readonly timestampMs: number;
  readonly nowMicros: number;
  /** Partitions of the topic written to; 0 where the role writes none. */
  readonly outputPartitions: number;
  /** A value in the wire format of the role's `writes` schema. */
  encode(record: unknown): Buffer;
}

/** Makes the positions of one partition's records. */
export function outputPositions(
  context: RoleContext,
  assignment: Assignment,
  writes: TopicWriter | undefined,
  outputPartitions: number,
): (record: Pick<LogRecord, 'offset' | 'timestampMs'> | undefined) => OutputPosition {
  const { topic, partition, partitions } = assignment;
  const encode = (value: unknown): Buffer => {
    if (!writes) throw new TypeError(`${context.role} writes a record, but declares no topic to write to`);
    return context.encode(writes.schema, value);
  };
  return (record) => ({
    topic,
    partition,
    partitions,
    offset: record?.offset ?? -1,
    timestampMs: record?.timestampMs ?? 0,
    nowMicros: context.clock.nowMicros(),
    outputPartitions,
    encode,
  });
}
