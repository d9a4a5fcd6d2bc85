// Laws of judging series by events, and of the page that shows what went wrong.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventCurve, figuresOf, pointAt } from './figures.js';
import { judgeSeries, type KnownSeries, type ScoredSeries } from './judged-series.js';
import { baselineMethod } from './method.js';
import { seriesPage } from './page.js';
import { fieldsOf, judgeSet } from './set.js';

const series: KnownSeries = {
  name: 'one',
  values: new Float64Array(2_000),
  events: [
    { kind: 'spike', from: 500, to: 503, grace: 72 },
    { kind: 'shift', from: 1_000, to: 1_100, grace: 72 },
  ],
  judgedFrom: 400,
  weeks: 2,
};

function scored(rows: Readonly<Record<number, number>>): ScoredSeries {
  const scores = new Float64Array(series.values.length);
  for (const [row, score] of Object.entries(rows)) scores[Number(row)] = score;
  return { series, scores };
}

describe('judging a series', () => {
  it('finds an event once, at its first alarm; one long after its end is neither a find nor false', () => {
    expect(judgeSeries(scored({ 501: 9, 502: 9, 1_160: 9 }), 1)).toEqual({ found: [501, undefined], falseAlarms: [] });
  });

  it('counts no alarm before it judges, and false ones once an hour however long they go on', () => {
    const always: Record<number, number> = {};
    for (let row = 0; row < 460; row++) always[row] = 5;
    expect(judgeSeries(scored(always), 1).falseAlarms).toEqual([400, 412, 424, 436, 448]);
  });

  it('has figures that follow from the counts', () => {
    const list = [scored({ 502: 3, 700: 2, 1_050: 1 })];
    expect(pointAt(list, 2)).toMatchObject({ recall: 0.5, precision: 0.5, f1: 0.5, falseAlarms: 0.5 });
    const { recall, delayRows, auprc } = figuresOf(list, 1, eventCurve(list));
    expect(recall).toBe(1);
    expect(delayRows.median).toBe(26);
    expect(auprc).toBeGreaterThan(0.5);
  });

  it('never loses finds as the threshold falls', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.nat(1_999).map(String), fc.integer({ min: 1, max: 9 })), (rows) => {
        const recalls = [9, 6, 3, 1].map((threshold) => pointAt([scored(rows)], threshold).recall);
        expect(recalls).toEqual([...recalls].sort((one, other) => one - other));
      }),
    );
  });

  it('gives a baseline the threshold that is best for it', () => {
    const values = Float64Array.from({ length: 2_000 }, (_, row) => (row === 501 || row === 1_040 ? 50 : row % 3));
    const method = baselineMethod('itself', () => ({ update: (value) => value }), [{ ...series, values }]);
    expect(method.figures).toMatchObject({ precision: 1, recall: 1, threshold: 50 });
  });
});

describe('the page', () => {
  const values = Float64Array.from({ length: 2_000 }, (_, row) => (row === 1_500 ? 900 : (row * 7) % 5));
  const set = judgeSet('garden', [{ ...series, name: '<b>', values, timeMicrosAt: (row) => 1.7e15 + row * 300e6 }]);

  it('shows each wrong series with what was missed, what was false and why, and lets no name write markup', () => {
    const page = seriesPage([set], { garden: 'A note.' });
    expect(page).toContain('&#60;b&#62;');
    expect(page).toContain('Missed: shift from');
    expect(page).toMatch(/False: 20\d\d-\d\d-\d\d \d\d:\d\d, value 900, score [\d.]+: \w/);
    expect(page).toContain('A note.');
    expect(page).not.toMatch(/https?:/);
  });

  it('rests on the figures that are told as JSON, the baselines beside them', () => {
    expect(fieldsOf(set)).toMatchObject({ set: 'garden', series: 1, positives: 2, recall: 0 });
    expect(Object.keys(fieldsOf(set).baselines)).toEqual(['EWMA 3 sigma', 'windowed Gaussian']);
  });
});
