// Reading a changelog's partition back: the last state of every key, and what is left of earlier versions.

import { readChangelogKey, readPartitionValue } from './changelog-records.js';
import type { Batch } from './contract.js';
import type { Logger } from './log.js';
import type { RestoredPartition, StatePlace, StateSink } from './state-store.js';

/** How often the way so far is logged. */
const TELL_MS = 5_000;

export interface ReadChangelog {
  /** Undefined where there is no whole checkpoint of this detector's version. */
  readonly restored: RestoredPartition | undefined;
  /** Record keys of lower versions of the same detector. */
  readonly superseded: readonly Buffer[];
}

/**
 * Reads all batches into `sink`. Records of other detectors, and of higher versions, are left alone: a fleet may be half way through an upgrade.
 */
export async function readChangelog(
  batches: AsyncIterable<Batch>,
  detector: StatePlace['detector'],
  sink: StateSink,
  logger: Logger,
): Promise<ReadChangelog> {
  const superseded = new Map<string, Buffer>();
  let restored: RestoredPartition | undefined;
  const progress = restoreProgress(logger);
  for await (const batch of batches) {
    for (const { key, value } of batch.records) {
      const named = key ? readChangelogKey(key) : undefined;
      if (!key || named?.detector.id !== detector.id) continue;
      if (named.detector.version < detector.version) {
        const id = key.toString('latin1');
        // A copy: the record is a part of a fetch's whole answer.
        if (value) superseded.set(id, Buffer.from(key));
        else superseded.delete(id);
      }
      if (named.detector.version !== detector.version) continue;
      if (named.kind === 'partition') restored = value ? readPartitionValue(value) : undefined;
      else if (value) sink.keep(named.key, value);
      else sink.drop(named.key);
    }
    progress.read(batch);
  }
  progress.end();
  return { restored, superseded: [...superseded.values()] };
}

/** Tells every few seconds how far a restore has come, and at its end where it took that long. */
function restoreProgress(logger: Logger): { read(batch: Batch): void; end(): void } {
  const startMs = performance.now();
  let toldMs = startMs;
  let records = 0;
  let bytes = 0;
  let begin: number | undefined;
  let about = {};
  return {
    read({ topic, partition, records: more, nextOffset, highWatermark }) {
      begin ??= more[0]?.offset;
      records += more.length;
      for (const { key, value } of more) bytes += (key?.length ?? 0) + (value?.length ?? 0);
      const toRead = highWatermark - nextOffset;
      const done = nextOffset - (begin ?? nextOffset);
      const share = done + toRead === 0 ? 1 : Math.round((100 * done) / (done + toRead)) / 100;
      about = { changelog: topic, partition, records, bytes, share };
      if (performance.now() - toldMs < TELL_MS) return;
      toldMs = performance.now();
      logger.info(about, 'state is being restored');
    },
    end() {
      const nowMs = performance.now();
      const level = nowMs - startMs > TELL_MS ? 'info' : 'debug';
      logger[level]({ ...about, tookMs: Math.round(nowMs - startMs) }, 'state is restored');
    },
  };
}
