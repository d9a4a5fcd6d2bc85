// Trends: what goes one way is progress, what jumps is noise.

import { describe, expect, it } from 'vitest';
import { goesOn, NO_TREND, stepNumbers, trendSince, type Trend } from './trend.js';

/** The last of the trends along texts of results, and the one before it. */
function trendsOf(results: readonly string[]): [Trend, Trend] {
  const numbers = results.map((result) => stepNumbers('{"job":7}', result));
  const trends = numbers.slice(1).map((now, i) => trendSince(now, numbers[i]!));
  return [trends.at(-1)!, trends.at(-2) ?? NO_TREND];
}

describe('goesOn', () => {
  it.each([
    ['rises', ['45 %', '51 %', '60 %'], true],
    ['falls', ['9 left', '5 left', '2 left'], true],
    ['rises beside noise', ['10 % after 31 ms', '20 % after 12 ms', '30 % after 44 ms'], true],
    ['jumps', ['request 312', 'request 77', 'request 518'], false],
    ['stays', ['3 rows', '3 rows', '3 rows'], false],
    ['has moved once', ['1', '2'], false],
    ['comes with another number', ['1 of 3', '2', '3'], false],
  ] as const)('of a result whose number %s: %j', (_what, results, expected) => {
    expect(goesOn(...trendsOf(results))).toBe(expected);
  });

  it('needs half of the numbers of a call', () => {
    const calls = ['{"a":1,"b":9,"c":5}', '{"a":2,"b":3,"c":1}', '{"a":3,"b":7,"c":8}'].map((input) =>
      stepNumbers(input, ''),
    );
    const [before, now] = [trendSince(calls[1]!, calls[0]!), trendSince(calls[2]!, calls[1]!)];
    expect(goesOn(now, before)).toBe(false);
    expect(goesOn({ rose: 0b011, fell: 0 }, { rose: 0b001, fell: 0 })).toBe(true);
  });

  it('looks at no number of a long result', () => {
    expect(stepNumbers('', `12 ${'word '.repeat(120)}`).output).toEqual([]);
  });
});
