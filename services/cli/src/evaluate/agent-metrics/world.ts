// A seeded world of agents' metrics as series of five minutes, with faults of known kind and time: what the series detector is measured on.

import { Rng } from '../../simulate/world/rng.js';

export const METRIC_KINDS = [
  'requests',
  'bursty tool calls',
  'latency',
  'error share',
  'tokens, idle at night',
  'tokens, every day',
  'memory',
  'queue',
  'processor',
] as const;
export type MetricKind = (typeof METRIC_KINDS)[number];

export const FAULT_KINDS = ['spike', 'shift', 'growth', 'rhythm', 'silence', 'variance'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface MetricFault {
  readonly kind: FaultKind;
  /** Rows, the last one not within. */
  readonly from: number;
  readonly to: number;
}

export interface MetricSeries {
  readonly metric: MetricKind;
  readonly values: Float64Array;
  readonly faults: readonly MetricFault[];
}

/** A Monday, 5 January 2026, 0:00 UTC. */
export const WORLD_START_MICROS = 1_767_571_200_000_000;
export const ROW_MICROS = 300_000_000;
const DAY = 288;
export const WEEK = 7 * DAY;
const ROWS = 6 * WEEK;
const FIRST_FAULT_DAY = 9;
const DAYS_BETWEEN_FAULTS = 3;

/** For each metric one series without faults and one with them. */
export function agentMetrics(seed: number): MetricSeries[] {
  return METRIC_KINDS.flatMap((metric) => {
    const clean = new Rng(seed, metric, 'clean');
    const faulty = new Rng(seed, metric, 'faulty');
    return [{ metric, values: baseOf(metric, clean), faults: [] }, withFaults(metric, baseOf(metric, faulty), faulty)];
  });
}

/** How busy people are at a row: a bell around early afternoon, less at weekends. */
function busy(row: number, weekend = 0.25, night = 0.1): number {
  const hour = (row % DAY) / 12;
  const day = Math.floor(row / DAY) % 7;
  return (night + (1 - night) * Math.exp(-(((hour - 13.5) / 4.2) ** 2))) * (day >= 5 ? weekend : 1);
}

function baseOf(metric: MetricKind, rng: Rng): Float64Array {
  const wander = (persistence: number, deviation: number): (() => number) => {
    let value = 0;
    return () => (value = persistence * value + rng.normal() * deviation * Math.sqrt(1 - persistence * persistence));
  };
  const rows = (at: (row: number) => number): Float64Array => Float64Array.from({ length: ROWS }, (_, row) => at(row));
  switch (metric) {
    case 'requests': {
      const mood = wander(0.9, 0.15);
      return rows((row) => poisson(rng, 120 * busy(row) * Math.exp(mood())));
    }
    case 'bursty tool calls': {
      let left = 0;
      let height = 0;
      return rows((row) => {
        if (left === 0 && rng.chance(0.06 * busy(row, 0.15, 0.05))) {
          left = 2 + Math.floor(rng.exponential(6));
          height = gamma(rng, 2, 6);
        }
        if (left === 0) return 0;
        left--;
        return poisson(rng, height);
      });
    }
    case 'latency': {
      const mood = wander(0.6, 0.35);
      return rows((row) => 900 * Math.exp(mood() + 0.06 * heavy(rng)) * (1 + 0.25 * busy(row)));
    }
    case 'error share':
      return rows((row) => {
        const calls = poisson(rng, 25 * busy(row) + 0.5);
        let failed = 0;
        for (let call = 0; call < calls; call++) if (rng.chance(0.03)) failed++;
        return calls === 0 ? 0 : failed / calls;
      });
    case 'tokens, idle at night':
      return rows((row) => {
        const now = busy(row, 0, 0);
        return now > 0.2 ? gamma(rng, 3, 8000) * now : 0;
      });
    case 'tokens, every day':
      return rows((row) => gamma(rng, 4, 5000) * (0.3 + busy(row, 0.6, 0.2)));
    case 'memory':
      return rows((row) => 500 + ((row / 12) % 31) * 18 + rng.normal() * 12);
    case 'queue': {
      const mood = wander(0.9, 1.6);
      return rows((row) => Math.max(0, Math.round(10 * (4 + 6 * busy(row) + mood())) / 10));
    }
    case 'processor': {
      const mood = wander(0.85, 3.5);
      return rows((row) => Math.min(100, Math.max(0, 12 + 30 * busy(row, 0.3) + mood() + 0.6 * heavy(rng))));
    }
  }
}

/** A fault every three days from the second week on, on working days, each kind in turn; none that nobody could see. */
function withFaults(metric: MetricKind, values: Float64Array, rng: Rng): MetricSeries {
  const sorted = Float64Array.from(values).sort();
  const mean = values.reduce((sum, value) => sum + value, 0) / ROWS;
  const usual = {
    deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ROWS),
    middle: sorted[ROWS >> 1] ?? 0,
    high: sorted[Math.floor(0.999 * ROWS)] ?? 0,
    low: sorted[0] ?? 0,
  };
  const faults: MetricFault[] = [];
  let order: FaultKind[] = [];
  for (let day = FIRST_FAULT_DAY; day < ROWS / DAY - 2;) {
    if (day % 7 >= 5) {
      day++;
      continue;
    }
    if (order.length === 0) order = rng.shuffled(FAULT_KINDS.filter((kind) => isVisible(metric, kind)));
    const kind = order.pop() ?? 'spike';
    const hour = kind === 'rhythm' ? rng.pick([0, 12]) : rng.between(9, 13);
    const from = Math.floor((day + hour / 24) * DAY);
    faults.push({ kind, from, to: inject(metric, kind, values, from, rng, usual) });
    day += DAYS_BETWEEN_FAULTS;
  }
  return { metric, values, faults };
}

/** A rhythm can be broken only where there is one; a share of no calls is no news. */
function isVisible(metric: MetricKind, kind: FaultKind): boolean {
  if (kind === 'rhythm') return !['bursty tool calls', 'latency', 'error share', 'memory'].includes(metric);
  return !(kind === 'silence' && metric === 'error share');
}

interface Usual {
  readonly deviation: number;
  readonly middle: number;
  readonly high: number;
  readonly low: number;
}

/** Changes the values from row `from` on. Where the fault ends. */
function inject(
  metric: MetricKind,
  kind: FaultKind,
  values: Float64Array,
  from: number,
  rng: Rng,
  usual: Usual,
): number {
  const change = (rows: number, to: (value: number, at: number) => number): number => {
    for (let at = 0; at < rows; at++) values[from + at] = to(values[from + at] ?? 0, at / rows);
    return from + rows;
  };
  const isShare = metric === 'error share';
  switch (kind) {
    case 'spike': {
      const by = isShare
        ? rng.between(0.6, 1)
        : rng.between(1.5, 3) * Math.max(usual.high - usual.middle, 3 * usual.deviation);
      return change(rng.int(1, 3), (value) => value + by);
    }
    case 'shift': {
      const factor = rng.between(1.8, 2.6);
      return change(DAY / 2, (value) => value * factor + (isShare ? 0.5 * usual.deviation : 0));
    }
    case 'growth':
      return change(DAY, (value, share) => value * (1 + 1.5 * share) + (isShare ? 2 * usual.deviation * share : 0));
    case 'rhythm': {
      const before = values.slice(from - DAY / 2, from);
      return change(DAY / 2, (_, share) => before[Math.round((share * DAY) / 2)] ?? 0);
    }
    case 'silence':
      return change(DAY / 4, () => 0);
    case 'variance': {
      const middle = Float64Array.from(values.slice(from, from + DAY / 3)).sort()[DAY / 6] ?? 0;
      return change(DAY / 3, (value) => Math.max(usual.low >= 0 ? 0 : -Infinity, middle + 4 * (value - middle)));
    }
  }
}

function poisson(rng: Rng, mean: number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * rng.normal()));
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = rng.unit(); product > least; product *= rng.unit()) count++;
  return count;
}

/** Of a whole shape: a sum of exponentials. */
function gamma(rng: Rng, shape: number, scale: number): number {
  let sum = 0;
  for (let part = 0; part < shape; part++) sum += rng.exponential(scale);
  return sum;
}

/** The size of a Student's t of three degrees. */
function heavy(rng: Rng): number {
  const squares = rng.normal() ** 2 + rng.normal() ** 2 + rng.normal() ** 2;
  return Math.abs(rng.normal()) / Math.sqrt(squares / 3);
}
