// Laws of the tally.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateReader, StateWriter, histogramArrays, mergeHistogram, type HistogramArrays } from '@watchkeeper/schemas';
import { Tally, countOf, mergedArrays } from './tally.js';

/** Ascending as the contract has it, or in any order with counts that are none. */
const arrays: fc.Arbitrary<HistogramArrays> = fc
  .array(fc.tuple(fc.nat(40), fc.integer({ min: -1, max: 9 })), { maxLength: 12 })
  .map((pairs) => ({ buckets: pairs.map(([bucket]) => bucket), counts: pairs.map(([, count]) => count) }));
const held = (tally: Tally): HistogramArrays => ({
  buckets: tally.buckets.slice(0, tally.size),
  counts: tally.counts.slice(0, tally.size),
});

describe('tally', () => {
  it('holds what a map of counts would, in ascending order, however often it was emptied before', () => {
    fc.assert(
      fc.property(fc.array(arrays), arrays, (parts, before) => {
        const tally = new Tally();
        tally.add(before);
        tally.clear();
        const map = new Map<number, number>();
        for (const part of parts) {
          tally.add(part);
          mergeHistogram(map, part);
        }
        expect(held(tally)).toEqual(histogramArrays(map));
        expect(tally.total).toBe(parts.reduce((sum, part) => sum + countOf(part), 0));
        const writer = new StateWriter(1);
        tally.encode(writer);
        const again = new Tally();
        again.decode(new StateReader(writer.done(), [1]));
        expect([held(again), again.total]).toEqual([held(tally), tally.total]);
      }),
    );
  });

  it('merges two histograms without touching either, in either order alike', () => {
    fc.assert(
      fc.property(arrays, arrays, (one, other) => {
        const before = structuredClone([one, other]);
        expect(mergedArrays(one, other)).toEqual(mergedArrays(other, one));
        expect([one, other]).toEqual(before);
      }),
    );
  });
});
