// Laws of the benchmark's score, and its published figures.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCorpus, readScores, scoredDetectors } from './corpus.js';
import { PROFILES, bestThreshold, scoreAt, scoredSeries, type Judged } from './score.js';

const [standard] = PROFILES;
const ROWS = 1000;
const one = scoredSeries(ROWS, [
  [300, 399],
  [700, 799],
]);
const judged = (alarms: readonly number[]): Judged[] => {
  const scores = new Float64Array(ROWS);
  for (const row of alarms) scores[row] = 1;
  return [{ series: one, scores }];
};

describe("the benchmark's score", () => {
  it('is 0 for silence, 100 for one alarm at the start of each window, whatever the profile', () => {
    for (const profile of PROFILES) {
      expect(scoreAt(judged([]), 1, profile)).toBe(0);
      expect(scoreAt(judged([300, 700]), 1, profile)).toBeCloseTo(100, 10);
    }
  });

  it('counts one alarm a window, the earliest the most, and nothing in the probation', () => {
    const at = (rows: readonly number[]): number => scoreAt(judged(rows), 1, standard!);
    expect(at([320, 330, 700])).toBe(at([320, 700]));
    expect(at([300, 700])).toBeGreaterThan(at([350, 700]));
    expect(at([10, 149, 300, 700])).toBe(at([300, 700]));
    expect(at([150, 300, 700])).toBeLessThan(at([300, 700]));
  });

  it('takes less for a false alarm soon after a window than for one long after it', () => {
    const at = (row: number): number => scoreAt(judged([300, 700, row]), 1, standard!);
    expect(at(402)).toBeGreaterThan(at(600));
  });

  it('gives as the best threshold one at which it scores as much, and none scores more', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: ROWS, maxLength: ROWS }), (levels) => {
        const all = [{ series: one, scores: levels.map((level) => level / 5) }];
        for (const profile of PROFILES) {
          const best = bestThreshold(all, profile);
          expect(scoreAt(all, best.threshold, profile)).toBeCloseTo(best.score, 9);
          for (const level of [1, 2, 3, 4, 5])
            expect(scoreAt(all, level / 5, profile)).toBeLessThanOrEqual(best.score + 1e-9);
        }
      }),
      { numRuns: 30 },
    );
  });
});

const dataDir = process.env['WATCHKEEPER_DATA'] ?? join(import.meta.dirname, '../../../../../../shared/data');
const corpus = await readCorpus(dataDir).catch(() => undefined);
if (!corpus)
  console.warn(`Skipped: ${dataDir} holds no benchmark series; set WATCHKEEPER_DATA to check the score against it.`);

describe.skipIf(!corpus)("the benchmark's published scores", () => {
  it('come out to two decimals for every detector whose scores lie in the folder', async () => {
    const { folder, series } = corpus!;
    const expected = JSON.parse(await readFile(join(folder, 'expected_scores.json'), 'utf8')) as Record<
      string,
      Record<string, number>
    >;
    const detectors = await scoredDetectors(folder);
    expect(detectors.length).toBeGreaterThan(0);
    for (const detector of detectors) {
      const all = await Promise.all(
        series.map(async ({ name, values, windows }) => ({
          series: scoredSeries(values.length, windows),
          scores: (await readScores(folder, detector, name)) ?? [],
        })),
      );
      for (const profile of PROFILES)
        expect([detector, profile.name, bestThreshold(all, profile).score]).toEqual([
          detector,
          profile.name,
          expect.closeTo(expected[detector]![profile.name]!, 2),
        ]);
    }
  });
});
