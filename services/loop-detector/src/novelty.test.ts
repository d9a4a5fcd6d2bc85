// Novelty: what was said before is not news, and the memory of it is bounded.

import { HashList, StateReader, StateWriter, tokenHashPairs } from '@watchkeeper/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingSeen, readSeen, see, seeSketch, seeWords, writeSeen, type Seen } from './novelty.js';
import { words } from './testing/events.js';

function hashes(text: string): HashList {
  const list = new HashList();
  tokenHashPairs(text, list, undefined);
  return list;
}

function encoded(seen: Seen): Buffer {
  const out = new StateWriter(1);
  writeSeen(out, seen);
  return out.done();
}

describe('novelty', () => {
  it('is 1 for a text that was never seen, and 0 for one that was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const seen = nothingSeen();
        expect(seeWords(seen, hashes(words(seed, 30))).share).toBeGreaterThan(0.95);
        expect(seeWords(seen, hashes(words(seed, 30))).share).toBe(0);
      }),
    );
  });

  it('is the share of new word pairs: one changed word changes two', () => {
    const seen = nothingSeen();
    seeWords(seen, hashes('one two three four five six seven eight nine ten eleven'));
    const { pairs, share } = seeWords(seen, hashes('one two three four five SIX7 seven eight nine ten eleven'));
    expect(pairs).toBe(10);
    expect(share).toBeCloseTo(0.2);
  });

  it('counts a pair that a text repeats once, and a lone word as itself', () => {
    expect(seeWords(nothingSeen(), hashes('a b a b a b')).pairs).toBe(2);
    expect(seeWords(nothingSeen(), hashes('done'))).toEqual({ pairs: 1, share: 1 });
    expect(seeWords(nothingSeen(), hashes(''))).toEqual({ pairs: 0, share: 0 });
  });

  it('still knows the last 1,500 pairs, forgets after two generations, and mistakes few new ones for known', () => {
    const seen = nothingSeen();
    const old = words(1, 500);
    seeWords(seen, hashes(old));
    for (let i = 2; i < 4; i++) seeWords(seen, hashes(words(i, 500)));
    expect(seeWords(seen, hashes(old)).share).toBeLessThan(0.05);
    for (let i = 4; i < 40; i++) expect(seeWords(seen, hashes(words(i, 500))).share).toBeGreaterThan(0.9);
    expect(seeWords(seen, hashes(old)).share).toBeGreaterThan(0.9);
  });

  it('stays below 4.2 kB encoded, and small for a short session', () => {
    const seen = nothingSeen();
    expect(encoded(seen).length).toBeLessThan(8);
    seeWords(seen, hashes(words(1, 50)));
    expect(encoded(seen).length).toBeLessThan(300);
    for (let i = 0; i < 100_000; i++) see(seen, Math.imul(i, 2_654_435_761) >>> 0);
    expect(encoded(seen).length).toBeLessThan(4_200);
  });

  it('is the same after encode and decode, sparse or dense', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 4_000 }), (some) => {
        const seen = nothingSeen();
        for (const hash of some) see(seen, hash);
        expect(readSeen(new StateReader(encoded(seen), [1]))).toEqual(seen);
      }),
      { numRuns: 20 },
    );
  });

  it('counts a changed word of a sketch as two pairs', () => {
    const seen = nothingSeen();
    seeSketch(
      seen,
      Uint32Array.from({ length: 10 }, (_, i) => i * 99_991 + 1),
    );
    const changed = Uint32Array.from({ length: 10 }, (_, i) => (i === 4 ? 4_000_000_007 : i * 99_991 + 1));
    expect(seeSketch(seen, changed).share).toBeCloseTo(0.2);
  });
});
