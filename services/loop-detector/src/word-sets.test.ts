// Word sets: overlap is Jaccard's, changes are the symmetric difference, and packing loses nothing that either needs.

import { bottomK, jaccardOfSketches, mix32 } from '@watchkeeper/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instructionResponsiveness, responsiveness } from './responsiveness.js';
import {
  ARGUMENTS,
  LEAD,
  MAX_UNITS,
  RESULT,
  changesBetween,
  overlap,
  packSets,
  setsFromBytes,
  setsToBytes,
  type WordSets,
} from './word-sets.js';

const spread = (ids: readonly number[]): number[] => ids.map((id) => mix32(id * 2_654_435_761 + 1));
const anyIds = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 90 });

function sets(lists: { args?: number[]; words?: number[]; result?: number[]; head?: number[] }): WordSets {
  const list = (ids: number[] = []) => ({ words: Uint32Array.from(spread(ids)), count: ids.length });
  return packSets([list(lists.args), list(lists.words), list(lists.result), list(lists.result), list(lists.head)]);
}

describe('word sets', () => {
  it('overlap like bottom-k sketches of the same size', () => {
    fc.assert(
      fc.property(anyIds, anyIds, (a, b) => {
        for (const [set, k] of [
          [ARGUMENTS, 20],
          [RESULT, 20],
          [LEAD, 16],
        ] as const) {
          const mine = overlap(sets({ args: a, result: a }), sets({ args: b, result: b }), set);
          if (a.length + b.length === 0) expect(mine).toBe(1);
          else expect(mine).toBe(jaccardOfSketches(bottomK(spread(a), k), bottomK(spread(b), k), k));
        }
      }),
    );
  });

  it('tell which words a call added and dropped, and which of them the results show', () => {
    const before = sets({ words: [1, 2, 3], head: [10, 3] });
    const now = sets({ words: [1, 2, 4, 5], head: [10, 4] });
    expect(changesBetween(now, before)).toEqual({ added: 2, addedShown: 1, removed: 1, removedShown: 1 });
    expect(responsiveness(now, before)).toBeCloseTo(2 / 3);
    expect(responsiveness(now, now)).toBe(0);
  });

  it('take a call that only leaves words out for narrowing', () => {
    const before = sets({ words: [1, 2, 3, 4] });
    expect(instructionResponsiveness(sets({ words: [1, 2] }), before)).toBe(1);
    expect(instructionResponsiveness(sets({ words: [1, 2, 5, 6] }), before)).toBe(0);
  });

  it('survive their bytes, and are bounded', () => {
    fc.assert(
      fc.property(anyIds, anyIds, anyIds, anyIds, (args, argWords, result, head) => {
        const packed = sets({ args, words: argWords, result, head });
        expect(setsFromBytes(setsToBytes(packed))).toBe(packed);
        expect(packed.length).toBeLessThanOrEqual(MAX_UNITS);
      }),
    );
    expect(MAX_UNITS).toBeLessThan(256);
  });
});
