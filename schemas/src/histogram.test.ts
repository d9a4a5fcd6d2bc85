// Laws of the mergeable histogram.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HISTOGRAM_RELATIVE_ERROR,
  addToHistogram,
  histogramArrays,
  histogramBucket,
  histogramCount,
  histogramQuantile,
  histogramValue,
  mergeHistogram,
  type Histogram,
} from '@watchkeeper/schemas';

const of = (values: readonly number[]): Histogram => {
  const histogram: Histogram = new Map();
  for (const value of values) addToHistogram(histogram, histogramBucket(value));
  return histogram;
};
const values = fc.array(fc.integer({ min: 0, max: 1e12 }), { maxLength: 60 });

describe('log-histogram', () => {
  it('stands for every value from 1 to 1e17 within the stated relative error', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e17, noNaN: true }), (value) => {
        const near = histogramValue(histogramBucket(value));
        expect(Math.abs(near - value) / value).toBeLessThanOrEqual(HISTOGRAM_RELATIVE_ERROR + 1e-6);
      }),
    );
  });

  it('never orders buckets against their values', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true }), fc.double({ min: 0, noNaN: true }), (a, b) => {
        expect(histogramBucket(Math.min(a, b))).toBeLessThanOrEqual(histogramBucket(Math.max(a, b)));
      }),
    );
  });

  it('takes what is no positive number for 0', () => {
    for (const value of [NaN, -1, 0, 0.5, -Infinity]) expect(histogramBucket(value)).toBe(0);
    expect(histogramBucket(Infinity)).toBe(histogramBucket(1e19));
  });

  it('gives the same merged arrays in any order of adding', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 5 }), (parts) => {
        const forward: Histogram = new Map();
        const backward: Histogram = new Map();
        for (const part of parts) mergeHistogram(forward, histogramArrays(of(part)));
        for (const part of [...parts].reverse()) mergeHistogram(backward, histogramArrays(of(part)));
        expect(histogramArrays(forward)).toEqual(histogramArrays(backward));
        expect(histogramArrays(forward)).toEqual(histogramArrays(of(parts.flat())));
      }),
    );
  });

  it('keeps the count and finds quantiles within the relative error', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 99 }), (list) => {
        const sorted = [...list].sort((a, b) => a - b);
        const histogram = of(list);
        expect(histogramCount(histogram)).toBe(list.length);
        for (const q of [0.01, 0.5, 0.95, 1]) {
          const exact = sorted[Math.ceil(q * list.length) - 1]!;
          expect(Math.abs(histogramQuantile(histogram, q) / exact - 1)).toBeLessThanOrEqual(0.0501);
        }
      }),
    );
    expect(histogramQuantile(new Map(), 0.5)).toBe(0);
  });

  it('ignores arrays of unlike length and counts that are not positive', () => {
    const histogram: Histogram = new Map();
    mergeHistogram(histogram, { buckets: [1, 2, 3], counts: [4, -1] });
    expect(histogramArrays(histogram)).toEqual({ buckets: [1], counts: [4] });
  });
});
