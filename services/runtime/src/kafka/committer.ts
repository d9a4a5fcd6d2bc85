// Commits of one generation: those that wait together travel together.

import type { Commit } from '../contract.js';
import { deferred, type Deferred } from '../deferred.js';
import { fenced } from '../errors.js';
import { retry } from '../retry.js';
import { isFence, isRetriable } from './faults.js';

export interface OffsetsToCommit {
  topics: { topic: string; partitions: { partition: number; offset: string; metadata: string }[] }[];
}

interface Waiting {
  readonly topic: string;
  readonly partition: number;
  readonly commit: Commit;
  readonly done: Deferred<undefined>;
}

/** Twelve partitions of one fetch cost one request instead of twelve. Invariant: at most one request is under way. */
export class Committer {
  readonly #send: (offsets: OffsetsToCommit) => Promise<void>;
  #waiting: Waiting[] = [];
  #sending = false;
  #closed = false;

  /** `send` goes straight to the group and throws kafkajs' errors. */
  constructor(send: (offsets: OffsetsToCommit) => Promise<void>) {
    this.#send = send;
  }

  /** Resolves when the group has answered. Throws WK_FENCED where it refuses this member. */
  async commit(topic: string, partition: number, commit: Commit): Promise<void> {
    if (this.#closed) throw fenced(`partition ${partition} of ${topic}`);
    const done = deferred<undefined>();
    this.#waiting.push({ topic, partition, commit, done });
    if (!this.#sending) void this.#drain();
    await done.promise;
  }

  /** The generation has ended: what waits would otherwise be sent in the name of the next one. */
  close(): void {
    this.#closed = true;
    for (const { done, topic, partition } of this.#waiting.splice(0))
      done.reject(fenced(`partition ${partition} of ${topic}`));
  }

  async #drain(): Promise<void> {
    this.#sending = true;
    // The other partitions of this fetch are a few microtasks behind.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const together = this.#waiting;
      this.#waiting = [];
      try {
        await retry(() => this.#send(offsetsOf(together)), {
          tries: 6,
          firstMs: 100,
          maxMs: 2_000,
          retriable: isRetriable,
        });
        for (const { done } of together) done.resolve(undefined);
      } catch (error) {
        for (const { done, topic, partition } of together) {
          done.reject(isFence(error) ? fenced(`partition ${partition} of ${topic}`, error) : error);
        }
      }
    }
    this.#sending = false;
  }
}

function offsetsOf(waiting: readonly Waiting[]): OffsetsToCommit {
  const byTopic = new Map<string, Map<number, Commit>>();
  for (const { topic, partition, commit } of waiting) {
    const partitions = byTopic.get(topic) ?? new Map<number, Commit>();
    byTopic.set(topic, partitions);
    partitions.set(partition, commit);
  }
  return {
    topics: [...byTopic].map(([topic, partitions]) => ({
      topic,
      partitions: [...partitions].map(([partition, { offset, metadata }]) => ({
        partition,
        offset: String(offset),
        metadata,
      })),
    })),
  };
}
