// When a lane lands, and how often it speaks: what keeps inserts and log lines from crowding each other out.

import { sleep, turns, type Clock, type PartitionWorker } from '@watchkeeper/runtime';
import type { BlockLimits } from './block.js';
import type { LandBlock, Landed } from './protocol.js';

/** A block of less than this part of the most rows is a small one. */
const SMALL_SHARE = 10;

/**
 * Lets blocks far below the limits land one after another, over all partitions that share it. An insert costs the engine the same 40 ms
 * of CPU whether it brings one row or a thousand, and a fetch that lingered brings every partition at once: side by side they would keep
 * detections waiting.
 */
export function smallOnesInTurn(limits: BlockLimits): (land: LandBlock) => LandBlock {
  const inTurn = turns();
  return (land) => (block, logId, attempt) => {
    const work = (): Promise<Landed> => land(block, logId, attempt);
    return block.records.length * SMALL_SHARE >= limits.rows ? work() : inTurn(work);
  };
}

/**
 * The same worker, its batches at least `spacingMs` apart from begin to begin: the first record after a pause lands at once, and what
 * comes in a burst lands together. A stop waits for nothing.
 */
export function spaced(worker: PartitionWorker, spacingMs: number, clock: Clock): PartitionWorker {
  return {
    ...worker,
    async onBatch(batch, lease) {
      const begunMs = clock.nowMs();
      const outcome = await worker.onBatch(batch, lease);
      const restMs = begunMs + spacingMs - clock.nowMs();
      if (restMs > 0) await sleep(restMs, lease.signal);
      return outcome;
    },
  };
}

/**
 * Says the first of anything, and from then on at most one in `everyMs`, with how many it kept to itself: a backend that is away or flaps
 * fails every partition's block, again and again.
 */
export function nowAndThen<T>(
  clock: Clock,
  everyMs: number,
  say: (what: T, unsaid: number) => void,
): (what: T) => void {
  let saidAtMs = -Infinity;
  let unsaid = 0;
  return (what) => {
    const nowMs = clock.nowMs();
    if (nowMs - saidAtMs < everyMs) {
      unsaid += 1;
      return;
    }
    say(what, unsaid);
    saidAtMs = nowMs;
    unsaid = 0;
  };
}
