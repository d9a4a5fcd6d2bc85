// Laws of the general series detector.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dice } from '../testing.js';
import { SeriesDetector } from './series.js';

const series = (seed: number, length: number, bump?: { at: number; by: number }): number[] => {
  const dice = new Dice(seed);
  return Array.from(
    { length },
    (_, i) =>
      50 +
      10 * Math.sin((i / 288) * 2 * Math.PI) +
      dice.normal() +
      (bump && i >= bump.at && i < bump.at + 6 ? bump.by : 0),
  );
};
const run = (values: readonly number[], roundTripAt = -1): { score: number; isAlarm: boolean }[] => {
  let detector = new SeriesDetector();
  return values.map((value, i) => {
    const out = detector.update({ timeMicros: i * 300e6, value });
    if (i === roundTripAt) detector = SeriesDetector.decode(detector.encode());
    return out;
  });
};

describe('series detector', () => {
  it('gives the same scores for the same series, also from a decoded state', () => {
    const values = series(1, 700, { at: 500, by: 40 });
    const whole = run(values);
    fc.assert(
      fc.property(fc.nat(699), (at) => {
        expect(run(values, at)).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('alarms on a bump far out of the usual, within its length', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const alarms = run(series(seed, 3000, { at: 2500, by: 60 })).map(({ isAlarm }) => isAlarm);
      expect(alarms.slice(2500, 2512)).toContain(true);
    }
  });

  it('alarms at most once a week of five-minute points where nothing happens, after two days of getting to know it', () => {
    let alarms = 0;
    for (let seed = 1; seed <= 20; seed++)
      alarms += run(series(seed, 4032))
        .slice(576)
        .filter(({ isAlarm }) => isAlarm).length;
    expect(alarms / 20 / (12 / 7)).toBeLessThan(1.5);
  });

  it('asks for more surprise of a longer series: eight weeks alarm less than twice as often as two', () => {
    let [short, long] = [0, 0];
    for (let seed = 1; seed <= 10; seed++) {
      const alarms = run(series(seed, 16_128)).flatMap(({ isAlarm }, i) => (isAlarm ? [i] : []));
      short += alarms.filter((i) => i < 4032).length;
      long += alarms.length;
    }
    expect(long).toBeLessThan(2 * short);
  });

  it('takes any numbers and keeps under 2 KB', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 300 }), (values) => {
        const detector = new SeriesDetector();
        for (const value of values) expect(detector.update({ timeMicros: 0, value }).score).toBeGreaterThanOrEqual(0);
        expect(detector.encode().length).toBeLessThan(2048);
      }),
    );
  });
});
