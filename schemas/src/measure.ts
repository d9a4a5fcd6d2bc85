// What a measure counts, by how it is added up.

import type { Measure } from './generated/types.js';

/** Integers that are added. */
export const MEASURE_SUMS = [
  'events',
  'late_events',
  'errors',
  'llm_calls',
  'llm_errors',
  'tool_calls',
  'tool_errors',
  'sessions',
  'sessions_started',
  'sessions_ended',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
  'duration_ms',
] as const satisfies readonly (keyof Measure)[];

/** Counts by name, added name by name. */
export const MEASURE_TALLIES = ['kinds', 'statuses', 'tools'] as const satisfies readonly (keyof Measure)[];

/** Histograms, each in two fields: `NAME_buckets` (ascending) and `NAME_counts` beside them. */
export const MEASURE_HISTOGRAMS = [
  'latency',
  'tool_latency',
  'first_token',
  'call_tokens',
  'call_cost',
  'session_tokens',
  'session_cost',
  'session_calls',
] as const;

export type MeasureSum = (typeof MEASURE_SUMS)[number];
export type MeasureTally = (typeof MEASURE_TALLIES)[number];
export type MeasureHistogram = (typeof MEASURE_HISTOGRAMS)[number];
