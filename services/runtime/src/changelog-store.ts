// The changelog: keyed state in a compacted topic beside the source, written in one transaction with the source's offset.

import { changelogKey, changelogTopic, fenceOf, partitionKey, partitionValue } from './changelog-records.js';
import { readChangelog } from './changelog-restore.js';
import type { LogAdapter, LogProducer, LogTransactor, OutgoingRecord } from './contract.js';
import { partitionsDiffer } from './errors.js';
import type { Logger } from './log.js';
import type { Checkpoint, RestoredPartition, StateKeeper, StatePlace, StateSink, StateStore } from './state-store.js';

/** A request's worth of records: while one is under way, the next is encoded, and other partitions go on. */
const CHUNK_BYTES = 512 * 1024;

export interface ChangelogParts {
  readonly log: Pick<LogAdapter, 'transactor' | 'readToEnd'>;
  readonly producer: Pick<LogProducer, 'partitionsOf'>;
  readonly logger: Logger;
}

/**
 * Keeps state in `<role>.<topic>.changelog`. Invariant: whoever writes a partition of it has opened its transactional id before reading it, and nobody
 * has opened the id since; so every checkpoint builds on all checkpoints before it, whatever the group believes about who holds the partition.
 */
export function changelogStore(parts: ChangelogParts): StateStore {
  return {
    durable: true,
    async open(place) {
      const { role, topic, partition, partitions } = place;
      const changelog = changelogTopic(role, topic);
      const there = await parts.producer.partitionsOf(changelog);
      if (there !== partitions) throw partitionsDiffer(changelog, there, topic, partitions);
      const transactor = await parts.log.transactor(fenceOf(role, topic, partition));
      return new ChangelogKeeper(parts, place, changelog, transactor);
    },
  };
}

class ChangelogKeeper implements StateKeeper {
  readonly #parts: ChangelogParts;
  readonly #place: StatePlace;
  readonly #changelog: string;
  readonly #transactor: LogTransactor;
  /** Keys of earlier versions of this detector: the next checkpoint buries them. */
  #superseded: readonly Buffer[] = [];

  constructor(parts: ChangelogParts, place: StatePlace, changelog: string, transactor: LogTransactor) {
    this.#parts = parts;
    this.#place = place;
    this.#changelog = changelog;
    this.#transactor = transactor;
  }

  async restore(sink: StateSink): Promise<RestoredPartition | undefined> {
    const { partition, detector } = this.#place;
    await this.#transactor.settle(this.#changelog, partition);
    const batches = this.#parts.log.readToEnd(this.#changelog, partition);
    const { restored, superseded } = await readChangelog(batches, detector, sink, this.#parts.logger);
    this.#superseded = superseded;
    return restored;
  }

  async checkpoint({ changes, partition }: Checkpoint, nextOffset: number): Promise<number> {
    const { role, topic, partition: number, detector, life } = this.#place;
    let bytes = 0;
    const superseded = this.#superseded;
    const own = partitionValue({ offset: nextOffset, partition, life });
    function* records(): Generator<OutgoingRecord> {
      for (const key of superseded) yield { key, value: null, partition: number };
      for (const { key, state } of changes)
        yield { key: changelogKey(detector, key), value: state ?? null, partition: number };
      yield { key: partitionKey(detector), value: own, partition: number };
    }
    function* chunks(): Generator<OutgoingRecord[]> {
      let chunk: OutgoingRecord[] = [];
      let chunkBytes = 0;
      for (const record of records()) {
        chunk.push(record);
        chunkBytes += Buffer.byteLength(record.key ?? '') + (record.value?.length ?? 0);
        if (chunkBytes < CHUNK_BYTES) continue;
        yield chunk;
        bytes += chunkBytes;
        chunk = [];
        chunkBytes = 0;
      }
      bytes += chunkBytes;
      if (chunk.length > 0) yield chunk;
    }
    await this.#transactor.transact(this.#changelog, chunks(), { group: role, topic, partition: number, nextOffset });
    this.#superseded = [];
    return bytes;
  }

  close(): Promise<void> {
    return this.#transactor.close();
  }
}
