// Faults of kafkajs 2.2.4, mended from outside. The version is pinned: each place was read in its source.

import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import kafkajs from 'kafkajs';
import { isForbidden, protocolType } from './faults.js';
import { useLeanProtocol } from './lean-protocol.js';

const require = createRequire(import.meta.url);

interface RequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  readonly pending: readonly unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

interface OffsetOutOfRange {
  readonly topic: string;
  readonly partition: number;
}

interface ConsumerGroup {
  readonly groupId: string;
  readonly cluster: {
    fetchTopicsOffset(topics: object[]): Promise<{ partitions: { offset: string }[] }[]>;
  };
  readonly offsetManager: { seek(to: { topic: string; partition: number; offset: string }): Promise<void> };
  recoverFromOffsetOutOfRange(error: OffsetOutOfRange): Promise<void>;
}

interface Cluster {
  readonly brokerPool: {
    /** Of the first broker for which `work` does not throw; null where it throws for all. */
    withBroker(
      work: (of: { broker: { findGroupCoordinator(group: object): Promise<unknown> } }) => Promise<unknown>,
    ): Promise<unknown>;
  };
  retrier(work: (bail: (error: unknown) => void) => Promise<unknown>): Promise<unknown>;
  findGroupCoordinatorMetadata(group: object): Promise<unknown>;
}

interface Connection {
  socket: Socket | undefined;
  chunks: readonly Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  isConnected(): boolean;
  connect(): Promise<unknown>;
}

/** What a consumer ends with where its next offset is not in the log. */
export class OffsetOutOfLog extends kafkajs.KafkaJSNonRetriableError {
  readonly topic: string;
  readonly partition: number;

  constructor({ topic, partition }: OffsetOutOfRange) {
    super(`The offset to read next of partition ${partition} of ${topic} is out of the log's range`);
    this.topic = topic;
    this.partition = partition;
  }
}

const CHECK_MS = 10;
/** What stands before every answer: its length. */
const LENGTH_BYTES = 4;
const gapsAccepted = new Set<string>();
let repaired = false;

/** Lets a group (its full name) go on at the log's beginning where its offset is out of range. */
export function acceptGaps(groupId: string): void {
  gapsAccepted.add(groupId);
}

/** Applies the repairs once per process. */
export function repairKafkajs(): void {
  if (repaired) return;
  repaired = true;
  repairTimers((require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue }).prototype);
  repairReconnect((require('kafkajs/src/network/connection') as { prototype: Connection }).prototype);
  useLeanProtocol();
  repairOffsetReset((require('kafkajs/src/consumer/consumerGroup') as { prototype: ConsumerGroup }).prototype);
  repairCoordinatorSearch((require('kafkajs/src/cluster') as { prototype: Cluster }).prototype);
}

/**
 * kafkajs asks one broker after the other, forgets why each failed, and calls the search's end final: every consumer of a process would end at an outage
 * behind a proxy that resets connections. It is as passing as the outage; and what the broker forbids is said as such.
 */
function repairCoordinatorSearch(cluster: Cluster): void {
  cluster.findGroupCoordinatorMetadata = async function findGroupCoordinatorMetadata(this: Cluster, group: object) {
    let why: unknown;
    const found = await this.brokerPool.withBroker(({ broker }) =>
      this.retrier(async (bail) => {
        try {
          return await broker.findGroupCoordinator(group);
        } catch (error) {
          why = error;
          if (protocolType(error) === 'GROUP_COORDINATOR_NOT_AVAILABLE') throw error;
          bail(error);
          return undefined;
        }
      }),
    );
    if (found) return found;
    if (isForbidden(why)) throw why;
    throw new kafkajs.KafkaJSError(
      `No broker names the coordinator (${why instanceof Error ? why.message : 'none answers'})`,
    );
  };
}

/**
 * Where a connection ends amid an answer, kafkajs keeps the half that it has, and takes what the next connection brings for the rest: no answer is whole
 * from then on, every request times out, and the consumer, started again on the same connection, stays stuck (as in kafkajs #1140).
 */
function repairReconnect(prototype: Connection): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its `this` below
  const { connect } = prototype;
  prototype.connect = function (this: Connection): Promise<unknown> {
    if (!this.isConnected()) {
      // What the old one still brings is no answer on the new one.
      this.socket?.removeAllListeners('data');
      this.chunks = [];
      this.bytesBuffered = 0;
      this.bytesNeeded = LENGTH_BYTES;
    }
    return connect.call(this);
  };
}

/** kafkajs #1751: every response sets a timer with a negative delay (1 ms), though nothing waits. */
function repairTimers(queue: RequestQueue): void {
  queue.scheduleCheckPendingRequests = function scheduleCheckPendingRequests(this: RequestQueue): void {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    const waitMs = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      waitMs > 0 ? waitMs : CHECK_MS,
    );
  };
}

/** An offset out of range is committed away and forgotten by kafkajs; here it ends the consumer, unless the gap was accepted. */
function repairOffsetReset(group: ConsumerGroup): void {
  group.recoverFromOffsetOutOfRange = function recoverFromOffsetOutOfRange(
    this: ConsumerGroup,
    error: OffsetOutOfRange,
  ): Promise<void> {
    return gapsAccepted.has(this.groupId) ? goOnAtBeginning(this, error) : Promise.reject(new OffsetOutOfLog(error));
  };
}

/** Nothing is committed: whoever opens the partition reads what was committed, to write down what lies between that and the beginning. */
async function goOnAtBeginning(group: ConsumerGroup, { topic, partition }: OffsetOutOfRange): Promise<void> {
  const [found] = await group.cluster.fetchTopicsOffset([{ topic, partitions: [{ partition }], fromBeginning: true }]);
  await group.offsetManager.seek({ topic, partition, offset: found?.partitions[0]?.offset ?? '0' });
}
