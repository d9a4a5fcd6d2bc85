// Laws of the watch over known hours.

import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { Dice } from '../testing.js';
import { SeriesDetector } from './series.js';
import { Watch } from './watch.js';

const DAY = 288;
const THRESHOLD = 4.6;
/** A Monday. */
const START_MICROS = 1_772_409_600_000_000;
const timeOf = (row: number): number => START_MICROS + row * 300e6;

/** Busy in the afternoon, quiet at night, with noise; `change` is what befalls it. */
function values(seed: number, days: number, change: (value: number, row: number) => number = (v) => v): number[] {
  const dice = new Dice(seed);
  return Array.from({ length: days * DAY }, (_, row) =>
    change(100 + 60 * Math.sin(((row % DAY) / DAY - 0.3) * 2 * Math.PI) + 8 * dice.normal(), row),
  );
}

function alarmsOf(series: readonly number[], watch = new Watch()): number[] {
  return series.flatMap((value, row) => (watch.update(timeOf(row), value, THRESHOLD) >= THRESHOLD ? [row] : []));
}

const within = (rows: readonly number[], from: number, to: number): number =>
  rows.filter((row) => row >= from && row < to).length;

describe('watch', () => {
  it('says nothing while no working day was seen often enough', () => {
    for (let seed = 1; seed <= 5; seed++) expect(within(alarmsOf(values(seed, 21)), 0, 4 * DAY)).toBe(0);
  });

  it('is quiet where nothing happens: less than one alarm in three weeks', () => {
    let alarms = 0;
    for (let seed = 1; seed <= 10; seed++) alarms += alarmsOf(values(seed, 35)).length;
    expect(alarms / 10 / 5).toBeLessThan(1 / 3);
  });

  it('learns nothing from what it calls: the fifth silence of an hour is called as the first was', () => {
    const days = [15, 17, 21, 23, 25];
    const rows = alarmsOf(
      values(3, 28, (value, row) =>
        days.includes(Math.floor(row / DAY)) && row % DAY >= 144 && row % DAY < 180 ? 0 : value,
      ),
    );
    for (const day of days) expect(within(rows, day * DAY + 144, day * DAY + 180)).toBeGreaterThan(0);
  });

  it('sees the hours of the night played at noon, though each value is usual at some hour', () => {
    const rows = alarmsOf(
      values(4, 21, (value, row) =>
        Math.floor(row / DAY) === 17 && row % DAY >= 144 && row % DAY < 180 ? 200 - value : value,
      ),
    );
    expect(within(rows, 17 * DAY + 144, 17 * DAY + 180)).toBeGreaterThan(0);
  });

  it('takes a level that lasts for usual: it tells of it on the first days and no more a week later', () => {
    const rows = alarmsOf(values(5, 42, (value, row) => (row >= 20 * DAY ? 1.8 * value : value)));
    expect(within(rows, 20 * DAY, 21 * DAY)).toBeGreaterThan(0);
    expect(within(rows, 28 * DAY, 42 * DAY)).toBeLessThan(3);
  });

  it('goes on from its bytes as if nothing had been', () => {
    const series = values(6, 20, (value, row) => (row > 17 * DAY && row < 17.5 * DAY ? 2 * value : value));
    const whole = alarmsOf(series);
    for (const cut of [100, 4000, Math.round(17.2 * DAY)]) {
      const before = new Watch();
      const head = alarmsOf(series.slice(0, cut), before);
      const writer = new StateWriter(1);
      before.encode(writer);
      const after = new Watch();
      after.decode(new StateReader(writer.done(), [1]));
      const tail = series.flatMap((value, row) =>
        row >= cut && after.update(timeOf(row), value, THRESHOLD) >= THRESHOLD ? [row] : [],
      );
      expect([...head, ...tail]).toEqual(whole);
    }
  });

  it('leaves room in 2 KB for the rest of the detector, however long the series and large its numbers', () => {
    const detector = new SeriesDetector();
    values(7, 50, (value, row) => value * (row % 2 === 0 ? 1e12 : 1e-12)).forEach((value, row) => {
      detector.update({ timeMicros: timeOf(row), value });
    });
    expect(detector.encode().length).toBeLessThan(2048);
  });
});
