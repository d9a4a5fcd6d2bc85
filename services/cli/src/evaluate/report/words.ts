// Figures as words: shares, intervals, delays.

import type { Delay } from '../figures.js';
import type { Interval } from '../statistics/bootstrap.js';

/** '.963', '0', '1', or '–' where a figure is undefined. */
export function share(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return Number.isInteger(value) ? String(value) : signed(value.toFixed(3).replace(/^(-?)0/, '$1'));
}

/** '.87 to 1', or nothing where there is no interval. */
export function interval(bounds: Interval | undefined, as: (value: number) => string = share): string {
  return bounds === undefined ? '' : `${as(bounds[0])} to ${as(bounds[1])}`;
}

/** A number with one digit after the point at most. */
export function steps(value: number | null): string {
  return value === null ? '–' : signed(String(Number(value.toFixed(1))));
}

/** A score or threshold, two digits after the point at most. */
export function score(value: number): string {
  return signed(String(Number(value.toFixed(2))));
}

/** '1 false alarm', '2 false alarms'. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function delay({ median, p90 }: Delay): string {
  return median === null ? '–' : `${steps(median)} / ${steps(p90)}`;
}

/** With a minus sign instead of a hyphen. */
function signed(text: string): string {
  return text.replace('-', '−');
}
