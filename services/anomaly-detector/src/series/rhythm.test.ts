// Laws of the rhythm.

import { describe, expect, it } from 'vitest';
import { Rhythm } from './rhythm.js';

const STEP_MICROS = 300e6;
const PER_DAY = 288;
/** Monday, 5 January 2026, 0:00 UTC. */
const MONDAY_MICROS = 1_767_571_200_000_000;
const wave = (i: number): number => 50 + 20 * Math.sin((i / PER_DAY) * 2 * Math.PI) + ((i * 7919) % 13) / 13;

describe('rhythm', () => {
  it('says nothing in the first days, little as long as each day is like the others', () => {
    const rhythm = new Rhythm();
    for (let i = 0; i < 5 * PER_DAY; i++) {
      const broken = rhythm.update(MONDAY_MICROS + i * STEP_MICROS, wave(i));
      if (i < 4 * PER_DAY) expect(broken).toBe(0);
      else expect(broken).toBeLessThan(4);
    }
  });

  it('is broken where the night looks like the day', () => {
    const rhythm = new Rhythm();
    let most = 0;
    for (let i = 0; i < 5 * PER_DAY; i++) {
      const shifted = i > 4.4 * PER_DAY ? wave(i + PER_DAY / 2) : wave(i);
      most = Math.max(most, rhythm.update(MONDAY_MICROS + i * STEP_MICROS, shifted));
    }
    expect(most).toBeGreaterThan(4);
  });
});
