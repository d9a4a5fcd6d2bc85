import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jensenShannon, tally } from './tool-mix.js';

const mixes = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 }).map(tally);

describe('jensenShannon', () => {
  it('is 0 for equal shares, 1 bit where nothing is shared, and 0.3113 for a half against the whole', () => {
    expect(jensenShannon(tally(['a', 'b']), tally(['b', 'a', 'a', 'b']))).toBeCloseTo(0, 12);
    expect(jensenShannon(tally(['a']), tally(['b']))).toBe(1);
    expect(jensenShannon(tally(['a', 'b']), tally(['a']))).toBeCloseTo(0.3112781, 7);
    expect(jensenShannon(tally([]), tally(['a']))).toBe(0);
  });

  it('is symmetric and lies within 0 and 1', () => {
    fc.assert(
      fc.property(mixes, mixes, (one, other) => {
        const bits = jensenShannon(one, other);
        expect(bits).toBeCloseTo(jensenShannon(other, one), 12);
        expect(bits).toBeGreaterThanOrEqual(-1e-12);
        expect(bits).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});
