// Laws of silences in series.

import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { Dice } from '../testing.js';
import { IdleRun } from './idle.js';

const THRESHOLD = 4.6;

/** Bursts of a few points, then pauses of chance; `share` of all points bring something. */
function bursts(seed: number, length: number): number[] {
  const dice = new Dice(seed);
  const values: number[] = [];
  while (values.length < length) {
    for (let left = Math.ceil(dice.exponential() * 20); left > 0; left--) values.push(0);
    for (let left = Math.ceil(dice.exponential() * 8); left > 0; left--) values.push(1 + dice.unit());
  }
  return values.slice(0, length);
}

function callsOf(values: readonly number[], idle = new IdleRun()): number[] {
  return values.flatMap((value, row) => {
    const isCalled = idle.update(value, 0.3, false) >= THRESHOLD;
    if (isCalled) idle.call();
    return isCalled ? [row] : [];
  });
}

describe('silence of a series', () => {
  it('is called once for each pause ten times as long as they are', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const values = [...bursts(seed, 4000), 1, ...new Array<number>(400).fill(0), 1, ...bursts(seed + 100, 500)];
      const calls = callsOf(values);
      expect(calls.filter((row) => row > 4000 && row <= 4401)).toHaveLength(1);
    }
  });

  it('is called for a pause of chance about once a week of such points, no more', () => {
    let calls = 0;
    for (let seed = 1; seed <= 20; seed++) calls += callsOf(bursts(seed, 2016 * 6)).length;
    expect(calls / 20 / 6).toBeLessThan(1.2);
  });

  it('does not count time in which nothing is due', () => {
    const idle = new IdleRun();
    callsOf(bursts(1, 4000), idle);
    for (let row = 0; row < 5000; row++) expect(idle.update(0, 0, false)).toBeLessThan(THRESHOLD);
  });

  it('is no news where a series never rests', () => {
    const dice = new Dice(1);
    expect(callsOf(Array.from({ length: 5000 }, () => 50 + dice.normal()))).toEqual([]);
  });

  it('goes on from its bytes as if nothing had been', () => {
    const values = bursts(4, 6000);
    const whole = callsOf(values);
    const before = new IdleRun();
    const head = callsOf(values.slice(0, 3000), before);
    const writer = new StateWriter(1);
    before.encode(writer);
    const after = new IdleRun();
    after.decode(new StateReader(writer.done(), [1]));
    expect([...head, ...callsOf(values.slice(3000), after).map((row) => row + 3000)]).toEqual(whole);
    expect(whole.length).toBeGreaterThan(0);
  });
});
