import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bounded, ownCopy } from './bounded.js';

const anyUnits = fc.string({ unit: 'binary', maxLength: 200 });
const loneSurrogates = fc.array(fc.integer({ min: 0, max: 0xffff })).map((all) => String.fromCharCode(...all));

describe('a copy of its own', () => {
  it('is the same text unit by unit, well-formed or not', () => {
    fc.assert(
      fc.property(fc.oneof(anyUnits, loneSurrogates), (text) => {
        expect(ownCopy(text)).toBe(text);
      }),
    );
  });
});

describe('a bounded text', () => {
  it('has at most so many units, survives UTF-8, and is the text itself where it is short and well-formed', () => {
    fc.assert(
      fc.property(fc.oneof(anyUnits, loneSurrogates), fc.nat(120), (text, max) => {
        const short = bounded(text, max);
        expect(short.length).toBeLessThanOrEqual(max);
        expect(Buffer.from(short).toString()).toBe(short);
        if (text.length <= max && Buffer.from(text).toString() === text) expect(short).toBe(text);
      }),
    );
  });
});
