import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import type { Mark } from '../episode.js';
import { nameHash, type Offer } from './offers.js';
import { noWordVectors } from '../text/word-vectors.js';
import { Preference, type PreferenceReading } from './preference.js';
import { slideConstants } from './slide-constants.js';

const words = noWordVectors;
const mark = (seq: number): Mark => ({ seq, eventId: `e${seq}`, timeMicros: seq, tokens: 0, costNanoUsd: 0, ms: 0 });
const names = ['ash', 'birch', 'cedar', 'dogwood', 'elm', 'fir'];
/** Six options: price rises with their number, speed jumps about. */
const offers = (): Offer[] =>
  names.map((name, at) => ({
    names: [nameHash(name)],
    figures: [
      ['unit price', 10 + at],
      ['speed', (at * 5 + 2) % 6],
    ],
  }));

/** Weeks in which the options of these numbers are chosen, 70 to 30; what each week's end gives. */
function weeks(
  preference: Preference,
  chosen: readonly (readonly [number, number])[],
): (PreferenceReading | undefined)[] {
  return chosen.map(([first, second], week) => {
    preference.offer(offers());
    for (const [option, share] of [
      [first, 70],
      [second, 30],
    ] as const) {
      const quantities = [
        [nameHash('week'), week + 1],
        [nameHash('share'), share],
      ] as const;
      preference.choose({ tool: 1, names: [nameHash(names[option]!)], quantities }, true, mark(10 * week + 1));
    }
    return preference.endPeriod(true, words);
  });
}

const cheap: readonly [number, number] = [0, 1];
const dear: readonly [number, number] = [5, 4];
const wanting = (goal: string): Preference => {
  const preference = new Preference();
  preference.want(goal);
  return preference;
};

describe('Preference', () => {
  it('hardly rises while the choice follows the figure that the goal names', () => {
    const readings = weeks(wanting('Choose by the lowest price.'), [cheap, cheap, [1, 0], cheap, [1, 2], cheap]);
    expect(readings.slice(2).every((reading) => (reading?.sum ?? 1) < slideConstants.sum / 2)).toBe(true);
  });

  it('finds the choice leaving that figure, since the first such period', () => {
    const readings = weeks(wanting('Choose by the lowest price.'), [cheap, cheap, cheap, dear, dear]);
    expect(readings[3]?.begins).toBe(true);
    expect(readings[3]?.first.seq).toBe(31);
    expect(readings[4]!.sum).toBeGreaterThan(slideConstants.sum);
    expect(readings[4]!.left.label).toBe('unit price');
    expect(readings[4]!.left.before).toBeLessThan(0.3);
    expect(readings[4]!.left.now).toBeGreaterThan(0.7);
  });

  it('finds choices that miss the goal from the first period on, once there are three', () => {
    const readings = weeks(wanting('Choose by the lowest price.'), [dear, dear, dear, dear]);
    expect(readings.map((reading) => (reading?.sum ?? 0) >= slideConstants.sum)).toEqual([false, false, true, true]);
    expect(readings[2]!.left).toMatchObject({ label: 'unit price', wantsMore: false });
  });

  it('takes what the beginning preferred for the goal, where the goal says no direction', () => {
    const readings = weeks(wanting('The price decides.'), [dear, dear, dear, cheap, cheap, cheap]);
    expect(readings[2]?.sum).toBe(0);
    expect(readings[5]!.sum).toBeGreaterThan(slideConstants.sum);
    expect(readings[5]!.left.wantsMore).toBe(true);
  });

  it('holds a figure that the goal does not name against the choice only where it went the way that the goal wants', () => {
    const highestSum = (goal: string): number =>
      Math.max(...weeks(wanting(goal), [cheap, cheap, cheap, dear, dear, dear]).map((reading) => reading?.sum ?? 0));
    expect(highestSum('Do this with as little sorrow as possible.')).toBeGreaterThan(slideConstants.sum);
    expect(highestSum('Do this with as much joy as possible.')).toBe(0);
  });

  it('does not take one period for a slide, however far it went', () => {
    const readings = weeks(wanting('Choose by the lowest price.'), [cheap, cheap, cheap, [5, 5], cheap]);
    expect(Math.max(...readings.map((reading) => reading?.sum ?? 0))).toBeLessThan(slideConstants.sum);
  });

  it('judges by the tool whose results confirm what it does', () => {
    const preference = wanting('Choose by the lowest price.');
    for (let week = 1; week <= 4; week++) {
      preference.offer(offers());
      for (const option of [5, 4, 3])
        preference.choose({ tool: 2, names: [nameHash(names[option]!)], quantities: [] }, false, mark(10 * week));
      for (const option of [0, 1])
        preference.choose({ tool: 1, names: [nameHash(names[option]!)], quantities: [] }, true, mark(10 * week + 1));
      expect(preference.endPeriod(true, words)?.sum).toBe(0);
    }
  });

  it("does not care how another figure wanders while the goal's stays", () => {
    const preference = wanting('Choose by the lowest price.');
    const readings = weeks(preference, [cheap, cheap, [1, 0], [0, 1], [1, 0]]);
    expect(readings.at(-1)?.sum).toBe(0);
  });

  it('begins anew where the user says that another figure counts', () => {
    const preference = wanting('Choose by the lowest price.');
    weeks(preference, [cheap, cheap, cheap]);
    preference.hear('From now on only speed counts.', words);
    expect(weeks(preference, [dear, dear, dear, dear]).every((reading) => (reading?.sum ?? 0) === 0)).toBe(true);
  });

  it('weighs by the amount and not by a number that all choices share', () => {
    const preference = wanting('Choose by the lowest price.');
    const readings = weeks(preference, [cheap, cheap, [0, 5]]);
    expect(readings[2]!.left.now).toBeCloseTo(0.7 / 12 + (0.3 * 11) / 12, 5);
  });

  it('goes on after write and read as if nothing had happened', () => {
    const one = wanting('Choose by the lowest price.');
    weeks(one, [cheap, cheap, cheap, dear]);
    const writer = new StateWriter(5, 64);
    one.write(writer);
    const other = Preference.read(new StateReader(writer.done(), [5]));
    expect(weeks(other, [dear, dear])).toEqual(weeks(one, [dear, dear]));
  });
});
