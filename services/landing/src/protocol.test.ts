// What the protocol does step by step; that it holds whatever happens in between is the model's to show (block-model.test.ts).

import { WatchkeeperError } from '@watchkeeper/schemas';
import type { LogRecord } from '@watchkeeper/runtime';
import { describe, expect, it } from 'vitest';
import { decodeIntent, encodeIntent } from './intent.js';
import { blockLander, stillOurs, type Landed, type Try } from './protocol.js';
import type { Receipt } from './store.js';
import { aBatch, aRecord, fakeLease, type FakeLease } from './test-support.js';

const record = (offset: number): LogRecord => aRecord(offset, Buffer.from(String(offset)));

/** What was done, in order, with what was committed at that time. */
interface Seen {
  readonly what: string;
  readonly committed: number | undefined;
  readonly pendingTo: number | undefined;
}

/** A lander whose rows are stored by being noted. */
function lander(lease: FakeLease, options: { begin?: number; nowMs?: () => number } = {}) {
  const seen: Seen[] = [];
  const receipts: Receipt[] = [];
  const tries: Try[] = [];
  const answers: Landed[] = [];
  const note = (what: string): void => {
    seen.push({
      what,
      committed: lease.committed?.offset,
      pendingTo: decodeIntent(lease.committed?.metadata)?.pendingTo,
    });
  };
  const worker = blockLander({
    topic: 't',
    partition: 0,
    logId: 'log@1',
    committed: lease.committed,
    begin: options.begin ?? 0,
    limits: { rows: 10, bytes: 1e9 },
    land: async (block, _, attempt) => {
      tries.push(attempt);
      await attempt.beforeInsert();
      note(`insert ${block.first}-${block.last}`);
      return answers.shift() ?? { kind: 'landed', rows: block.records.length, deadLetters: 0 };
    },
    store: {
      putReceipt: (receipt) => {
        note('receipt');
        receipts.push(receipt);
        return Promise.resolve({ kind: 'stored' });
      },
    },
    clock: { nowMs: options.nowMs ?? (() => 0), nowMicros: () => 0 },
    pauseMs: () => 1,
  });
  return { worker, seen, receipts, tries, answers };
}

describe('blockLander', () => {
  it('announces a block before it inserts, and says nothing pending once it is done', async () => {
    const lease = fakeLease();
    const { worker, seen } = lander(lease);
    await worker.onBatch(aBatch([record(0), record(1)], 2), lease);
    expect(seen).toEqual([
      { what: 'insert 0-1', committed: 0, pendingTo: 1 },
      { what: 'receipt', committed: 0, pendingTo: 1 },
    ]);
    expect(lease.committed).toEqual({ offset: 2, metadata: '' });
  });

  it('says of a block whether it was begun before, and whether another may still be at it', async () => {
    const lease = fakeLease({ offset: 0, metadata: encodeIntent({ pendingTo: 0, logId: 'log@1', failed: false }) });
    let nowMs = 1_000_000;
    const { worker, tries, answers } = lander(lease, { nowMs: () => nowMs });
    answers.push({ kind: 'away', error: new Error('away') });
    const batch = aBatch([record(0), record(1)], 2);
    expect(await worker.onBatch(batch, lease)).toEqual({ kind: 'again', afterMs: 1 });
    nowMs += lease.sessionTimeoutMs;
    await worker.onBatch(batch, lease);
    expect(tries.map(({ again, alone }) => [again, alone])).toEqual([
      [true, false],
      [true, true],
      [false, true],
    ]);
  });

  it('writes what retention removed unread as lost, not as landed', async () => {
    const lease = fakeLease({ offset: 5, metadata: '' });
    const { worker, receipts } = lander(lease, { begin: 9 });
    await worker.onBatch(aBatch([record(9)], 10), lease);
    expect(receipts).toMatchObject([
      { first: 5, last: 8, lost: 4, rows: 0 },
      { first: 9, last: 9, rows: 1 },
    ]);
  });

  it('inserts nothing where the last heartbeat is older than the session, and asks the group when it gets old', async () => {
    let ageMs = 40_000;
    const slept = { ...fakeLease(), msSinceHeartbeat: () => ageMs };
    const { worker, seen } = lander(slept);
    await expect(worker.onBatch(aBatch([record(0)], 1), slept)).rejects.toMatchObject({ code: 'WK_FENCED' });
    expect(seen).toEqual([]);
    ageMs = 15_000;
    const asked = { ...slept, heartbeat: () => Promise.reject(new WatchkeeperError('WK_FENCED', 'no longer yours')) };
    await expect(stillOurs('t', 0, asked)).rejects.toThrow('no longer yours');
    const confirmed = { ...slept, heartbeat: () => Promise.resolve(void (ageMs = 0)) };
    await expect(stillOurs('t', 0, confirmed)).resolves.toBeUndefined();
  });

  it('closes only when what is at hand has ended', async () => {
    const lease = fakeLease();
    const { worker } = lander(lease);
    const working = worker.onBatch(aBatch([record(0)], 1), lease);
    await worker.close();
    expect(lease.committed?.offset).toBe(1);
    await working;
  });
});
