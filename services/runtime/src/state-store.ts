// Where keyed state is kept between runs: the interface of the changelog, and the store that keeps nothing.

import type { Lease } from './contract.js';

/** Which partition's state, and of which detector. */
export interface StatePlace {
  readonly role: string;
  readonly topic: string;
  readonly partition: number;
  /** Partitions of `topic`. */
  readonly partitions: number;
  /** Of `topic`, as the assignment has it. */
  readonly life: string | undefined;
  readonly detector: { readonly id: string; readonly version: number };
}

/** One key's state; undefined: the key is closed (a tombstone). */
export interface StateChange {
  readonly key: string;
  readonly state: Buffer | undefined;
}

/** What a checkpoint holds beside the offset: what changed since the last one, and the partition's own record (watermark). */
export interface Checkpoint {
  /** May be gone through once, while the engine stands still. */
  readonly changes: Iterable<StateChange>;
  readonly partition: Buffer;
}

/** Takes in what a store kept, as it is read: of each key the last word holds. */
export interface StateSink {
  keep(key: string, state: Buffer): void;
  drop(key: string): void;
}

/** What was kept is as of `offset`: everything below it has been taken into account. */
export interface RestoredPartition {
  readonly partition: Buffer;
  readonly offset: number;
  /** The life of the topic that `offset` counts in; undefined where nobody could say. */
  readonly life: string | undefined;
}

/** Keeps keyed state. */
export interface StateStore {
  /** False where changes need not be encoded at all. */
  readonly durable: boolean;
  /** Takes a partition over: from now on no earlier keeper of this place can write. */
  open(place: StatePlace): Promise<StateKeeper>;
}

/** The state of one partition while this instance keeps it. After any throw it is of no more use. */
export interface StateKeeper {
  /** Hands what was kept last to `sink`; undefined where there is no whole checkpoint of this detector's version. */
  restore(sink: StateSink): Promise<RestoredPartition | undefined>;
  /** State and offset together. Throws WK_FENCED where the partition is someone else's. Resolves to the bytes written. */
  checkpoint(checkpoint: Checkpoint, nextOffset: number, lease: Lease): Promise<number>;
  close(): Promise<void>;
}

/** Keeps offsets alone: after a restart a role starts with empty state from the committed offset. */
export function memoryStore(): StateStore {
  const keeper: StateKeeper = {
    restore: () => Promise.resolve(undefined),
    async checkpoint(_checkpoint, nextOffset, lease) {
      await lease.commit(nextOffset);
      return 0;
    },
    close: () => Promise.resolve(),
  };
  return { durable: false, open: () => Promise.resolve(keeper) };
}
