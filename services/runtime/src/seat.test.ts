import { describe, expect, it, vi } from 'vitest';
import type { Batch, PartitionWorker } from './contract.js';
import { deferred } from './deferred.js';
import { Seat } from './seat.js';

const batch: Batch = { topic: 't', partition: 0, records: [], nextOffset: 1, highWatermark: 1 };

function seatOf(worker: Partial<PartitionWorker>, idleMs = 0) {
  return new Seat({
    lane: {
      name: '',
      topics: ['t'],
      fetch: {},
      open: () =>
        Promise.resolve({
          onBatch: () => Promise.resolve({ kind: 'done' }),
          close: () => Promise.resolve(),
          ...worker,
        }),
    },
    assignment: { topic: 't', partition: 0, partitions: 1, committed: undefined },
    startOffset: 0,
    endOffset: 0,
    idleMs,
    group: {
      commit: () => Promise.resolve(),
      heartbeat: () => Promise.resolve(),
      msSinceHeartbeat: () => 0,
      sessionTimeoutMs: 1,
      signal: new AbortController().signal,
    },
  });
}

describe('Seat', () => {
  it('lets no two calls of a worker overlap, whoever calls', async () => {
    const goOn = deferred<undefined>();
    const begun = deferred<undefined>();
    const calls: string[] = [];
    const seat = seatOf({
      async onBatch() {
        calls.push('batch begins');
        begun.resolve(undefined);
        await goOn.promise;
        calls.push('batch ends');
        return { kind: 'done' };
      },
      onIdle: () => Promise.resolve(void calls.push('idle')),
      close: () => Promise.resolve(void calls.push('close')),
    });
    await seat.open();
    const delivered = seat.deliver(batch);
    await begun.promise;
    const all = [delivered, seat.deliver(batch).catch(() => undefined), seat.tellIdle(), seat.lose()];
    goOn.resolve(undefined);
    await Promise.all(all);
    expect(calls).toEqual(['batch begins', 'batch ends', 'close']);
  });

  it('tells idleness once per idleMs of nothing, also when asked twice at the same time', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      let told = 0;
      const seat = seatOf(
        {
          onIdle() {
            told++;
            return Promise.resolve();
          },
        },
        100,
      );
      await seat.open();
      await seat.tellIdle();
      expect(told).toBe(0);
      vi.advanceTimersByTime(100);
      await Promise.all([seat.tellIdle(), seat.tellIdle()]);
      expect(told).toBe(1);
      vi.advanceTimersByTime(60);
      await seat.deliver(batch);
      vi.advanceTimersByTime(60);
      await seat.tellIdle();
      expect(told).toBe(1);
      vi.advanceTimersByTime(40);
      await seat.tellIdle();
      expect(told).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('begins no call once it is lost', async () => {
    let calls = 0;
    const seat = seatOf({
      onBatch: () => Promise.resolve((calls++, { kind: 'done' as const })),
    });
    await seat.open();
    seat.fence();
    await expect(seat.deliver(batch)).rejects.toMatchObject({ code: 'WK_FENCED' });
    await seat.tellIdle();
    expect(calls).toBe(0);
  });

  it('reads on where the state of its worker says, and never behind what was committed', async () => {
    for (const [startOffset, position] of [
      [7, 7],
      [undefined, 0],
    ] as const) {
      const seat = seatOf({ startOffset });
      await seat.open();
      expect(seat.position).toBe(position);
    }
  });

  it('lets one tick wait behind a batch, however many are asked for, and none once it is lost', async () => {
    const goOn = deferred<undefined>();
    const onTick = vi.fn(() => Promise.resolve());
    const seat = seatOf({
      async onBatch() {
        await goOn.promise;
        return { kind: 'done' };
      },
      onTick,
    });
    await seat.open();
    const delivered = seat.deliver(batch);
    const ticks = [seat.tick(), seat.tick(), seat.tick()];
    goOn.resolve(undefined);
    await Promise.all([delivered, ...ticks]);
    expect(onTick).toHaveBeenCalledTimes(1);
    await seat.tick();
    expect(onTick).toHaveBeenCalledTimes(2);
    await seat.lose();
    await seat.tick();
    expect(onTick).toHaveBeenCalledTimes(2);
  });
});
