import { StateReader, StateWriter } from '@watchkeeper/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGENT, AUTHORITY, TOOL, TokenTable } from './token-table.js';

const copyOf = (table: TokenTable): TokenTable => {
  const writer = new StateWriter(3);
  table.write(writer);
  return TokenTable.read(new StateReader(writer.done(), [3]));
};

describe('TokenTable', () => {
  it('gives back what was put, by hash', () => {
    const table = new TokenTable();
    table.put(7, 4, TOOL, 0.5, 1);
    const slot = table.find(7);
    expect([table.originAt(slot), table.kindAt(slot)]).toEqual([TOOL, 4]);
    expect(table.relevanceAt(slot)).toBeCloseTo(0.5, 1);
    expect(table.find(8)).toBe(-1);
  });

  it('never grows beyond 32 KB, and keeps authority and the newest when it makes room', () => {
    const table = new TokenTable();
    table.put(1, 0, AUTHORITY, 1, 0);
    for (let i = 2; i < 50_000; i++) table.put(Math.imul(i, 2_654_435_761) >>> 0, 0, AGENT, 0.1, i >> 4);
    expect(table.bytes).toBeLessThanOrEqual(32_768);
    expect(table.find(1)).toBeGreaterThanOrEqual(0);
    expect(table.find(Math.imul(49_999, 2_654_435_761) >>> 0)).toBeGreaterThanOrEqual(0);
    expect(table.find(Math.imul(2, 2_654_435_761) >>> 0)).toBe(-1);
  });

  it('goes on after decoding as if nothing had happened', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { maxLength: 300 }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        (hashes, step) => {
          const table = new TokenTable();
          hashes.forEach((hash, i) => table.put(hash, i & 7, (i % 3) + 1, (i % 10) / 10, i));
          const copy = copyOf(table);
          for (let i = 1; i < 4_000; i++) {
            const hash = Math.imul(i, step | 1) >>> 0 || 1;
            table.put(hash, 0, TOOL, 0.2, hashes.length + i);
            copy.put(hash, 0, TOOL, 0.2, hashes.length + i);
          }
          expect(copy.size).toBe(table.size);
          for (const hash of hashes) expect(copy.find(hash) >= 0).toBe(table.find(hash) >= 0);
        },
      ),
      { numRuns: 15 },
    );
  });
});
