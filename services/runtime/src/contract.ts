// The runtime's ports: what a log is, what a role is, what a worker of one partition may do. No code, only shapes.

import type { View } from '@watchkeeper/schemas';

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

/** A partition that this member has just been given. Every new generation of the group closes and opens all workers. */
export interface Assignment {
  readonly topic: string;
  readonly partition: number;
  /** Partitions of `topic`. */
  readonly partitions: number;
  readonly committed: Commit | undefined;
  /** Names this life of `topic`: another after it was deleted and made anew. Undefined where the log cannot say. */
  readonly life?: string | undefined;
}

/** What a worker may do with its partition while it is its own. Every method throws WK_FENCED once it is not. */
export interface Lease {
  /** Commits `nextOffset` (the first one not yet done) with `metadata` (at most 4,096 bytes) and waits for the group's answer. */
  commit(nextOffset: number, metadata?: string): Promise<void>;
  heartbeat(): Promise<void>;
  /** Time since the group last confirmed this member. A process that was stopped for longer than the session timeout must not write. */
  msSinceHeartbeat(): number;
  readonly sessionTimeoutMs: number;
  /** Aborted when the role stops: finish what is at hand, or give it up by throwing the signal's reason. */
  readonly signal: AbortSignal;
}

/** `done`: go on from the batch's nextOffset. `again`: deliver from the same offset after a pause (a backend is away). */
export type BatchOutcome = { readonly kind: 'done' } | { readonly kind: 'again'; readonly afterMs: number };

/** Works one partition of one topic; calls never overlap. A throw stops the role: nothing past the failure is committed. */
export interface PartitionWorker {
  onBatch(batch: Batch, lease: Lease): Promise<BatchOutcome>;
  /** The log's end is reached and nothing has come for the lane's idleMs; called again after each further idleMs of nothing. */
  onIdle?(lease: Lease): Promise<void>;
  /** Called between batches a few times a second, and once more when the role stops, before it leaves the group. Quick where nothing is due. */
  onTick?(lease: Lease): Promise<void>;
  /** Where reading goes on, where the worker's state has taken in more than is committed. */
  readonly startOffset?: number | undefined;
  /** The partition is given up, or the role stops. Waits for what is at hand; commits nothing. */
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
  /** Throws {@link RecordsRefused} where the log will never take some of them, once all others are appended. */
  send(topic: string, records: readonly OutgoingRecord[]): Promise<void>;
  /** Partitions of a topic; throws WK_NO_TOPIC where there is none. */
  partitionsOf(topic: string): Promise<number>;
  close(): Promise<void>;
}

/** What a group has done of one partition. */
export interface GroupOffset {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
}

/** The holder of a transactional id. After any throw it is of no more use: what it did last may or may not have happened. */
export interface LogTransactor {
  /**
   * Appends all chunks of records to `topic` and commits the offset, all or nothing. Throws WK_FENCED where someone else has opened the id
   * since. Calls must not overlap.
   */
  transact(topic: string, chunks: Iterable<readonly OutgoingRecord[]>, done: GroupOffset): Promise<void>;
  /** Appends records to several topics, all or nothing. Throws as {@link transact}. */
  appendTo(appends: readonly { readonly topic: string; readonly records: readonly OutgoingRecord[] }[]): Promise<void>;
  /**
   * Undoes what an earlier holder of the id wrote to a partition and the log neither committed nor undid, so that no later transaction brings it to
   * light. Does nothing where there is none. Throws WK_TRANSACTION_OPEN where it is not this id's, and as {@link transact}.
   */
  settle(topic: string, partition: number): Promise<void>;
  close(): Promise<void>;
}

/** A topic to be: partitions and its own settings (all LogAppendTime). */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

/** First and next offset of one partition. */
export interface PartitionRange {
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
}

/** One thing that a user may do. Names are without prefix; of `transactions` the name is the beginning of transactional ids. */
export interface AclGrant {
  readonly user: string;
  readonly resource: 'topic' | 'group' | 'transactions';
  readonly name: string;
  readonly operation: 'read' | 'write' | 'describe';
}

/** Looks at the log and makes topics. Topic names and groups are without prefix. */
export interface LogAdmin {
  clusterId(): Promise<string>;
  /** Names a topic's life ({@link Assignment.life}). Throws WK_NO_TOPIC. */
  lifeOf(topic: string): Promise<string | undefined>;
  /** Name to number of partitions, of the topics under this prefix. */
  topics(): Promise<ReadonlyMap<string, number>>;
  /** Makes the topics that are not there yet; leaves others alone. */
  createTopics(topics: readonly TopicSpec[]): Promise<void>;
  /** A topic's settings as text; undefined where there is no such topic. */
  topicConfig(topic: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Adds partitions; never removes any. */
  growTopic(topic: string, partitions: number): Promise<void>;
  deleteTopics(topics: readonly string[]): Promise<void>;
  ranges(topic: string): Promise<readonly PartitionRange[]>;
  /** By partition: the first offset appended at or after `timestampMs`; the log's end where nothing was. */
  offsetsAt(topic: string, timestampMs: number): Promise<ReadonlyMap<number, number>>;
  /** By partition; partitions without a commit are absent. */
  committed(group: string, topic: string): Promise<ReadonlyMap<number, Commit>>;
  /** Allows what is not allowed yet, from every host; takes nothing away. */
  grant(grants: readonly AclGrant[]): Promise<void>;
  /** How many members a group has now; one that died counts until its session runs out. */
  members(group: string): Promise<number>;
  /** Sets a group without members back to the beginning of a topic. */
  rewind(group: string, topic: string): Promise<void>;
  /** Removes a group without members, and all it has committed. */
  forgetGroup(group: string): Promise<void>;
  close(): Promise<void>;
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
  /** Called once per assigned partition and generation, before its first batch; `lease` is the one that onBatch gets. */
  open(assignment: Assignment, lease: Lease): Promise<PartitionWorker>;
}

/** A lane at work. */
export interface Consumption {
  /** Resolves after a clean stop; rejects with what ended it. */
  readonly done: Promise<void>;
  /** Resolves at the first assignment (that may be empty). */
  readonly joined: Promise<void>;
  /** Milliseconds since the last fetch or heartbeat that the broker answered. */
  msSinceProgress(): number;
  /** What this member holds, as topic → partitions. */
  assigned(): ReadonlyMap<string, readonly number[]>;
  /** Stops fetching, lets the batch at hand end, closes the workers, leaves the group. */
  stop(): Promise<void>;
}

/** A lane as an adapter consumes it. */
export interface ConsumeOptions {
  readonly group: string;
  readonly lane: Lane;
  readonly onFetched?: (fetched: {
    topic: string;
    partition: number;
    nextOffset: number;
    highWatermark: number;
  }) => void;
  /** A generation of the group has begun, with its partitions. */
  readonly onAssigned?: () => void;
  /** Go on where retention removed records that were not read yet; default false: WK_LOG_GAP. */
  readonly acceptGap?: boolean;
  /** Warnings a person should see, e.g. a rebalance or a retriable crash. */
  readonly onNotice?: (notice: string) => void;
}

/** A log: Kafka, or memory. Everything a role needs of it, and what the adapter laws are about. */
export interface LogAdapter {
  consume(options: ConsumeOptions): Promise<Consumption>;
  producer(): Promise<LogProducer>;
  admin(): Promise<LogAdmin>;
  /** Opens a transactional id: from now on whoever had it before is fenced, and what it had begun has ended. */
  transactor(id: string): Promise<LogTransactor>;
  /** What is committed of one partition from its beginning to its end as of now, without a group. The last batch's nextOffset is that end. */
  readToEnd(topic: string, partition: number): AsyncIterable<Batch>;
}

/** Milliseconds and microseconds since 1970; the only clock of the house. */
export interface Clock {
  nowMs(): number;
  nowMicros(): number;
}

/** A topic as a role reads it: by a view. */
export interface TopicReader<V> {
  readonly topic: string;
  readonly view: View<V>;
}
