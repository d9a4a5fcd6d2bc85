import { describe, expect, it } from 'vitest';
import { intervals } from './bootstrap.js';

const share = (values: readonly number[]) => (weights: ArrayLike<number>) => ({
  share: values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0) / values.length,
});
const thirty = Array.from({ length: 400 }, (_, i) => (i % 10 < 3 ? 1 : 0));

describe('intervals', () => {
  it("has the normal approximation's width for a share", () => {
    const { share: interval } = intervals(400, share(thirty), { draws: 2_000, seed: 7 });
    const halfWidth = 1.96 * Math.sqrt((0.3 * 0.7) / 400);
    expect(interval![0]).toBeCloseTo(0.3 - halfWidth, 1.7);
    expect(interval![1]).toBeCloseTo(0.3 + halfWidth, 1.7);
  });

  it('is the same for the same seed and another for another', () => {
    const of = (seed: number) => intervals(400, share(thirty), { draws: 50, seed });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it('draws as many sessions as there are', () => {
    intervals(
      30,
      (weights) => {
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(30);
        return {};
      },
      { draws: 20, seed: 1 },
    );
  });

  it('leaves out draws in which a figure is undefined, and figures that no draw defines', () => {
    let draw = 0;
    const found = intervals(5, () => ({ often: draw++ % 2 === 0 ? 3 : null, never: null }), { draws: 20, seed: 1 });
    expect(found).toEqual({ often: [3, 3] });
  });
});
