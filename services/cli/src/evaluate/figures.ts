// The figures of one method over one set: rates, areas, delay, and how sure they are.

import type { Judged } from './judged.js';
import { isOnAfter } from './outcome.js';
import { intervals, type Interval } from './statistics/bootstrap.js';
import { count, noDecisions, ratesOf, type Confusion, type Rates } from './statistics/confusion.js';
import { quantile } from './statistics/quantile.js';
import { Ranking, type Areas } from './statistics/ranking.js';

/** In steps (or periods); negative where the method was earlier than the label. */
export interface Delay {
  readonly median: number | null;
  readonly p90: number | null;
}

export interface StepFigures {
  readonly verdicts: number;
  readonly f1: number | null;
  readonly mcc: number | null;
}

export interface Figures extends Rates, Areas {
  readonly delaySteps: Delay;
  /** Where the labels are per period. */
  readonly delayPeriods?: Delay;
  /** Where the labels are per step. */
  readonly steps?: StepFigures;
  /** 95 %, by session; of the figures above, `stepsF1`, `stepsMcc`, `delayMedian` and `delayPeriodsMedian`. */
  readonly ci95: Readonly<Record<string, Interval>>;
}

/** Figures of a method over the sessions of a set. */
export function figuresOf(judged: readonly Judged[]): Figures {
  const ranking = new Ranking(judged.map(({ truth, outcome }) => ({ positive: truth.positive, score: outcome.score })));
  const steps = judged.map(stepConfusion);
  const inSteps = judged.map(({ delaySteps }) => delaySteps);
  const inPeriods = judged.map(({ delayPeriods }) => delayPeriods);
  /** All that has an interval, where session `i` counts `weights[i]` times. */
  const weighted = (weights?: ArrayLike<number>) => {
    const sessions = noDecisions();
    const verdicts = noDecisions();
    for (const [i, { truth, outcome }] of judged.entries()) {
      const weight = weights?.[i] ?? 1;
      count(sessions, truth.positive, outcome.flagged, weight);
      add(verdicts, steps[i] ?? noDecisions(), weight);
    }
    const { f1: stepsF1, mcc: stepsMcc } = ratesOf(verdicts);
    const delayMedian = quantile(repeated(inSteps, weights), 0.5);
    const delayPeriodsMedian = quantile(repeated(inPeriods, weights), 0.5);
    return { ...ratesOf(sessions), ...ranking.areas(weights), stepsF1, stepsMcc, delayMedian, delayPeriodsMedian };
  };
  const { stepsF1, stepsMcc, delayMedian, delayPeriodsMedian, ...whole } = weighted();
  const verdicts = judged.reduce((sum, { truth }) => sum + truth.verdicts.length, 0);
  const hasPeriods = judged.some(({ truth }) => truth.driftByPeriod.length > 0);
  return {
    ...whole,
    delaySteps: { median: delayMedian, p90: quantile(repeated(inSteps), 0.9) },
    ...(hasPeriods ? { delayPeriods: { median: delayPeriodsMedian, p90: quantile(repeated(inPeriods), 0.9) } } : {}),
    ...(verdicts > 0 ? { steps: { verdicts, f1: stepsF1, mcc: stepsMcc } } : {}),
    ci95: intervals(judged.length, weighted),
  };
}

function stepConfusion({ truth, outcome }: Judged): Confusion {
  const counts = noDecisions();
  for (const { afterStep, positive } of truth.verdicts) count(counts, positive, isOnAfter(outcome, afterStep));
  return counts;
}

function add(to: Confusion, more: Confusion, weight: number): void {
  to.tp += more.tp * weight;
  to.fp += more.fp * weight;
  to.fn += more.fn * weight;
  to.tn += more.tn * weight;
}

/** The known delays, each as often as its session counts. */
function repeated(delays: readonly (number | undefined)[], weights?: ArrayLike<number>): number[] {
  return delays.flatMap((delay, i) => (delay === undefined ? [] : new Array<number>(weights?.[i] ?? 1).fill(delay)));
}
