import type { DetectionDraft } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { figuresOf } from './figures.js';
import { judge, type Judged } from './judged.js';
import type { Truth } from './labels.js';
import { isOnAfter, outcomeOf, type Outcome } from './outcome.js';

const truth = (fields: Partial<Truth> = {}): Truth => ({
  session: 's',
  positive: true,
  verdicts: [],
  driftByPeriod: [],
  ...fields,
});
const outcome = (fields: Partial<Outcome> = {}): Outcome => ({
  session: 's',
  flagged: false,
  firstStep: undefined,
  score: 0,
  changes: [],
  ...fields,
});
const flaggedAt = (step: number): Outcome =>
  outcome({ flagged: true, firstStep: step, score: 2, changes: [{ step, on: true }] });

describe('outcomeOf', () => {
  const told = (step: number, detection_id: string, status: 'OPEN' | 'CLOSED') => ({
    step,
    draft: { detection_id, status } as DetectionDraft,
  });

  it('is on while any detection is open', () => {
    const made = outcomeOf({
      session: 's',
      score: 1.5,
      told: [told(3, 'a', 'OPEN'), told(5, 'b', 'OPEN'), told(6, 'a', 'CLOSED'), told(8, 'b', 'CLOSED')],
    });
    expect(made).toMatchObject({ flagged: true, firstStep: 3, score: 1.5 });
    expect([2, 3, 4, 6, 7, 8, 9].map((step) => isOnAfter(made, step))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('keeps the score of a session in which nothing was told', () => {
    expect(outcomeOf({ session: 's', score: 0.7, told: [] })).toMatchObject({ flagged: false, score: 0.7 });
  });
});

describe('judge', () => {
  it('counts the delay from the first verdict that says so, also where the method was earlier', () => {
    const labelled = truth({
      verdicts: [
        { afterStep: 4, positive: false },
        { afterStep: 6, positive: true },
        { afterStep: 8, positive: true },
      ],
    });
    expect(judge(labelled, flaggedAt(9), []).delaySteps).toBe(3);
    expect(judge(labelled, flaggedAt(5), []).delaySteps).toBe(-1);
    expect(judge(labelled, outcome(), []).delaySteps).toBeUndefined();
    expect(judge({ ...labelled, positive: false }, flaggedAt(9), []).delaySteps).toBeUndefined();
  });

  it('counts it from the first period with a drift of .2, in steps and in periods', () => {
    const periods = [
      { period: 1, step: 1 },
      { period: 2, step: 10 },
      { period: 3, step: 20 },
      { period: 4, step: 30 },
    ];
    const drifting = truth({ driftByPeriod: [0, 0.2, 0.4, 0.6] });
    expect(judge(drifting, flaggedAt(34), periods)).toMatchObject({ delaySteps: 24, delayPeriods: 2 });
    expect(judge(drifting, flaggedAt(3), periods)).toMatchObject({ delaySteps: -7, delayPeriods: -1 });
    expect(judge(truth({ driftByPeriod: [0, 0.1] }), flaggedAt(3), periods).delaySteps).toBeUndefined();
  });
});

describe('figuresOf', () => {
  const judged: Judged[] = [
    judge(truth({ session: 'a', verdicts: [{ afterStep: 2, positive: true }] }), flaggedAt(5), []),
    judge(truth({ session: 'b', verdicts: [{ afterStep: 2, positive: true }] }), outcome({ score: 0.4 }), []),
    judge(truth({ session: 'c', positive: false }), flaggedAt(1), []),
    judge(truth({ session: 'd', positive: false }), outcome({ score: 0.3 }), []),
  ];

  it('brings rates, areas, delays, steps and intervals together', () => {
    const figures = figuresOf(judged);
    expect(figures).toMatchObject({ precision: 0.5, recall: 0.5, f1: 0.5, mcc: 0, fpr: 0.5, auroc: 0.625 });
    expect(figures.delaySteps).toEqual({ median: 3, p90: 3 });
    expect(figures.steps).toMatchObject({ verdicts: 2, f1: 0 });
    expect(figures.ci95['f1']![0]).toBeLessThanOrEqual(0.5);
    expect(figures.ci95['f1']![1]).toBeGreaterThanOrEqual(0.5);
  });

  it('leaves out what the labels do not say', () => {
    const plain = figuresOf(judged.slice(2));
    expect(plain.steps).toBeUndefined();
    expect(plain.delayPeriods).toBeUndefined();
    expect(plain.delaySteps).toEqual({ median: null, p90: null });
    expect(plain.auroc).toBeNull();
  });
});
