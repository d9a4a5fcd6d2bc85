// Reading a changelog's partition back: the last state of every key, and what is left of earlier versions.

import { readChangelogKey, readPartitionValue } from './changelog-records.js';
import type { Batch } from './contract.js';
import type { Logger } from './log.js';
import type { RestoredState, StatePlace } from './state-store.js';

/** How often the way so far is logged. */
const TELL_MS = 5_000;

export interface ReadChangelog {
  /** Undefined where nothing of this detector's version is there. */
  readonly state: RestoredState | undefined;
  /** Record keys of lower versions of the same detector. */
  readonly superseded: readonly Buffer[];
}

/** Reads all batches. Records of other detectors, and of higher versions, are left alone: a fleet may be half way through an upgrade. */
export async function readChangelog(
  batches: AsyncIterable<Batch>,
  detector: StatePlace['detector'],
  logger: Logger,
): Promise<ReadChangelog> {
  const states = new Map<string, Buffer>();
  const superseded = new Map<string, Buffer>();
  let own: ReturnType<typeof readPartitionValue> | undefined;
  const startMs = performance.now();
  let toldMs = startMs;
  let count = 0;
  for await (const { topic, partition, records, nextOffset, highWatermark } of batches) {
    for (const { key, value } of records) {
      const named = key ? readChangelogKey(key) : undefined;
      if (!key || named?.detector.id !== detector.id) continue;
      if (named.detector.version < detector.version) {
        const id = key.toString('latin1');
        if (value) superseded.set(id, key);
        else superseded.delete(id);
      }
      if (named.detector.version !== detector.version) continue;
      if (named.kind === 'partition') own = value ? readPartitionValue(value) : undefined;
      else if (value) states.set(named.key, value);
      else states.delete(named.key);
    }
    count += records.length;
    if (performance.now() - toldMs < TELL_MS) continue;
    toldMs = performance.now();
    const about = {
      changelog: topic,
      partition,
      records: count,
      keys: states.size,
      toRead: highWatermark - nextOffset,
    };
    logger.info(about, 'state is being restored');
  }
  const tookMs = Math.round(performance.now() - startMs);
  logger.debug({ detector: detector.id, keys: states.size, records: count, tookMs }, 'state is restored');
  return { state: own && { ...own, keys: entries(states) }, superseded: [...superseded.values()] };
}

/** Gives each state away as it is gone through: decoded, it is held once. */
function* entries(states: Map<string, Buffer>): Generator<{ key: string; state: Buffer }> {
  for (const [key, state] of states) {
    states.delete(key);
    yield { key, state };
  }
}
