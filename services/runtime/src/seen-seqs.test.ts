import fc from 'fast-check';
import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { SeenSeqs } from './seen-seqs.js';

const seqs = fc.array(fc.oneof(fc.integer({ min: -300, max: 300 }), fc.maxSafeInteger()), { maxLength: 200 });

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
