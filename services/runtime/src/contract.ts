// The runtime's ports: what a log is, what a role is, what a worker of one partition may do. No code, only shapes.

import type { View } from '@watchkeeper/schemas';
import type { ZodType } from 'zod';

/** A record as the log holds it. Offsets are numbers: 2^53 of them take 285 years at a million a second. */
export interface LogRecord {
  readonly offset: number;
  /** LogAppendTime, milliseconds since 1970. */
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

/** What one fetch brought of one partition, in offset order. */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** The offset to go on from: beyond the last record and any transaction markers after it. */
  readonly nextOffset: number;
  /** The log's end as of this fetch. */
  readonly highWatermark: number;
}

/** What a group has committed for a partition. */
export interface Commit {
  readonly offset: number;
  readonly metadata: string;
}

/** A partition that this member has just been given. */
export interface Assignment {
  readonly topic: string;
  readonly partition: number;
  /** Partitions of `topic`. */
  readonly partitions: number;
  readonly committed: Commit | undefined;
}

/** What a worker may do with its partition while it is its own. Every method throws WK_FENCED once it is not. */
export interface Lease {
  /** Commits `nextOffset` (the first one not yet done) with `metadata` (at most 4,096 bytes) and waits for the group's answer. */
  commit(nextOffset: number, metadata?: string): Promise<void>;
  heartbeat(): Promise<void>;
  /** Time since the group last confirmed this member. A process that was stopped for longer than the session timeout must not write. */
  msSinceHeartbeat(): number;
  readonly sessionTimeoutMs: number;
  /** Aborted when the role stops: finish or give up what is at hand. */
  readonly signal: AbortSignal;
}

/** `done`: go on from the batch's nextOffset. `again`: deliver the same batch after a pause (a backend is away). */
export type BatchOutcome = { kind: 'done' } | { kind: 'again'; afterMs: number };

/** Works one partition of one topic; calls never overlap. A throw stops the role: nothing past the failure is committed. */
export interface PartitionWorker {
  onBatch(batch: Batch, lease: Lease): Promise<BatchOutcome>;
  /** The log's end is reached and nothing has come for the lane's idleMs; called again only after further records. */
  onIdle?(): Promise<void>;
  /** The partition is given up, or the role stops. */
  close(): Promise<void>;
}

/** A record to append. `partition` where it is not the key's. */
export interface OutgoingRecord {
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
}

/** Appends records, acknowledged by all in-sync replicas when the promise resolves. Topic names are without prefix. */
export interface LogProducer {
  send(topic: string, records: readonly OutgoingRecord[]): Promise<void>;
  partitionsOf(topic: string): Promise<number>;
}

/** How a lane fetches. A fetch waits up to maxWaitMs for minBytes. */
export interface FetchSettings {
  readonly minBytes: number;
  readonly maxWaitMs: number;
  readonly maxBytesPerPartition: number;
  readonly partitionsAtOnce: number;
  readonly idleMs: number;
}

/** One consumer group of a role: topics that are fetched alike. Most roles have one, landing has one per linger. */
export interface Lane {
  /** Appended to the role's name to make the group id; '' for a role's only lane. */
  readonly name: string;
  readonly topics: readonly string[];
  readonly fetch: Partial<FetchSettings>;
  open(assignment: Assignment): Promise<PartitionWorker>;
}

/** Milliseconds and microseconds since 1970; the only clock of the house. */
export interface Clock {
  nowMs(): number;
  nowMicros(): number;
}

/** Decodes a topic's values by a view; ids come from the registry or the catalogue. */
export interface TopicReader<T> {
  readonly topic: string;
  readonly view: View<T>;
}
export type SettingsOf<S> = ZodType<S>;
