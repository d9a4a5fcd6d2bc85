// Landing, intent in the offset: how a partition's records become rows once, whatever stops in between.
//
// Invariant: an offset is committed past only when its rows, its dead letters and its receipt are acknowledged; and a block
// that was begun is done again as exactly that block, under the same token, by whoever holds the partition next.

import type { Batch, BatchOutcome, Clock, Commit, Lease, LogRecord, PartitionWorker } from '@watchkeeper/runtime';
import { cutBlock, holesOf, recutBlock, type Block, type BlockLimits } from './block.js';
import { blockIncomplete, leaseTooOld } from './errors.js';
import { decodeIntent, encodeIntent } from './intent.js';
import type { Store } from './store.js';

/** What landing one block came to. */
export type Landed =
  | { readonly kind: 'landed'; readonly rows: number; readonly deadLetters: number }
  | { readonly kind: 'away'; readonly error: Error };

/** One try of a block. */
export interface Try {
  /** It was begun before, by this holder or by one before it: nobody knows what of it has been stored. */
  readonly again: boolean;
  /** … and a try of it did not come to its end. */
  readonly failed: boolean;
  /** Whoever held the partition before can have no insert of it left to begin: its session has ended by now, or the block was announced after it. */
  readonly alone: boolean;
  /** Throws where this process may no longer write. */
  readonly beforeInsert: () => Promise<void>;
}

/** Stores a block's rows and sends its dead letters; may be called again with the same block at any time. */
export type LandBlock = (block: Block, logId: string, attempt: Try) => Promise<Landed>;

export interface LanderOptions {
  readonly topic: string;
  readonly partition: number;
  readonly logId: string;
  readonly committed: Commit | undefined;
  /** First offset of the log: where to begin without a commit; what lies before it is lost. */
  readonly begin: number;
  readonly limits: BlockLimits;
  readonly land: LandBlock;
  readonly store: Pick<Store, 'putReceipt'>;
  readonly clock: Clock;
  /** Pause after the n-th failure in a row, milliseconds. */
  readonly pauseMs: (failures: number) => number;
  /** A backend is away; called at every failure, said by the caller as often as it sees fit. */
  readonly onAway?: (error: Error) => void;
  readonly onBlock?: (block: Block, rows: number, deadLetters: number) => void;
}

interface Pending {
  readonly last: number;
  readonly logId: string;
}

const DONE: BatchOutcome = { kind: 'done' };

/** Lands one partition. Memory: one block and the fetch at hand. */
export function blockLander(options: LanderOptions): PartitionWorker {
  const { topic, partition, store, land } = options;
  const intent = decodeIntent(options.committed?.metadata);
  const openedMs = options.clock.nowMs();
  /** The first offset that is not landed and committed. */
  let position = options.committed?.offset ?? options.begin;
  /** The block that begins at `position` and was announced by a commit. */
  let pending: Pending | undefined =
    intent === undefined || intent.pendingTo < position ? undefined : { last: intent.pendingTo, logId: intent.logId };
  /** The pending block was begun by another holder. */
  let inherited = pending !== undefined;
  /** A try of it, by whomever, did not come to its end … */
  let failed = pending !== undefined && intent?.failed === true;
  /** … and the intent says so. */
  let saidFailed = failed;
  /** Records of the pending block from fetches before this one. */
  let held: readonly LogRecord[] = [];
  let failures = 0;

  async function acceptLoss(lease: Lease): Promise<boolean> {
    // Retention removed offsets before they were read; the runtime lets nobody come here without ACCEPT_GAP.
    if (pending !== undefined || options.begin <= position) return true;
    const lost = options.begin - position;
    const block: Block = { first: position, last: options.begin - 1, records: [] };
    if (!(await receipt(block, options.logId, { rows: 0, deadLetters: 0, holes: 0, lost }))) return false;
    await lease.commit(options.begin);
    position = options.begin;
    return true;
  }

  async function receipt(
    block: Block,
    logId: string,
    counts: { rows: number; deadLetters: number; holes: number; lost: number },
  ): Promise<boolean> {
    const nowMs = options.clock.nowMs();
    let firstTimestampMs = block.records[0]?.timestampMs ?? nowMs;
    let lastTimestampMs = firstTimestampMs;
    for (const { timestampMs } of block.records) {
      firstTimestampMs = Math.min(firstTimestampMs, timestampMs);
      lastTimestampMs = Math.max(lastTimestampMs, timestampMs);
    }
    const outcome = await store.putReceipt({
      logId,
      topic,
      partition,
      first: block.first,
      last: block.last,
      ...counts,
      firstTimestampMs,
      lastTimestampMs,
    });
    if (outcome.kind === 'stored') return true;
    if (outcome.kind === 'refused') throw outcome.error;
    noteFailure(outcome.error);
    return false;
  }

  function noteFailure(error: Error): void {
    failures += 1;
    options.onAway?.(error);
  }

  const later = (): BatchOutcome => ({ kind: 'again', afterMs: options.pauseMs(failures) });

  /** Lands the block that begins at `position`; false: a backend is away, and nothing has moved. */
  async function finish(block: Block, logId: string, lease: Lease): Promise<boolean> {
    const beforeInsert = (): Promise<void> => stillOurs(topic, partition, lease);
    const alone = !inherited || options.clock.nowMs() - openedMs >= lease.sessionTimeoutMs;
    const attempt: Try = { again: inherited || failed, failed, alone, beforeInsert };
    // Until its receipt is there and it is committed.
    failed = true;
    const landed = await land(block, logId, attempt);
    if (landed.kind === 'away') {
      noteFailure(landed.error);
      // Whoever goes on with it must know, too.
      if (!saidFailed) await lease.commit(position, encodeIntent({ pendingTo: block.last, logId, failed: true }));
      saidFailed = true;
      return false;
    }
    const { rows, deadLetters } = landed;
    // A receipt that came long after would say that the next block was announced later than it was.
    await beforeInsert();
    if (!(await receipt(block, logId, { rows, deadLetters, holes: holesOf(block), lost: 0 }))) return false;
    await lease.commit(block.last + 1);
    position = block.last + 1;
    pending = undefined;
    inherited = false;
    failed = false;
    saidFailed = false;
    held = [];
    failures = 0;
    options.onBlock?.(block, rows, deadLetters);
    return true;
  }

  async function onBatch(batch: Batch, lease: Lease): Promise<BatchOutcome> {
    if (!(await acceptLoss(lease))) return later();
    const from = held.at(-1)?.offset ?? position - 1;
    let records = batch.records.filter((record) => record.offset > from);
    if (held.length > 0) records = [...held, ...records];
    while (position < batch.nextOffset) {
      if (pending === undefined) {
        const block = cutBlock(position, records, batch.nextOffset, options.limits);
        pending = { last: block.last, logId: options.logId };
        // Also a block of holes alone, which has nothing but a receipt: two holders may cut it at different ends.
        await lease.commit(position, encodeIntent({ pendingTo: block.last, logId: options.logId, failed: false }));
      }
      if (batch.nextOffset <= pending.last) {
        held = records;
        return DONE;
      }
      const block = recutBlock(position, pending.last, records);
      if (block.last < block.first) throw blockIncomplete(topic, partition, block.first, block.last);
      if (!(await finish(block, pending.logId, lease))) return later();
      records = records.slice(block.records.length);
    }
    return DONE;
  }

  let atHand: Promise<unknown> = Promise.resolve();
  return {
    onBatch(batch, lease) {
      const outcome = onBatch(batch, lease);
      atHand = outcome.catch(() => undefined);
      return outcome;
    },
    async close() {
      await atHand;
    },
  };
}

/** Right before an insert: a process that slept longer than its session must not write. */
export async function stillOurs(topic: string, partition: number, lease: Lease): Promise<void> {
  lease.signal.throwIfAborted();
  if (lease.msSinceHeartbeat() > lease.sessionTimeoutMs / 3) await lease.heartbeat();
  const ageMs = lease.msSinceHeartbeat();
  if (ageMs >= lease.sessionTimeoutMs) throw leaseTooOld(topic, partition, ageMs);
}
