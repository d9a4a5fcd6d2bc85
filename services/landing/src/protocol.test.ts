// The protocol against a store in memory: thousands of schedules of fetches, crashes and absences end with each offset once.

import { WatchkeeperError } from '@watchkeeper/schemas';
import type { LogRecord } from '@watchkeeper/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIntent } from './intent.js';
import { blockLander, stillOurs, type LandBlock } from './protocol.js';
import { MemoryStore, aBatch, aRecord, fakeLease, type FakeLease } from './test-support.js';

const offsetsIn = (body: Buffer): number[] => JSON.parse(body.toString()) as number[];
const record = (offset: number): LogRecord => aRecord(offset, Buffer.from(String(offset)));
const manual = { nowMs: () => 0, nowMicros: () => 0 };

/** A block's way without Avro: its offsets as JSON; offsets that end in 7 are bad. */
function landPlainly(store: MemoryStore, letters: number[]): LandBlock {
  return async (block, logId, beforeInsert) => {
    const bad = block.records.filter((one) => one.offset % 10 === 7).map((one) => one.offset);
    store.step('letters');
    letters.push(...bad);
    const rows = block.records.map((one) => one.offset).filter((offset) => offset % 10 !== 7);
    await beforeInsert();
    const token = `${logId}:${block.first}-${block.last}`;
    const outcome = await store.insert({
      table: 't',
      sql: '',
      body: Buffer.from(JSON.stringify(rows)),
      token,
      background: true,
    });
    if (outcome.kind !== 'stored') return { kind: 'away', error: outcome.error };
    return { kind: 'landed', rows: rows.length, deadLetters: bad.length };
  };
}

function lander(store: MemoryStore, lease: FakeLease, rows: number, letters: number[], begin = 0) {
  return blockLander({
    topic: 't',
    partition: 0,
    logId: 'log@1',
    committed: lease.committed,
    begin,
    limits: { rows, bytes: 1e9 },
    land: landPlainly(store, letters),
    store,
    clock: manual,
    pauseMs: () => 1,
  });
}

describe('blockLander', () => {
  it('lands every offset once through any schedule of fetch sizes, limits, crashes and absences', async () => {
    const step = fc.record({
      fetch: fc.integer({ min: 1, max: 12 }),
      limit: fc.integer({ min: 1, max: 8 }),
      diesAt: fc.integer({ min: 0, max: 14 }),
      away: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 40 }),
        fc.array(step, { minLength: 1, maxLength: 25 }),
        async (offsets, schedule) => {
          const log = offsets.sort((a, b) => a - b).map(record);
          const end = (offsets.at(-1) ?? 0) + 3;
          const store = new MemoryStore(offsetsIn);
          const letters: number[] = [];
          const lease = fakeLease();
          const commit = lease.commit.bind(lease);
          lease.commit = async (offset, metadata) => {
            store.step('commit');
            expect(offset).toBeGreaterThanOrEqual(lease.committed?.offset ?? 0);
            await commit(offset, metadata);
            store.step('committed');
          };
          let worker = lander(store, lease, 4, letters);
          let from = 0;
          const quiet = { fetch: 7, limit: 3, diesAt: 0, away: 0 };
          for (let i = 0; i < schedule.length || lease.committed?.offset !== end; i++) {
            const { fetch, limit, diesAt, away } = schedule[i] ?? quiet;
            let steps = 0;
            store.step = () => {
              if (++steps === diesAt) throw new Error('killed');
            };
            store.answers = Array.from({ length: away === 2 ? 1 : 0 }, () => ({
              kind: 'away' as const,
              error: new Error('away'),
            }));
            const next = Math.min(end, from + fetch);
            const batch = aBatch(
              log.filter((one) => one.offset >= from && one.offset < next),
              next,
            );
            try {
              const outcome = await worker.onBatch(batch, lease);
              if (outcome.kind === 'done') from = next;
            } catch (error) {
              expect(error).toMatchObject({ message: 'killed' });
              // The next holder knows what the group knows, and may have other limits.
              store.step = () => undefined;
              worker = lander(store, lease, limit, letters);
              from = lease.committed?.offset ?? 0;
            }
          }
          const good = offsets.filter((offset) => offset % 10 !== 7);
          expect(store.rows).toEqual(good);
          expect(store.viewRows).toEqual(good);
          expect(new Set(letters)).toEqual(new Set(offsets.filter((offset) => offset % 10 === 7)));
          expect(decodeIntent(lease.committed.metadata)).toBeUndefined();
          let next = 0;
          for (const receipt of [...store.receipts.values()].sort((a, b) => a.first - b.first)) {
            expect(receipt.first).toBe(next);
            expect(receipt.rows + receipt.deadLetters + receipt.holes).toBe(receipt.last - receipt.first + 1);
            next = receipt.last + 1;
          }
          expect(next).toBe(end);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('announces a block before it inserts, and says nothing pending once it is done', async () => {
    const store = new MemoryStore(offsetsIn);
    const lease = fakeLease();
    const seen: unknown[] = [];
    store.step = (name) =>
      seen.push([name, lease.committed?.offset, decodeIntent(lease.committed?.metadata)?.pendingTo]);
    await lander(store, lease, 10, []).onBatch(aBatch([record(0), record(1)], 2), lease);
    expect(seen).toContainEqual(['insert', 0, 1]);
    expect(lease.committed).toEqual({ offset: 2, metadata: '' });
  });

  it('writes what retention removed unread as lost, not as landed', async () => {
    const store = new MemoryStore(offsetsIn);
    const lease = fakeLease({ offset: 5, metadata: '' });
    await lander(store, lease, 10, [], 9).onBatch(aBatch([record(9)], 10), lease);
    expect([...store.receipts.values()]).toMatchObject([
      { first: 5, last: 8, lost: 4, rows: 0 },
      { first: 9, last: 9, rows: 1 },
    ]);
  });

  it('inserts nothing where the last heartbeat is older than the session, and asks the group when it gets old', async () => {
    const store = new MemoryStore(offsetsIn);
    let ageMs = 40_000;
    const slept = { ...fakeLease(), msSinceHeartbeat: () => ageMs };
    await expect(lander(store, slept, 10, []).onBatch(aBatch([record(0)], 1), slept)).rejects.toMatchObject({
      code: 'WK_FENCED',
    });
    expect(store.rows).toEqual([]);
    ageMs = 15_000;
    const asked = { ...slept, heartbeat: () => Promise.reject(new WatchkeeperError('WK_FENCED', 'no longer yours')) };
    await expect(stillOurs('t', 0, asked)).rejects.toThrow('no longer yours');
    const confirmed = { ...slept, heartbeat: () => Promise.resolve(void (ageMs = 0)) };
    await expect(stillOurs('t', 0, confirmed)).resolves.toBeUndefined();
  });

  it('closes only when what is at hand has ended', async () => {
    const store = new MemoryStore(offsetsIn);
    const lease = fakeLease();
    const worker = lander(store, lease, 10, []);
    const working = worker.onBatch(aBatch([record(0)], 1), lease);
    await worker.close();
    expect(lease.committed?.offset).toBe(1);
    await working;
  });
});
