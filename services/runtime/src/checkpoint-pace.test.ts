import { describe, expect, it } from 'vitest';
import { CheckpointPace } from './checkpoint-pace.js';

describe('CheckpointPace', () => {
  it('puts the first checkpoints of partitions one after the other, and the next an interval after each', () => {
    const pace = new CheckpointPace({ intervalMs: 1_000 });
    const partitions = [1, 2, 3, 4].map((n) => pace.partition(String(n), 0, n / 4));
    expect(partitions.map((one) => one.isDue(499))).toEqual([true, false, false, false]);
    expect(partitions.map((one) => one.isDue(1_000))).toEqual([true, true, true, true]);
    partitions[0]!.took(1, 1_000);
    expect(partitions[0]!.isDue(1_999)).toBe(false);
    expect(partitions[0]!.isDue(2_000)).toBe(true);
  });

  it('is due early where the log end was reached and nothing came since, and only there', () => {
    const pace = new CheckpointPace({ intervalMs: 10_000, quietMs: 500 });
    const partition = pace.partition('a', 0, 1);
    partition.gotInput(100, false);
    expect(partition.isDue(5_000)).toBe(false);
    partition.gotInput(5_000, true);
    expect([partition.isDue(5_499), partition.isDue(5_500)]).toEqual([false, true]);
    partition.gotInput(5_400, false);
    expect(partition.isDue(9_000)).toBe(false);
  });

  it('waits several intervals while the log is read from behind', () => {
    const pace = new CheckpointPace({ intervalMs: 1_000, behind: 4 });
    const partition = pace.partition('a', 0, 1);
    partition.gotInput(100, false);
    expect([partition.isDue(3_999), partition.isDue(4_000)]).toEqual([false, true]);
    partition.gotInput(200, true);
    expect(partition.isDue(1_000)).toBe(true);
  });

  it('grows the interval where the lane’s checkpoints together take more than their share, up to a bound', () => {
    const pace = new CheckpointPace({ intervalMs: 1_000, maxShare: 0.1, longestMs: 5_000 });
    const [a, b] = ['a', 'b'].map((place) => pace.partition(place, 0, 1));
    a!.took(50, 0);
    expect(pace.intervalMs).toBe(1_000);
    b!.took(150, 0);
    expect(pace.intervalMs).toBe(2_000);
    b!.took(10_000, 0);
    expect(pace.intervalMs).toBe(5_000);
    b!.end();
    expect(pace.intervalMs).toBe(1_000);
  });
});
