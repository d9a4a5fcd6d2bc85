import { describe, expect, it } from 'vitest';
import { ServedFigures } from './served-figures.js';
import { slideConstants } from './slide-constants.js';

const CEILING = 2;
const SPEED = 1;

/** The sum after as many periods that each left the goal by 0.3, with that much regret for one who wants speed; undefined: no such figure. */
function after(periods: number, ifMore: number | undefined, isMeant = true): number {
  const served = new ServedFigures();
  const others = new Map(ifMore === undefined ? [] : [[SPEED, { rank: 0.5, ifLess: 1, ifMore }] as const]);
  let sum = 0;
  for (let period = 0; period < periods; period++) sum = served.add(0.3, sum, others, isMeant, CEILING);
  return sum;
}

describe('ServedFigures', () => {
  it('excuses less where another figure is served, and more where none is', () => {
    expect(after(3, 0)).toBeCloseTo(3 * (0.3 - slideConstants.allowanceServed), 9);
    expect(after(3, 1)).toBeLessThan(after(3, 0.5));
  });

  it('costs the same where the choices stand by chance, no other figure is on offer, or the goal means none surely', () => {
    const byChance = 3 * (0.3 - slideConstants.allowance);
    expect(after(3, 0.5)).toBeCloseTo(byChance, 9);
    expect(after(3, undefined)).toBeCloseTo(byChance, 9);
    expect(after(3, 0, false)).toBeCloseTo(byChance, 9);
  });

  it('takes a figure that comes up later, or that is missing for a while, from where the sum stands', () => {
    const served = new ServedFigures();
    const none = new Map<number, never>();
    const others = new Map([[SPEED, { rank: 1, ifLess: 1, ifMore: 0 }]]);
    const first = served.add(0.5, 0, none, true, CEILING);
    const second = served.add(0.5, first, others, true, CEILING);
    expect(second).toBeCloseTo(first + 0.5 - slideConstants.allowanceServed, 9);
    expect(served.add(0.5, second, none, true, CEILING)).toBeCloseTo(second + 0.5 - slideConstants.allowance, 9);
  });

  it('asks for the same figure all along: now fast, now slow is no direction', () => {
    const served = new ServedFigures();
    let sum = 0;
    for (let period = 0; period < 6; period++) {
      const isFast = period % 2 === 0;
      const standing = { rank: isFast ? 1 : 0, ifLess: isFast ? 1 : 0, ifMore: isFast ? 0 : 1 };
      sum = served.add(0.3, sum, new Map([[SPEED, standing]]), true, CEILING);
    }
    expect(sum).toBeLessThan(after(6, 0) / 1.5);
  });
});
