import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cycles, pingPong, recent, run } from './runs.js';

const last = (rule: (item: string) => number, items: string): number =>
  items
    .split('')
    .map((item) => rule(item))
    .at(-1)!;
const own = (item: string): string => item;
const words = fc.stringMatching(/^[abc]{1,30}$/);

describe('run', () => {
  it.each([
    ['a', 1],
    ['aab', 1],
    ['baaa', 3],
  ])('of %s is %i', (items, length) => {
    expect(last(run(own), items)).toBe(length);
  });

  it('ends at an item without a key', () => {
    const failures = run((item: string) => (item === 'x' ? undefined : item));
    expect(['a', 'a', 'x', 'a'].map((item) => failures(item))).toEqual([1, 2, 0, 1]);
  });
});

describe('recent', () => {
  it('keeps the latest, oldest first', () => {
    const latest = recent(own, 3);
    expect(['a', 'b', 'c', 'd', 'e'].map((item) => latest(item).join(''))).toEqual(['a', 'ab', 'abc', 'bcd', 'cde']);
  });
});

describe('pingPong', () => {
  it.each([
    ['a', 1],
    ['ab', 2],
    ['aba', 3],
    ['ababab', 6],
    ['abc', 2],
    ['abaab', 2],
    ['aaaa', 1],
  ])('of %s is %i', (items, length) => {
    expect(last(pingPong(own), items)).toBe(length);
  });
});

describe('cycles', () => {
  it.each([
    ['aaaaa', 5],
    ['ababa', 2.5],
    ['abcabc', 2],
    ['abc', 0],
    ['xxabab', 2],
  ])('of %s are %d', (items, rounds) => {
    expect(last(cycles(own, 5), items)).toBe(rounds);
  });

  it('fires after five rounds exactly where the last five cycles of some period are one and the same', () => {
    fc.assert(
      fc.property(words, (items) => {
        const plain = [1, 2, 3].some((period) => {
          const tail = items.slice(-5 * period);
          return tail.length === 5 * period && tail === tail.slice(0, period).repeat(5);
        });
        expect(last(cycles(own, 3), items) >= 5).toBe(plain);
      }),
    );
  });
});
