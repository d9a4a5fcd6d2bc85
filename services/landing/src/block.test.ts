// Blocks tile the log: no offset in two, none in no block.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutBlock, holesOf, recutBlock } from './block.js';
import { aRecord } from './test-support.js';

describe('cutBlock', () => {
  it('tiles any fetch, within its limits, and is found again by its ends', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(80)),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(3),
        (offsets, rows, bytes, tail) => {
          const records = offsets.sort((a, b) => a - b).map((offset) => aRecord(offset, Buffer.alloc(offset % 20)));
          const end = (offsets.at(-1) ?? 0) + 1 + tail;
          let position = 0;
          let rest = records;
          let seen = 0;
          while (position < end) {
            const block = cutBlock(position, rest, end, { rows, bytes });
            expect(block.first).toBe(position);
            expect(block.records.length).toBeLessThanOrEqual(rows);
            const size = block.records.reduce((sum, one) => sum + (one.value?.length ?? 0), 0);
            expect(block.records.length === 1 || size <= bytes).toBe(true);
            expect(recutBlock(block.first, block.last, records)).toEqual(block);
            expect(holesOf(block)).toBe(block.last - block.first + 1 - block.records.length);
            position = block.last + 1;
            rest = rest.slice(block.records.length);
            seen += block.records.length;
          }
          expect(seen).toBe(records.length);
        },
      ),
    );
  });
});
