import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, noDecisions, ratesOf, type Confusion } from './confusion.js';

const counted = (pairs: readonly (readonly [boolean, boolean])[]): Confusion => {
  const counts = noDecisions();
  for (const [truth, flagged] of pairs) count(counts, truth, flagged);
  return counts;
};

describe('ratesOf', () => {
  it('gives the textbook values', () => {
    const rates = ratesOf({ tp: 6, fp: 2, fn: 3, tn: 9 });
    expect(rates.precision).toBeCloseTo(0.75, 12);
    expect(rates.recall).toBeCloseTo(6 / 9, 12);
    expect(rates.f1).toBeCloseTo(12 / 17, 12);
    expect(rates.fpr).toBeCloseTo(2 / 11, 12);
    expect(rates.mcc).toBeCloseTo((6 * 9 - 2 * 3) / Math.sqrt(8 * 9 * 11 * 12), 12);
  });

  it("gives Matthews' -1/3 for the truth 1 1 1 0 and the guess 1 0 1 1", () => {
    const pairs = [
      [true, true],
      [true, false],
      [true, true],
      [false, true],
    ] as const;
    expect(ratesOf(counted(pairs)).mcc).toBeCloseTo(-1 / 3, 12);
  });

  it('says null where there is nothing to divide by, and 0 where nothing correlates', () => {
    expect(ratesOf({ tp: 0, fp: 0, fn: 4, tn: 5 })).toEqual({ precision: null, recall: 0, f1: 0, mcc: 0, fpr: 0 });
    expect(ratesOf({ tp: 0, fp: 2, fn: 0, tn: 8 })).toEqual({
      precision: 0,
      recall: null,
      f1: null,
      mcc: null,
      fpr: 0.2,
    });
  });

  it('gives the harmonic mean as F1 and MCC within its bounds', () => {
    const some = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(some, some, some, some, (tp, fp, fn, tn) => {
        const { precision, recall, f1, mcc } = ratesOf({ tp, fp, fn, tn });
        expect(f1).toBeCloseTo(2 / (1 / precision! + 1 / recall!), 10);
        expect(Math.abs(mcc!)).toBeLessThanOrEqual(1 + 1e-12);
        expect(ratesOf({ tp: fn, fp: tn, fn: tp, tn: fp }).mcc).toBeCloseTo(-mcc!, 10);
      }),
    );
  });
});
