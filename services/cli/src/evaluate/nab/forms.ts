// Other forms of a series: as short, as coarse, as noisy, on another scale. What holds in all of them is not a quirk of one.

import { Rng } from '../../simulate/world/rng.js';
import type { NabSeries } from './corpus.js';
import type { RowWindow } from './score.js';

export type Form =
  | 'as it is'
  | 'mean of 2'
  | 'mean of 3'
  | 'mean of 6'
  | 'every 2nd'
  | 'every 3rd'
  | 'logarithm'
  | 'last 60 %'
  | 'noisy';
/** How much each form counts; the series as they are the most, for none of the others is a series that anybody had. */
export const FORM_WEIGHTS: Readonly<Record<Form, number>> = {
  'as it is': 4,
  'mean of 2': 1.5,
  'mean of 3': 1.5,
  'mean of 6': 1,
  'every 2nd': 0.75,
  'every 3rd': 0.75,
  logarithm: 1,
  'last 60 %': 1.5,
  noisy: 1,
};

export type PlainSeries = Pick<NabSeries, 'name' | 'timesMicros' | 'values' | 'windows'>;

/** The series in a form, its windows where they lie then. */
export function inForm(series: PlainSeries, form: Form): PlainSeries {
  switch (form) {
    case 'as it is':
      return series;
    case 'mean of 2':
      return thinned(series, 2, mean);
    case 'mean of 3':
      return thinned(series, 3, mean);
    case 'mean of 6':
      return thinned(series, 6, mean);
    case 'every 2nd':
      return thinned(series, 2, (values) => values[0] ?? 0);
    case 'every 3rd':
      return thinned(series, 3, (values) => values[0] ?? 0);
    case 'logarithm': {
      const sorted = Float64Array.from(series.values).sort();
      const low = sorted[0] ?? 0;
      const unit = Math.abs(sorted[sorted.length >> 1] ?? 0) || 1;
      return { ...series, values: series.values.map((value) => Math.log1p((value - low) / unit)) };
    }
    case 'last 60 %':
      return cut(series, Math.floor(0.4 * series.values.length));
    case 'noisy': {
      const rng = new Rng(7, series.name);
      const steps = series.values.map((value, row) => Math.abs(value - (series.values[row - 1] ?? value))).sort();
      const deviation = 0.25 * (steps[Math.floor(0.8 * steps.length)] ?? 0);
      return { ...series, values: series.values.map((value) => value + deviation * rng.normal()) };
    }
  }
}

function thinned(series: PlainSeries, by: number, of: (values: Float64Array) => number): PlainSeries {
  const rows = Math.floor(series.values.length / by);
  const windows: RowWindow[] = [];
  for (const [first, last] of series.windows) {
    const window: RowWindow = [Math.floor(first / by), Math.min(rows - 1, Math.floor(last / by))];
    if (window[1] > window[0] && window[0] > (windows.at(-1)?.[1] ?? -1)) windows.push(window);
  }
  return {
    name: series.name,
    timesMicros: Float64Array.from({ length: rows }, (_, row) => series.timesMicros[row * by] ?? 0),
    values: Float64Array.from({ length: rows }, (_, row) => of(series.values.subarray(row * by, (row + 1) * by))),
    windows,
  };
}

function cut(series: PlainSeries, from: number): PlainSeries {
  return {
    name: series.name,
    timesMicros: series.timesMicros.slice(from),
    values: series.values.slice(from),
    windows: series.windows.filter(([first]) => first > from).map(([first, last]) => [first - from, last - from]),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
