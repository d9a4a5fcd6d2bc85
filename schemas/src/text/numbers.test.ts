// Plain numbers: what the tokeniser would mask by itself is none.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainNumbers } from './index.js';

describe('plainNumbers', () => {
  it.each<[string, number[]]>([
    ['status: running, progress: 45%, row 1,234.50', [45, 1, 234, 50]],
    ['2024-05-01T10:00:00Z took 12 ms', [12]],
    ['id 550e8400-e29b-41d4-a716-446655440000 of 3', [3]],
    ['v2 x9y 12ab 123456789 7', [7]],
    ['one two', []],
  ])('of %j are %j', (text, expected) => {
    expect(plainNumbers(text, 4, 256)).toEqual(expected);
  });

  it('are at most as many as asked for, of the beginning alone', () => {
    expect(plainNumbers('1 2 3 4 5', 3, 100)).toEqual([1, 2, 3]);
    expect(plainNumbers('1 22 333', 3, 4)).toEqual([1, 22]);
  });

  it('never throws, and every one is a safe number that stands in the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('0', '7', 'a', 'f', '-', ':', ' ', '.', 'é', '中') }), (text) => {
        for (const number of plainNumbers(text, 8, 64)) {
          expect(Number.isSafeInteger(number)).toBe(true);
          expect(text.replace(/^0+|([^0-9])0+/g, '$1')).toContain(number === 0 ? '' : String(number));
        }
      }),
    );
  });
});
