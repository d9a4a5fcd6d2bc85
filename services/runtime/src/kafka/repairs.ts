// Faults of kafkajs 2.2.4, mended from outside. The version is pinned: each place was read in its source.

import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
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
  recoverFromOffsetOutOfRange(error: OffsetOutOfRange): Promise<void>;
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
  useLeanProtocol();
  repairOffsetReset((require('kafkajs/src/consumer/consumerGroup') as { prototype: ConsumerGroup }).prototype);
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
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its `this` below
  const reset = group.recoverFromOffsetOutOfRange;
  group.recoverFromOffsetOutOfRange = function recoverFromOffsetOutOfRange(
    this: ConsumerGroup,
    error: OffsetOutOfRange,
  ): Promise<void> {
    if (gapsAccepted.has(this.groupId)) return reset.call(this, error);
    return Promise.reject(new OffsetOutOfLog(error));
  };
}
