// The ledger's arithmetic: every way to lose or double an offset shows, and nothing else does.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ledgerOf, partitionLedger, type PartitionFacts } from './ledger.js';

const whole = (n: number): PartitionFacts => ({
  topic: 'agent.events',
  partition: 0,
  begin: 0,
  end: n,
  committed: n,
  receipts: { first: 0, next: n, covered: n, rows: n, deadLetters: 0, holes: 0, lost: 0, checkableRows: n },
  stored: { rows: n, comparedRows: n, comparedDistinct: n },
});

describe('partitionLedger', () => {
  it('finds nothing where every offset landed once', () => {
    expect(partitionLedger(whole(100))).toMatchObject({ produced: 100, landed: 100, gaps: 0, duplicates: 0, lag: 0 });
  });

  it('calls what is not passed yet lag, not a gap', () => {
    expect(partitionLedger({ ...whole(100), end: 160 })).toMatchObject({ gaps: 0, lag: 60 });
  });

  it('shows rows that vanished, rows that are there twice, and blocks without a receipt', () => {
    const facts = whole(100);
    expect(partitionLedger({ ...facts, stored: { rows: 93, comparedRows: 93, comparedDistinct: 93 } })).toMatchObject({
      gaps: 7,
    });
    expect(
      partitionLedger({ ...facts, stored: { rows: 104, comparedRows: 104, comparedDistinct: 100 } }),
    ).toMatchObject({ duplicates: 4, gaps: 0 });
    expect(
      partitionLedger({
        ...facts,
        receipts: { ...facts.receipts!, covered: 90, rows: 90, checkableRows: 90 },
        stored: { rows: 90, comparedRows: 90, comparedDistinct: 90 },
      }),
    ).toMatchObject({ gaps: 10 });
    expect(partitionLedger({ ...facts, receipts: { ...facts.receipts!, covered: 110 } })).toMatchObject({
      duplicates: 10,
    });
  });

  it('calls what was committed past without a receipt a gap: ClickHouse was emptied', () => {
    expect(
      partitionLedger({
        ...whole(100),
        receipts: undefined,
        stored: { rows: 0, comparedRows: 0, comparedDistinct: 0 },
      }),
    ).toMatchObject({ gaps: 100, lag: 0 });
  });

  it('counts dead letters, holes and accepted gaps as accounted for', () => {
    const facts = whole(100);
    const receipts = { ...facts.receipts!, rows: 80, checkableRows: 80, deadLetters: 10, holes: 6, lost: 4 };
    expect(
      partitionLedger({ ...facts, receipts, stored: { rows: 80, comparedRows: 80, comparedDistinct: 80 } }),
    ).toMatchObject({
      gaps: 0,
      duplicates: 0,
      deadLettered: 10,
      holes: 6,
      acceptedGaps: 4,
    });
  });

  it('forgives rows that TTL removed, and retention of the log', () => {
    const facts = whole(100);
    const receipts = { ...facts.receipts!, checkableRows: 40 };
    expect(
      partitionLedger({ ...facts, begin: 50, receipts, stored: { rows: 40, comparedRows: 40, comparedDistinct: 40 } }),
    ).toMatchObject({ gaps: 0, duplicates: 0, produced: 100 });
  });

  it('is clean exactly if offsets tile and rows agree, for any blocks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ rows: fc.nat(50), dead: fc.nat(5), holes: fc.nat(5) }), { maxLength: 20 }),
        fc.nat(30),
        fc.integer({ min: -9, max: 9 }),
        (blocks, ahead, off) => {
          const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
          const covered = blocks.reduce((sum, block) => sum + block.rows + block.dead + block.holes, 0);
          const stored = Math.max(0, rows + off);
          const line = partitionLedger({
            topic: 't',
            partition: 0,
            begin: 0,
            end: covered + ahead,
            committed: covered,
            receipts: {
              first: 0,
              next: covered,
              covered,
              rows,
              deadLetters: 0,
              holes: 0,
              lost: 0,
              checkableRows: rows,
            },
            stored: { rows: stored, comparedRows: stored, comparedDistinct: Math.min(rows, stored) },
          });
          expect({ gaps: line.gaps, duplicates: line.duplicates, lag: line.lag }).toEqual({
            gaps: Math.max(0, rows - stored),
            duplicates: Math.max(0, stored - rows),
            lag: ahead,
          });
        },
      ),
    );
  });
});

describe('ledgerOf', () => {
  it('sums partitions', () => {
    const bad = { ...whole(10), stored: { rows: 8, comparedRows: 8, comparedDistinct: 8 } };
    expect(ledgerOf([whole(5), bad], 3)).toMatchObject({
      landed: 15,
      gaps: 2,
      duplicates: 0,
      lag: 0,
      repeatedEvents: 3,
    });
  });
});
