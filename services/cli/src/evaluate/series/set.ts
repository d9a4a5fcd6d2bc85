// A set of series judged by every method: what is told as JSON, and what the report is made of.

import {
  DETECTOR,
  DETECTOR_VERSION,
  ewmaThreeSigma,
  windowedGaussian,
  type Baseline,
} from '@watchkeeper/anomaly-detector';
import type { NabCorpus } from '../nab/corpus.js';
import { GRACE_ROWS, WARM_UP_ROWS } from '../agent-metrics/score-metrics.js';
import { ROW_MICROS, WEEK, WORLD_START_MICROS, type MetricSeries } from '../agent-metrics/world.js';
import { scoredSeries } from '../nab/score.js';
import type { SeriesFigures } from './figures.js';
import { baselineMethod, shippedMethod, type SeriesMethod, type TimedSeries } from './method.js';

const BASELINES: Readonly<Record<string, () => Baseline>> = {
  'EWMA 3 sigma': ewmaThreeSigma,
  'windowed Gaussian': windowedGaussian,
};
const WEEK_MICROS = 7 * 86_400_000_000;

export interface JudgedSet {
  readonly set: string;
  readonly series: readonly TimedSeries[];
  readonly shipped: SeriesMethod;
  readonly baselines: readonly SeriesMethod[];
}

/** The shared fields of a set's JSON. */
export interface SetFields extends SeriesFigures {
  readonly set: string;
  readonly detector: string;
  readonly version: number;
  readonly series: number;
  readonly positives: number;
  readonly baselines: Readonly<Record<string, SeriesFigures>>;
}

export function judgeSet(set: string, series: readonly TimedSeries[]): JudgedSet {
  return {
    set,
    series,
    shipped: shippedMethod('series detector', series),
    baselines: Object.entries(BASELINES).map(([name, make]) => baselineMethod(name, make, series)),
  };
}

export function fieldsOf({ set, series, shipped, baselines }: JudgedSet): SetFields {
  return {
    set,
    detector: DETECTOR,
    version: DETECTOR_VERSION,
    series: series.length,
    positives: series.reduce((sum, { events }) => sum + events.length, 0),
    ...shipped.figures,
    baselines: Object.fromEntries(baselines.map(({ name, figures }) => [name, figures])),
  };
}

/** The benchmark's series; its windows are the events. */
export function nabSet({ series }: NabCorpus): TimedSeries[] {
  return series.map(({ name, values, timesMicros, windows }) => {
    const { probation } = scoredSeries(values.length, windows);
    const [from, to] = [timesMicros[probation] ?? 0, timesMicros[values.length - 1] ?? 0];
    return {
      name,
      values,
      events: windows.map(([first, last]) => ({ kind: 'window', from: first, to: last + 1, grace: 0 })),
      judgedFrom: probation,
      weeks: (to - from) / WEEK_MICROS,
      timeMicrosAt: (row) => timesMicros[row] ?? 0,
    };
  });
}

/** The generated metrics of agents. */
export function metricsSet(worlds: readonly MetricSeries[]): TimedSeries[] {
  const made = new Map<string, number>();
  return worlds.map(({ metric, values, faults }) => {
    const nth = (made.get(metric) ?? 0) + 1;
    made.set(metric, nth);
    return {
      name: `${metric} ${nth}${faults.length === 0 ? ', clean' : ''}`,
      values,
      events: faults.map((fault) => ({ ...fault, grace: GRACE_ROWS })),
      judgedFrom: WARM_UP_ROWS,
      weeks: (values.length - WARM_UP_ROWS) / WEEK,
      timeMicrosAt: (row) => WORLD_START_MICROS + row * ROW_MICROS,
    };
  });
}
