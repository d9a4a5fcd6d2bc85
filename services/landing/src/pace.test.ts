// Small blocks take turns, full ones do not; batches and log lines keep their distance.

import { manualClock, type Batch, type BatchOutcome } from '@watchkeeper/runtime';
import { describe, expect, it } from 'vitest';
import { nowAndThen, smallOnesInTurn, spaced } from './pace.js';
import type { LandBlock, Landed } from './protocol.js';
import { aRecord, fakeLease } from './test-support.js';

const LANDED: Landed = { kind: 'landed', rows: 0, deadLetters: 0 };
const blockOf = (records: number) => ({
  first: 0,
  last: records - 1,
  records: Array.from({ length: records }, (_, offset) => aRecord(offset, Buffer.alloc(0))),
});
const unasked = (): Promise<void> => Promise.resolve();
const first = { again: false, failed: false, alone: false, beforeInsert: unasked };

/** A lander whose blocks stay under way until they are let go. */
function heldLander(): { land: LandBlock; begun: number[]; release: (end: Landed | Error) => void } {
  const begun: number[] = [];
  const waiting: ((end: Landed | Error) => void)[] = [];
  return {
    begun,
    land: (block) =>
      new Promise((resolve, reject) => {
        begun.push(block.records.length);
        waiting.push((end) => (end instanceof Error ? reject(end) : resolve(end)));
      }),
    release: (end) => waiting.shift()?.(end),
  };
}

describe('small blocks', () => {
  it('begin one after another, also after a failure, while full ones go beside them', async () => {
    const held = heldLander();
    const inTurn = smallOnesInTurn({ rows: 100, bytes: 1e6 });
    const [a, b] = [inTurn(held.land), inTurn(held.land)];
    const small = a(blockOf(3), 'log', first);
    const second = b(blockOf(4), 'log', first);
    const full = b(blockOf(10), 'log', first);
    await Promise.resolve();
    expect(held.begun).toEqual([10, 3]);
    held.release(LANDED);
    held.release(new Error('killed'));
    await expect(small).rejects.toThrow('killed');
    await expect(full).resolves.toEqual(LANDED);
    expect(held.begun).toEqual([10, 3, 4]);
    held.release(LANDED);
    await expect(second).resolves.toEqual(LANDED);
  });
});

describe('spaced', () => {
  const batch = { records: [], nextOffset: 0 } as unknown as Batch;
  const DONE: BatchOutcome = { kind: 'done' };

  it('does not wait when the batch took longer than the distance', async () => {
    const clock = manualClock();
    const worker = spaced(
      {
        onBatch: () => {
          clock.advanceMs(200);
          return Promise.resolve(DONE);
        },
        close: unasked,
      },
      200,
      clock,
    );
    expect(await worker.onBatch(batch, fakeLease())).toBe(DONE);
  });

  it('rests for what is left of the distance, and not when the role stops', async () => {
    const stop = new AbortController();
    const worker = spaced({ onBatch: () => Promise.resolve(DONE), close: unasked }, 3_600_000, manualClock());
    let over = false;
    const outcome = worker.onBatch(batch, { ...fakeLease(), signal: stop.signal }).then((is) => {
      over = true;
      return is;
    });
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(over).toBe(false);
    stop.abort();
    expect(await outcome).toBe(DONE);
  });
});

describe('nowAndThen', () => {
  it('says one line in 30 s however many partitions fail, recover and fail again, and how many it left out', () => {
    const clock = manualClock();
    const said: [string, number][] = [];
    const say = nowAndThen(clock, 30_000, (what: string, unsaid) => said.push([what, unsaid]));
    for (let second = 0; second < 65; second++) {
      for (let partition = 0; partition < 12; partition++) say(`away at ${second}`);
      clock.advanceMs(1_000);
    }
    expect(said).toEqual([
      ['away at 0', 0],
      ['away at 30', 12 * 30 - 1],
      ['away at 60', 12 * 30 - 1],
    ]);
  });
});
