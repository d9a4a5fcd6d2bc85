// The search for bad rows: finds exactly them, in order, at the price of few parses.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawRow } from './container.js';
import { findPoison } from './poison.js';
import type { StoreOutcome } from './store.js';

const rowsOf = (n: number): RawRow[] =>
  Array.from({ length: n }, (_, offset) => ({ offset, timestampMs: 0, value: Buffer.alloc(0), bodyStart: 0 }));

describe('findPoison', () => {
  it('finds exactly the rows that do not parse', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 500 }), fc.array(fc.nat(499), { maxLength: 5 }), async (n, bad) => {
        let parses = 0;
        const parse = (rows: readonly RawRow[]): Promise<StoreOutcome> => {
          parses += 1;
          const refused = rows.some((row) => bad.includes(row.offset));
          return Promise.resolve(refused ? { kind: 'refused', error: new Error('no') } : { kind: 'stored' });
        };
        const expected = [...new Set(bad)].filter((offset) => offset < n).sort((a, b) => a - b);
        const search = await findPoison(rowsOf(n), parse);
        expect(search.kind === 'found' && search.bad.map(({ row }) => row.offset)).toEqual(expected);
        expect(parses).toBeLessThanOrEqual(1 + expected.length * 2 * 10);
      }),
    );
  });

  it('gives up where the engine is away', async () => {
    const away: StoreOutcome = { kind: 'away', error: new Error('gone') };
    expect(await findPoison(rowsOf(3), () => Promise.resolve(away))).toEqual(away);
  });
});
