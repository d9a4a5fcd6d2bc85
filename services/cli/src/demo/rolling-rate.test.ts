// Steps of a count come out as an even rate, and what is long past does not count.

import { expect, it } from 'vitest';
import { RollingRate } from './rolling-rate.js';

it('evens out blocks, and follows a change within its window', () => {
  const rate = new RollingRate(10_000);
  const seen: number[] = [];
  for (let second = 0; second <= 40; second++) {
    const landed = second <= 20 ? Math.floor(second / 2) * 400 : 4_000;
    seen.push(rate.perSecond(landed, second * 1_000));
  }
  expect(seen[0]).toBe(0);
  for (const one of seen.slice(11, 21)) expect(Math.abs(one - 200)).toBeLessThanOrEqual(40);
  expect(seen.slice(31)).toEqual(Array(10).fill(0));
});
