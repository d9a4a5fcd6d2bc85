// Laws of the baselines, and known answers of the normal tail.

import { describe, expect, it } from 'vitest';
import { Dice } from '../testing.js';
import { ewmaThreeSigma, upperTail, windowedGaussian } from './baselines.js';

describe('the upper tail of the normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.15865525393145707],
    [1.959963984540054, 0.025],
    [3, 0.0013498980316301],
    [6, 9.865876450377e-10],
  ])('beyond %d is %d', (z, chance) => {
    expect(upperTail(z) / chance).toBeCloseTo(1, 6);
  });
});

describe.each([
  ['the windowed Gaussian', windowedGaussian],
  ['the exponentially weighted mean', ewmaThreeSigma],
])('%s', (_, make) => {
  it('scores a value far off higher than any before it', () => {
    const dice = new Dice(3);
    const detector = make();
    const usual = Array.from({ length: 500 }, () => detector.update(50 + dice.normal()));
    expect(detector.update(60)).toBeGreaterThan(Math.max(...usual.slice(50)));
  });
});

it('forgets what its window has left behind', () => {
  const detector = windowedGaussian();
  for (let i = 0; i < 3000; i++) detector.update(i % 2);
  for (let i = 0; i < 7000; i++) detector.update(1000 + (i % 2));
  expect(detector.update(0.5)).toBe(1);
});
