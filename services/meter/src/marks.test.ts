// Laws of marks.

import { describe, expect, it } from 'vitest';
import { writerTypes } from '@watchkeeper/schemas';
import { EMPTY_PARTITION, closedUntil, markKeeper, markOf } from './marks.js';

const W = 10_000_000;

describe('marks', () => {
  it('fit the contract', () => {
    expect(writerTypes.Measure.isValid(markOf(3, 12, 50 * W))).toBe(true);
  });

  it('close only whole windows, and one mark stands for all that a leap closes', () => {
    const keeper = markKeeper(W);
    expect(closedUntil(W * 3 + 1, W)).toBe(W * 3);
    expect(keeper.next(0, W * 2 + 5)).toBe(W * 2);
    expect(keeper.next(0, W * 2 + 9)).toBeUndefined();
    expect(keeper.next(0, W * 900 + 1)).toBe(W * 900);
    expect(keeper.next(0, W * 7)).toBeUndefined();
    expect(keeper.next(1, W * 7)).toBe(W * 7);
    expect(keeper.next(2, -Infinity)).toBeUndefined();
  });

  it('move an idle partition on as fast as the clock, however far in the past its events lie', () => {
    const keeper = markKeeper(W);
    const lastRecord = 2e15;
    const watermark = 1e15;
    const first = keeper.idle(0, watermark, lastRecord + 5e6, lastRecord);
    expect(first).toBe(watermark + 5e6);
    expect(keeper.idle(0, watermark + 5e6, lastRecord + 15e6, lastRecord)).toBe(watermark + 15e6);
  });

  it('count from the last record again once one has come', () => {
    const keeper = markKeeper(W);
    keeper.idle(0, 1e15, 2e15 + 5e6, 2e15);
    expect(keeper.idle(0, 1e15 + 90e6, 2e15 + 105e6, 2e15 + 100e6)).toBe(1e15 + 95e6);
  });

  it('call a partition empty once another one lives, or after a minute of patience', () => {
    const keeper = markKeeper(W);
    const idle = (): number | undefined => keeper.idle(1, -Infinity, 2e15, -1000);
    expect(idle()).toBeUndefined();
    keeper.next(0, 1e15);
    expect(idle()).toBe(EMPTY_PARTITION);
    const alone = markKeeper(W);
    const waits = Array.from({ length: 12 }, () => alone.idle(1, -Infinity, 2e15, -1000));
    expect(waits.filter((wait) => wait === EMPTY_PARTITION)).toHaveLength(1);
    expect(alone.next(1, EMPTY_PARTITION)).toBe(EMPTY_PARTITION);
  });
});
