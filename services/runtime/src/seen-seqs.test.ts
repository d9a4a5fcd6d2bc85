import fc from 'fast-check';
import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { SeenSeqs } from './seen-seqs.js';

const steps = fc
  .array(fc.integer({ min: 1, max: 4 }), { maxLength: 200 })
  .map((gaps) => gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0)));
const anyhow = fc.array(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -300, max: 300 }) }, fc.maxSafeInteger()), {
  maxLength: 200,
});
const seqs = fc.oneof(anyhow, steps);

describe('SeenSeqs', () => {
  it('knows exactly the last 128, and calls nothing older seen', () => {
    fc.assert(
      fc.property(seqs, (given) => {
        const seen = new SeenSeqs();
        const model = new Set<number>();
        for (const seq of given) {
          const known = seq <= seen.last && seq > seen.last - 128;
          expect(seen.has(seq)).toBe(known && model.has(seq));
          seen.add(seq);
          model.add(seq);
        }
        expect(seen.last).toBe(Math.max(-1, ...given));
        for (let seq = seen.last; seq > seen.last - 128; seq--) expect(seen.has(seq)).toBe(model.has(seq));
      }),
    );
  });

  it('survives its encoding', () => {
    fc.assert(
      fc.property(seqs, (given) => {
        const seen = new SeenSeqs();
        for (const seq of given) seen.add(seq);
        const writer = new StateWriter(1);
        seen.write(writer);
        const read = SeenSeqs.read(new StateReader(writer.done(), [1]));
        expect(read.last).toBe(seen.last);
        for (let back = 0; back < 130; back++) expect(read.has(seen.last - back)).toBe(seen.has(seen.last - back));
      }),
    );
  });
});
