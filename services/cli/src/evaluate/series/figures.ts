// Figures of a detector over series with known events: events are what is counted, for a point alone means nothing.

import type { Delay } from '../figures.js';
import { intervals, type Interval } from '../statistics/bootstrap.js';
import { quantile } from '../statistics/quantile.js';
import { judgeSeries, type ScoredSeries } from './judged-series.js';

/** Where a threshold lies between missing and crying wolf. */
export interface EventPoint {
  readonly threshold: number;
  readonly recall: number;
  /** Events found of all that was called: events found and false alarms. */
  readonly precision: number;
  readonly f1: number;
  /** Per series and week. */
  readonly falseAlarms: number;
}

export interface SeriesFigures {
  readonly threshold: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly falseAlarmsPerWeek: number;
  /** Average precision over the thresholds of `curve`. */
  readonly auprc: number;
  /** From an event's first row to the first alarm within. */
  readonly delayRows: Delay;
  readonly ci95: Readonly<Record<string, Interval>>;
}

const LEVELS = 60;

/** Thresholds from the highest score down, evenly over the logarithm of how many rows reach them. */
export function eventCurve(scored: readonly ScoredSeries[]): EventPoint[] {
  const scores = Float64Array.from(scored.flatMap(({ scores, series }) => Array.from(scores).slice(series.judgedFrom)))
    .filter((score) => score > 0)
    .sort();
  const ranks = Array.from({ length: LEVELS }, (_, i) => Math.floor(scores.length ** ((i + 1) / LEVELS)));
  const thresholds = [...new Set(ranks.map((rank) => scores[scores.length - rank] ?? Infinity))];
  return thresholds.map((threshold) => pointAt(scored, threshold));
}

export function pointAt(scored: readonly ScoredSeries[], threshold: number): EventPoint {
  const count = countsOf(scored.map((one) => countOf(one, threshold)));
  const { found, events, falseAlarms, weeks } = count;
  return {
    threshold,
    recall: events === 0 ? 0 : found / events,
    precision: found + falseAlarms === 0 ? 1 : found / (found + falseAlarms),
    f1: f1Of(count),
    falseAlarms: weeks === 0 ? 0 : falseAlarms / weeks,
  };
}

export function figuresOf(
  scored: readonly ScoredSeries[],
  threshold: number,
  curve: readonly EventPoint[],
): SeriesFigures {
  const counts = scored.map((one) => countOf(one, threshold));
  const figures = ratesOf(countsOf(counts));
  const delays = scored.flatMap((one) =>
    judgeSeries(one, threshold).found.flatMap((row, at) =>
      row === undefined ? [] : [Math.max(0, row - (one.series.events[at]?.from ?? 0))],
    ),
  );
  return {
    threshold,
    ...figures,
    falseAlarmsPerWeek: figures.falseAlarmsPerWeek ?? 0,
    auprc: averagePrecision(curve),
    delayRows: { median: quantile(delays, 0.5), p90: quantile(delays, 0.9) },
    ci95: intervals(scored.length, (weights) => ratesOf(countsOf(counts, weights))),
  };
}

interface Count {
  readonly found: number;
  readonly events: number;
  readonly falseAlarms: number;
  readonly weeks: number;
}

function countOf(one: ScoredSeries, threshold: number): Count {
  const { found, falseAlarms } = judgeSeries(one, threshold);
  return {
    found: found.filter((row) => row !== undefined).length,
    events: found.length,
    falseAlarms: falseAlarms.length,
    weeks: one.series.weeks,
  };
}

function countsOf(counts: readonly Count[], weights?: ArrayLike<number>): Count {
  const sum = (of: (count: Count) => number): number =>
    counts.reduce((total, count, at) => total + (weights?.[at] ?? 1) * of(count), 0);
  return {
    found: sum(({ found }) => found),
    events: sum(({ events }) => events),
    falseAlarms: sum(({ falseAlarms }) => falseAlarms),
    weeks: sum(({ weeks }) => weeks),
  };
}

function ratesOf(count: Count) {
  const { found, events, falseAlarms, weeks } = count;
  return {
    precision: found + falseAlarms === 0 ? null : found / (found + falseAlarms),
    recall: events === 0 ? null : found / events,
    f1: events === 0 ? null : f1Of(count),
    falseAlarmsPerWeek: weeks === 0 ? null : falseAlarms / weeks,
  };
}

function f1Of({ found, events, falseAlarms }: Count): number {
  return found === 0 ? 0 : (2 * found) / (found + events + falseAlarms);
}

function averagePrecision(curve: readonly EventPoint[]): number {
  let before = 0;
  let area = 0;
  for (const { recall, precision } of curve) {
    area += Math.max(0, recall - before) * precision;
    before = Math.max(before, recall);
  }
  return area;
}
