// evaluate anomalies: the series detector over a seeded world of agents' metrics, beside the baselines.

import {
  SERIES_CONSTANTS,
  SeriesDetector,
  ewmaThreeSigma,
  windowedGaussian,
  type Baseline,
} from '@watchkeeper/anomaly-detector';
import { intervals, type Interval } from '../statistics/bootstrap.js';
import { recallAt, recallWithin, type Recall, type ScoredMetric } from './score-metrics.js';
import { ROW_MICROS, WORLD_START_MICROS, agentMetrics, type MetricSeries } from './world.js';

/** Worlds that nothing was tuned on. */
const SEEDS = [101, 102, 103, 104] as const;
/** False alarms per series and week at which detectors are compared. */
const ALLOWED = 0.5;
const SHIPPED = 'watchkeeper';

type MetricScorer = (series: MetricSeries) => Float64Array;

/** The series detector with another threshold: its refractory time depends on it, so that its scores alone do not tell. */
function shipped(threshold: number): MetricScorer {
  return function scores({ values }) {
    const detector = new SeriesDetector({ ...SERIES_CONSTANTS, threshold });
    return values.map(
      (value, row) => detector.update({ timeMicros: WORLD_START_MICROS + row * ROW_MICROS, value }).score,
    );
  };
}

function baseline(make: () => Baseline): MetricScorer {
  return function scores({ values }) {
    const detector = make();
    return values.map((value) => detector.update(value));
  };
}

const BASELINES: Readonly<Record<string, MetricScorer>> = {
  'windowed Gaussian': baseline(windowedGaussian),
  'EWMA 3 sigma': baseline(ewmaThreeSigma),
};

export interface MetricsResult {
  readonly detector: string;
  /** At the shipped threshold; undefined of detectors that have none. */
  readonly frozen: Recall | undefined;
  readonly ci95: Readonly<Record<string, Interval>> | undefined;
  /** At the lowest threshold that keeps to half a false alarm per series and week. */
  readonly within: Recall;
}

export interface MetricsReport {
  readonly set: 'agent-metrics';
  readonly series: number;
  readonly results: readonly MetricsResult[];
}

/** Four worlds, each with a clean and a faulty series of every metric. */
export function evaluatedWorlds(): MetricSeries[] {
  return SEEDS.flatMap((seed) => agentMetrics(seed));
}

/** Judges the worlds. */
export function scoreAgentMetrics(worlds: readonly MetricSeries[]): MetricsReport {
  const judge = (scorer: MetricScorer): ScoredMetric[] => worlds.map((series) => ({ series, scores: scorer(series) }));
  const frozen = judge(shipped(SERIES_CONSTANTS.threshold));
  const ours: MetricsResult = {
    detector: SHIPPED,
    frozen: recallAt(frozen, SERIES_CONSTANTS.threshold),
    ci95: frozenIntervals(frozen),
    within: shippedWithin(judge),
  };
  const others = Object.entries(BASELINES).map(([detector, scorer]) => ({
    detector,
    frozen: undefined,
    ci95: undefined,
    within: recallWithin(judge(scorer), ALLOWED),
  }));
  return { set: 'agent-metrics', series: worlds.length, results: [ours, ...others] };
}

/** The lowest threshold, in steps, that keeps to what is allowed. */
function shippedWithin(judge: (scorer: MetricScorer) => ScoredMetric[]): Recall {
  for (let threshold = SERIES_CONSTANTS.threshold; ; threshold += 0.1) {
    const recall = recallAt(judge(shipped(threshold)), threshold);
    if (recall.falseAlarms <= ALLOWED) return recall;
  }
}

function frozenIntervals(scored: readonly ScoredMetric[]): Record<string, Interval> {
  const each = scored.map((one) => recallAt([one], SERIES_CONSTANTS.threshold));
  return intervals(scored.length, (weights) => {
    const sum = (of: (recall: Recall) => number): number =>
      each.reduce((total, recall, at) => total + (weights[at] ?? 0) * of(recall), 0);
    const faults = sum((recall) => recall.faults);
    return {
      recall: faults === 0 ? null : sum((recall) => recall.found) / faults,
      falseAlarms: sum((recall) => recall.falseAlarms) / scored.length,
    };
  });
}

/** The report as a table for a person. */
export function metricsTable({ series, results }: MetricsReport): string {
  const line = (name: string, recall: Recall): string => {
    const kinds = Object.entries(recall.byKind).map(([kind, { found, faults }]) => `${kind} ${share(found, faults)}`);
    return `${name.padEnd(40)}${share(recall.found, recall.faults)} of ${recall.faults} found, ${recall.falseAlarms.toFixed(2)} false alarms a week  (${kinds.join(', ')})`;
  };
  const lines = results.flatMap(({ detector, frozen, ci95, within }) => {
    const interval = ci95?.['recall']?.map((end) => end.toFixed(2)).join(' to ');
    return [
      ...(frozen ? [`${line(`${detector}, shipped threshold`, frozen)}, 95 % interval ${interval ?? 'none'}`] : []),
      line(`${detector}, at most ${ALLOWED} a week`, within),
    ];
  });
  return [
    `Agents' metrics with faults: ${series} generated series of six weeks, half of them without a fault.`,
    ...lines,
    '',
  ].join('\n');
}

function share(found: number, of: number): string {
  return of === 0 ? '–' : (found / of).toFixed(2);
}
