// The ledger's arithmetic: every way to lose or double an offset shows, and nothing else does.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isClean, ledgerOf, partitionLedger, type PartitionFacts } from './ledger.js';

const whole = (n: number): PartitionFacts => ({
  topic: 'agent.events',
  partition: 0,
  begin: 0,
  end: n,
  committed: n,
  receipts: {
    first: 0,
    next: n,
    skipped: 0,
    overlap: 0,
    rows: n,
    deadLetters: 0,
    holes: 0,
    lost: 0,
    checkableRows: n,
    checkableLetters: 0,
  },
  stored: { rows: n, distinct: n },
  letters: 0,
});

describe('partitionLedger', () => {
  it('finds nothing where every offset landed once', () => {
    expect(partitionLedger(whole(100))).toMatchObject({ produced: 100, landed: 100, gaps: 0, duplicates: 0, lag: 0 });
  });

  it('calls what is not passed yet lag, not a gap', () => {
    expect(partitionLedger({ ...whole(100), end: 160 })).toMatchObject({ gaps: 0, lag: 60 });
  });

  it('shows rows that vanished, rows that are there twice, and both at once', () => {
    const stored = (rows: number, distinct: number) => partitionLedger({ ...whole(100), stored: { rows, distinct } });
    expect(stored(93, 93)).toMatchObject({ gaps: 7, duplicates: 0, landed: 93 });
    expect(stored(104, 100)).toMatchObject({ gaps: 0, duplicates: 4 });
    expect(stored(100, 97)).toMatchObject({ gaps: 3, duplicates: 3 });
    expect(stored(102, 102)).toMatchObject({ gaps: 0, duplicates: 2 });
  });

  it('shows blocks without a receipt, before, between and behind the others, and receipts that overlap', () => {
    const receipts = (over: Partial<PartitionFacts['receipts']>) =>
      partitionLedger({ ...whole(100), receipts: { ...whole(100).receipts!, ...over } });
    expect(receipts({ first: 10 })).toMatchObject({ gaps: 10 });
    expect(receipts({ skipped: 5 })).toMatchObject({ gaps: 5 });
    expect(receipts({ next: 80 })).toMatchObject({ gaps: 20 });
    expect(receipts({ skipped: 5, overlap: 5 })).toMatchObject({ gaps: 5, duplicates: 5 });
  });

  it('calls what was committed past without a receipt a gap: ClickHouse was emptied', () => {
    const empty = { ...whole(100), receipts: undefined, stored: { rows: 0, distinct: 0 } };
    expect(partitionLedger(empty)).toMatchObject({ gaps: 100, lag: 0 });
    expect(partitionLedger({ ...empty, from: 70 })).toMatchObject({ gaps: 30, produced: 30 });
  });

  it('never reads clean where the log ends below what landed: Kafka was made anew', () => {
    const facts = { ...whole(100), end: 30 };
    expect(partitionLedger(facts)).toMatchObject({ beyondEnd: 70 });
    expect(isClean(ledgerOf({ facts: [facts] }))).toBe(false);
  });

  it('calls what retention removed before it was read a gap, until a person accepts it', () => {
    expect(partitionLedger({ ...whole(100), begin: 120, end: 150 })).toMatchObject({ gaps: 20, lag: 30 });
  });

  it('counts dead letters, holes and accepted gaps as accounted for, and misses a letter that is nowhere', () => {
    const receipts = {
      ...whole(100).receipts!,
      rows: 80,
      checkableRows: 80,
      deadLetters: 10,
      checkableLetters: 10,
      holes: 6,
      lost: 4,
    };
    const facts = { ...whole(100), receipts, stored: { rows: 80, distinct: 80 }, letters: 10 };
    expect(partitionLedger(facts)).toMatchObject({
      gaps: 0,
      duplicates: 0,
      deadLettered: 10,
      holes: 6,
      acceptedGaps: 4,
    });
    expect(partitionLedger({ ...facts, letters: 8 })).toMatchObject({ gaps: 2, deadLettered: 8 });
    expect(partitionLedger({ ...facts, letters: 8 }, true)).toMatchObject({ gaps: 0 });
  });

  it('forgives rows that TTL removed, and retention of the log', () => {
    const receipts = { ...whole(100).receipts!, checkableRows: 40 };
    expect(partitionLedger({ ...whole(100), begin: 50, receipts, stored: { rows: 40, distinct: 40 } })).toMatchObject({
      gaps: 0,
      duplicates: 0,
      produced: 100,
      landed: 100,
    });
  });

  it('accounts for every offset exactly once, whatever is missing', () => {
    fc.assert(
      fc.property(
        fc.record({ rows: fc.nat(500), letters: fc.nat(50), holes: fc.nat(50), lost: fc.nat(50), skipped: fc.nat(50) }),
        fc.record({ ahead: fc.nat(30), unreceipted: fc.nat(30), vanished: fc.nat(20), doubled: fc.nat(20) }),
        (sums, fault) => {
          const next = sums.rows + sums.letters + sums.holes + sums.lost + sums.skipped;
          const distinct = Math.max(0, sums.rows - fault.vanished);
          const committed = next + fault.unreceipted;
          const line = partitionLedger({
            topic: 't',
            partition: 0,
            begin: 0,
            end: committed + fault.ahead,
            committed,
            receipts: {
              first: 0,
              next,
              skipped: sums.skipped,
              overlap: 0,
              rows: sums.rows,
              deadLetters: sums.letters,
              holes: sums.holes,
              lost: sums.lost,
              checkableRows: sums.rows,
              checkableLetters: sums.letters,
            },
            stored: { rows: distinct + fault.doubled, distinct },
            letters: sums.letters,
          });
          const { produced, landed, deadLettered, holes, acceptedGaps, gaps, lag } = line;
          expect(landed + deadLettered + holes + acceptedGaps + gaps + lag).toBe(produced);
          expect(line.duplicates).toBe(fault.doubled);
        },
      ),
    );
  });
});

describe('ledgerOf', () => {
  it('sums partitions', () => {
    const bad = { ...whole(10), stored: { rows: 8, distinct: 8 } };
    expect(ledgerOf({ facts: [whole(5), bad], repeated: 3 })).toMatchObject({
      landed: 13,
      gaps: 2,
      duplicates: 0,
      lag: 0,
      repeatedEvents: 3,
    });
  });

  it('is not clean where a rollup counted twice', () => {
    const rollups = [{ table: 'agent_minute', extra: 1, missing: 0, keys: 1 }];
    expect(isClean(ledgerOf({ facts: [whole(5)], rollups: [] }))).toBe(true);
    expect(isClean(ledgerOf({ facts: [whole(5)], rollups }))).toBe(false);
  });
});
