// The shipped detector and the plain ones beside it over the same series: figures, and the curve they come from.

import { SERIES_CONSTANTS, SeriesDetector, type Baseline } from '@watchkeeper/anomaly-detector';
import { eventCurve, figuresOf, pointAt, type EventPoint, type SeriesFigures } from './figures.js';
import type { KnownSeries, ScoredSeries } from './judged-series.js';

export interface SeriesMethod {
  readonly name: string;
  readonly scored: readonly ScoredSeries[];
  readonly curve: readonly EventPoint[];
  /** Where it stands on the curve. */
  readonly at: EventPoint;
  readonly figures: SeriesFigures;
}

export type TimedSeries = KnownSeries & { readonly timeMicrosAt: (row: number) => number };

/** The series detector as it ships. */
export function shippedMethod(name: string, all: readonly TimedSeries[]): SeriesMethod {
  const scored = all.map((series): ScoredSeries => {
    const detector = new SeriesDetector();
    const reasons = new Map<number, string>();
    const scores = Float64Array.from(series.values, (value, row) => {
      const { score, isAlarm, reason } = detector.update({ timeMicros: series.timeMicrosAt(row), value });
      if (isAlarm) reasons.set(row, reason);
      return score;
    });
    return { series, scores, reasonAt: (row) => reasons.get(row) ?? '' };
  });
  return methodOf(name, scored, SERIES_CONSTANTS.threshold);
}

/** A baseline has no threshold of its own that fits: it gets the one that is best (by F1) on these very series. */
export function baselineMethod(name: string, make: () => Baseline, all: readonly KnownSeries[]): SeriesMethod {
  const scored = all.map((series): ScoredSeries => {
    const detector = make();
    return { series, scores: Float64Array.from(series.values, (value) => detector.update(value)) };
  });
  const best = eventCurve(scored).reduce((one, other) => (other.f1 > one.f1 ? other : one));
  return methodOf(name, scored, best.threshold);
}

function methodOf(name: string, scored: readonly ScoredSeries[], threshold: number): SeriesMethod {
  const curve = eventCurve(scored);
  return { name, scored, curve, at: pointAt(scored, threshold), figures: figuresOf(scored, threshold, curve) };
}
