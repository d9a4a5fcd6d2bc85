// The records of a changelog: which key of it means what, and which value.

import { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { RestoredPartition, StatePlace } from './state-store.js';

type Codec = StatePlace['detector'];

/** What a record's key says. `partition`: the partition's own record. */
export type ChangelogKey =
  | { readonly kind: 'key'; readonly detector: Codec; readonly key: string }
  | { readonly kind: 'partition'; readonly detector: Codec };

const VERSION = 1;
/** Version 2 says of which life of the topic it is. */
const PARTITION_VERSION = 2;

/** The topic that keeps a role's state of `topic`; partition n of both belong together. */
export function changelogTopic(role: string, topic: string): string {
  return `${role}.${topic}.changelog`;
}

/** Whoever opens it last may write the partition, and nobody else. */
export function fenceOf(role: string, topic: string, partition: number): string {
  return `${role}.${topic}.${partition}`;
}

/** States of different detectors, or versions of one, never meet: they differ in the key. */
export function changelogKey(detector: Codec, key: string): Buffer {
  return keyWriter(detector, 1).text(key).done();
}

export function partitionKey(detector: Codec): Buffer {
  return keyWriter(detector, 0).done();
}

/** Undefined where the bytes are not a key of this house. */
export function readChangelogKey(bytes: Buffer): ChangelogKey | undefined {
  try {
    const reader = new StateReader(bytes, [VERSION]);
    const kind = reader.byte();
    const detector = { id: reader.text(), version: reader.int() };
    return kind === 0 ? { kind: 'partition', detector } : { kind: 'key', detector, key: reader.text() };
  } catch {
    return undefined;
  }
}

/** The partition's own record: the next offset to read, in which life of the topic, and what the engine says of itself. */
export function partitionValue({ offset, partition, life }: RestoredPartition): Buffer {
  return new StateWriter(PARTITION_VERSION)
    .int(offset)
    .bytes(partition)
    .text(life ?? '')
    .done();
}

export function readPartitionValue(bytes: Buffer): RestoredPartition {
  const reader = new StateReader(bytes, [VERSION, PARTITION_VERSION]);
  const offset = reader.int();
  const partition = reader.bytes();
  const life = reader.version === VERSION ? '' : reader.text();
  return { offset, partition, life: life === '' ? undefined : life };
}

function keyWriter({ id, version }: Codec, kind: 0 | 1): StateWriter {
  return new StateWriter(VERSION, 64).byte(kind).text(id).int(version);
}
