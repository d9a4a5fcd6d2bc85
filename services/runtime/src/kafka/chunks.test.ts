import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunked } from './chunks.js';

describe('chunked', () => {
  it('keeps every record in order, and no request beyond a broker’s default but for a single large record', () => {
    const sizes = fc.array(fc.oneof(fc.nat({ max: 2_000 }), fc.nat({ max: 3_000_000 })), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, (given) => {
        const records = given.map((size, index) => ({ key: String(index), value: Buffer.alloc(size) }));
        const chunks = [...chunked(records)];
        expect(chunks.flat()).toEqual(records);
        for (const chunk of chunks) {
          expect(chunk.length).toBeGreaterThan(0);
          if (chunk.length > 1)
            expect(chunk.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)).toBeLessThan(1_000_000);
        }
      }),
      { numRuns: 30 },
    );
  });
});
