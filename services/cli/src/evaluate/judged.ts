// Brings a session's truth and a method's outcome together: how long after the truth the method spoke.

import type { PeriodStart } from '../replay/index.js';
import type { Truth } from './labels.js';
import type { Outcome } from './outcome.js';

/** From this share on, a session has begun to leave its goal. */
const DRIFT_BEGINS = 0.2;

/** A session's truth and what a method made of it. */
export interface Judged {
  readonly truth: Truth;
  readonly outcome: Outcome;
  /** How many steps after the truth the method spoke, negative where before; undefined where either does not say. */
  readonly delaySteps: number | undefined;
  /** The same in periods. */
  readonly delayPeriods: number | undefined;
}

/** `periods`: the session's periods and their first steps, where the trace has any. */
export function judge(truth: Truth, outcome: Outcome, periods: readonly PeriodStart[]): Judged {
  const { firstStep } = outcome;
  const onset = onsetOf(truth, periods);
  if (firstStep === undefined || onset === undefined)
    return { truth, outcome, delaySteps: undefined, delayPeriods: undefined };
  const spokenIn = periods.findLast(({ step }) => step <= firstStep)?.period;
  return {
    truth,
    outcome,
    delaySteps: firstStep - onset.step,
    delayPeriods: onset.period === undefined || spokenIn === undefined ? undefined : spokenIn - onset.period,
  };
}

interface Onset {
  readonly step: number;
  readonly period: number | undefined;
}

/** Where a positive session began to be one, as far as its labels tell. */
function onsetOf(truth: Truth, periods: readonly PeriodStart[]): Onset | undefined {
  if (!truth.positive) return undefined;
  const first = truth.verdicts.find(({ positive }) => positive);
  if (first) return { step: first.afterStep, period: undefined };
  const period = truth.driftByPeriod.findIndex((drift) => drift >= DRIFT_BEGINS) + 1;
  const start = periods.find((one) => one.period === period);
  return start && { step: start.step, period };
}
