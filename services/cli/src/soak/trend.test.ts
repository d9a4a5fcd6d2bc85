// What climbs is told from what only wavers.

import { describe, expect, it } from 'vitest';
import { courseOf, floorOf } from './trend.js';

/** Figures every five seconds for so many minutes. */
const series = (minutes: number, value: (minute: number, i: number) => number) =>
  Array.from({ length: minutes * 12 }, (_, i) => ({ seconds: i * 5, value: value(i / 12, i) }));
const saw = (i: number): number => ((i * 7) % 13) * 4;

describe('a course', () => {
  it('has its slope, under a saw of garbage collection', () => {
    const { slope, standardError } = courseOf(series(20, (minute, i) => 300 + 3 * minute + saw(i)));
    expect(slope).toBeGreaterThan(2.5);
    expect(slope).toBeLessThan(3.5);
    expect(standardError).toBeLessThan(0.5);
  });

  it('climbs where something leaks, and not where it only wavers or falls', () => {
    expect(courseOf(series(20, (minute, i) => 300 + 3 * minute + saw(i))).climbs).toBe(true);
    expect(courseOf(series(20, (_, i) => 300 + saw(i))).climbs).toBe(false);
    expect(courseOf(series(20, (minute, i) => 300 - 3 * minute + saw(i))).climbs).toBe(false);
  });

  it('does not climb by what is too little to matter', () => {
    expect(courseOf(series(20, (minute) => 300 + 0.1 * minute)).climbs).toBe(false);
    const aHandleAMinute = series(20, (minute) => 10 + minute);
    expect(courseOf(aHandleAMinute, 30).climbs).toBe(false);
    expect(courseOf(aHandleAMinute, 10).climbs).toBe(true);
  });

  it('says nothing of too few figures', () => {
    expect(courseOf(series(20, () => 1).slice(0, 2)).climbs).toBe(false);
    expect(courseOf([]).climbs).toBe(false);
  });
});

describe('a floor', () => {
  it('shows a leak that garbage hides, and no garbage', () => {
    const garbage = (i: number): number => (i % 6) * 50;
    const even = floorOf(
      series(5, (_, i) => 100 + garbage(i)),
      30,
    );
    expect(even.map(({ value }) => value)).toEqual(Array.from({ length: 10 }, () => 100));
    const leak = floorOf(
      series(5, (minute, i) => 100 + 5 * minute + garbage(i)),
      30,
    );
    expect(courseOf(leak, 10).climbs).toBe(true);
  });
});
