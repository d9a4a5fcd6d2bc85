// Where keyed state is kept between runs: the interface of the changelog, and the store that keeps nothing.

import type { Commit, Lease } from './contract.js';

/** Which partition's state. */
export interface StatePlace {
  readonly role: string;
  readonly topic: string;
  readonly partition: number;
}

/** One key's state; undefined: the key is closed (a tombstone). */
export interface StateChange {
  readonly key: string;
  readonly state: Buffer | undefined;
}

/** What a checkpoint holds beside the offset: what changed since the last one, and the partition's own record (watermark). */
export interface Checkpoint {
  readonly changes: readonly StateChange[];
  readonly partition: Buffer;
}

/** State as of `offset`: everything below it has been taken into account. */
export interface RestoredState {
  readonly keys: readonly { readonly key: string; readonly state: Buffer }[];
  readonly partition: Buffer;
  readonly offset: number;
}

/**
 * Keeps keyed state. With the changelog, `checkpoint` is one Kafka transaction: changes, tombstones, the partition's record and the source offset, under the transactional id
 * `role.topic.partition`, which `restore` initialises first so that it fences a zombie (design, section 4).
 */
export interface StateStore {
  /** False where changes need not be encoded at all. */
  readonly durable: boolean;
  restore(place: StatePlace, committed: Commit | undefined): Promise<RestoredState | undefined>;
  /** State and offset together. Throws WK_FENCED where the partition is someone else's. */
  checkpoint(place: StatePlace, checkpoint: Checkpoint, nextOffset: number, lease: Lease): Promise<void>;
  /** The partition is given up. */
  release(place: StatePlace): Promise<void>;
}

/** Keeps offsets alone: after a restart a role starts with empty state from the committed offset. */
export function memoryStore(): StateStore {
  return {
    durable: false,
    restore: () => Promise.resolve(undefined),
    checkpoint: (_place, _checkpoint, nextOffset, lease) => lease.commit(nextOffset),
    release: () => Promise.resolve(),
  };
}
