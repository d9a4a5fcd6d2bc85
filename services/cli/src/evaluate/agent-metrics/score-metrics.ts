// Recall by kind of fault at a given rate of false alarms, over series whose faults are known.

import { FAULT_KINDS, WEEK, type FaultKind, type MetricSeries } from './world.js';

/** Rows after a fault's end in which an alarm is still about it: its going away is news, too. */
export const GRACE_ROWS = 72;
/** The first week is for getting to know a series. */
export const WARM_UP_ROWS = WEEK;
/** Alarms within an hour of each other are one. */
const ONE_ALARM_ROWS = 12;

export interface ScoredMetric {
  readonly series: MetricSeries;
  readonly scores: ArrayLike<number>;
}

export interface Recall {
  readonly threshold: number;
  /** Per series and week, the warm-up not counted. */
  readonly falseAlarms: number;
  readonly found: number;
  readonly faults: number;
  readonly byKind: Readonly<Record<FaultKind, { readonly found: number; readonly faults: number }>>;
}

/** What is found, and what is called for nothing, where scores of `threshold` and more alarm. */
export function recallAt(scored: readonly ScoredMetric[], threshold: number): Recall {
  const byKind = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, { found: 0, faults: 0 }])) as Record<
    FaultKind,
    { found: number; faults: number }
  >;
  let falseAlarms = 0;
  let weeks = 0;
  for (const { series, scores } of scored) {
    weeks += (series.values.length - WARM_UP_ROWS) / WEEK;
    const hit = new Set<number>();
    let lastFalse = -Infinity;
    for (let row = WARM_UP_ROWS; row < series.values.length; row++) {
      if (!((scores[row] ?? 0) >= threshold)) continue;
      const fault = series.faults.findIndex(({ from, to }) => row >= from && row < to + GRACE_ROWS);
      if (fault >= 0) {
        const of = series.faults[fault];
        if (of && row < of.to + ONE_ALARM_ROWS) hit.add(fault);
        continue;
      }
      if (row - lastFalse > ONE_ALARM_ROWS) falseAlarms++;
      lastFalse = row;
    }
    for (const [at, { kind }] of series.faults.entries()) {
      byKind[kind].faults++;
      if (hit.has(at)) byKind[kind].found++;
    }
  }
  const counts = Object.values(byKind);
  return {
    threshold,
    falseAlarms: weeks === 0 ? 0 : falseAlarms / weeks,
    found: counts.reduce((sum, { found }) => sum + found, 0),
    faults: counts.reduce((sum, { faults }) => sum + faults, 0),
    byKind,
  };
}

/** The recall at the lowest threshold that keeps to so many false alarms per series and week. */
export function recallWithin(scored: readonly ScoredMetric[], falseAlarmsPerWeek: number): Recall {
  const levels = [...new Set(scored.flatMap(({ scores }) => Array.from(scores)))].filter((score) => score > 0);
  levels.sort((one, other) => one - other);
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (recallAt(scored, levels[middle] ?? Infinity).falseAlarms <= falseAlarmsPerWeek) high = middle;
    else low = middle + 1;
  }
  return recallAt(scored, levels[low] ?? Infinity);
}
