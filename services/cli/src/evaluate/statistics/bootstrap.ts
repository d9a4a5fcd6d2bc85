// Percentile bootstrap (Efron 1979): how far a figure would move had other sessions been drawn.

import { Rng } from '../../simulate/world/rng.js';
import { quantile } from './quantile.js';

export type Interval = readonly [low: number, high: number];

export interface BootstrapOptions {
  readonly draws: number;
  readonly seed: string | number;
}

export const BOOTSTRAP: BootstrapOptions = { draws: 1_000, seed: 1 };

/**
 * 95 % intervals of figures over `size` sessions. `figures` is called with how often each session was drawn; a figure that a draw leaves
 * undefined (null) is left out of that draw, and a figure that no draw defines has no interval.
 */
export function intervals(
  size: number,
  figures: (weights: Uint16Array) => Readonly<Record<string, number | null>>,
  { draws, seed }: BootstrapOptions = BOOTSTRAP,
): Record<string, Interval> {
  const rng = new Rng(seed, 'bootstrap');
  const drawn = new Map<string, number[]>();
  const weights = new Uint16Array(size);
  for (let draw = 0; draw < draws; draw++) {
    weights.fill(0);
    for (let i = 0; i < size; i++) {
      const at = rng.int(0, size - 1);
      weights[at] = (weights[at] ?? 0) + 1;
    }
    for (const [name, value] of Object.entries(figures(weights))) {
      if (value === null) continue;
      const values = drawn.get(name) ?? [];
      values.push(value);
      drawn.set(name, values);
    }
  }
  const found: Record<string, Interval> = {};
  for (const [name, values] of drawn) {
    const [low, high] = [quantile(values, 0.025), quantile(values, 0.975)];
    if (low !== null && high !== null) found[name] = [low, high];
  }
  return found;
}
