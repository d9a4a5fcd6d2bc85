import { describe, expect, it } from 'vitest';
import { Dice } from '../testing.js';
import { ExcessTail } from './excess-tail.js';

function taught(count: number, independence: number, draw: (dice: Dice) => number): ExcessTail {
  const dice = new Dice(9);
  const tail = new ExcessTail(independence);
  for (let i = 0; i < count; i++) tail.learn(draw(dice), 1);
  return tail;
}

describe('excess tail', () => {
  it('gives an exponential its own decades', () => {
    const tail = taught(100_000, 1, (dice) => dice.exponential());
    for (const decades of [2.5, 3, 4]) expect(tail.decades(decades * Math.LN10)).toBeCloseTo(decades, 0);
  });

  it('claims less where it has seen less, and where neighbours are alike', () => {
    const at = 6 * Math.LN10;
    const [much, little] = [100_000, 1_000].map((count) => taught(count, 1, (dice) => dice.exponential()).decades(at));
    expect(little).toBeLessThan(much! - 0.5);
    expect(taught(1_000, 1 / 6, (dice) => dice.exponential()).decades(at)).toBeLessThan(little! - 0.5);
  });

  it('says nothing of a constant, nor of what lies below its quantile', () => {
    expect(taught(1_000, 1, () => 5).decades(5)).toBe(0);
    expect(taught(1_000, 1, (dice) => dice.exponential()).decades(1)).toBe(0);
  });

  it('is hardly taught by what is doubtful', () => {
    const sure = taught(1_000, 1, (dice) => dice.exponential());
    const doubtful = taught(1_000, 1, (dice) => dice.exponential());
    const before = sure.decades(40);
    for (let i = 0; i < 20; i++) {
      sure.learn(40, 1);
      doubtful.learn(40, 0.1);
    }
    expect(sure.decades(40)).toBeLessThan(before / 2);
    expect(doubtful.decades(40)).toBeGreaterThan(sure.decades(40) + 1);
  });
});
