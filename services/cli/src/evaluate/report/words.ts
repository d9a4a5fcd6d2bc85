// Figures as words: shares, intervals, delays.

import type { Delay } from '../figures.js';
import type { Interval } from '../statistics/bootstrap.js';

/** '.963', '1', or '–' where a figure is undefined. */
export function share(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return Math.abs(value) === 1
    ? String(value)
    : value
        .toFixed(3)
        .replace(/^(-?)0/, '$1')
        .replace('-', '−');
}

/** '.87–1', or nothing where there is no interval. */
export function interval(bounds: Interval | undefined): string {
  return bounds === undefined ? '' : `${share(bounds[0])} to ${share(bounds[1])}`;
}

export function steps(value: number | null): string {
  return value === null ? '–' : String(Number(value.toFixed(1))).replace('-', '−');
}

export function delay({ median, p90 }: Delay): string {
  return median === null ? '–' : `${steps(median)} / ${steps(p90)}`;
}
