// What can be set about the judging of anomalies, and what is judged.

import type { Sensitivity } from '@watchkeeper/schemas';

/** What is watched of an agent, in the words of a detection's `metric`. */
export const LEVEL_METRICS = [
  'latency',
  'tool_latency',
  'time_to_first_token',
  'tokens',
  'cost',
  'session_calls',
] as const;
export type LevelMetric = (typeof LEVEL_METRICS)[number];
export type AnomalyMetric = LevelMetric | 'errors' | 'tool_mix' | 'silence';
export type AnomalyKind = 'anomaly.spike' | 'anomaly.level_shift' | 'anomaly.slow_growth' | 'anomaly.silence';

export const HOUR_MICROS = 3_600_000_000;

export interface AnomalyOptions {
  /** Event time from an agent's first measure during which nothing is reported. */
  readonly warmupMicros: number;
  /** Standard deviations (of windows as long and as busy) from which a rise is reported. */
  readonly threshold: number;
  /** A rise below this ratio is never reported, however sure. */
  readonly minRatio: number;
  /** A pause is reported where pauses so long come once in so many. */
  readonly silenceOnceIn: number;
  /** A lasting level is taken for the usual one after this time. */
  readonly adoptMicros: number;
  /** Windows held per agent until the watermark passes them; beyond, they are held more coarsely. */
  readonly maxPending: number;
}

export const DEFAULT_ANOMALY_OPTIONS: AnomalyOptions = {
  warmupMicros: 20 * HOUR_MICROS,
  threshold: 4.75,
  minRatio: 1.5,
  silenceOnceIn: 8_000,
  adoptMicros: 24 * HOUR_MICROS,
  maxPending: 512,
};

/** The options of each step of sensitivity; what they are set to is medium. A sixth of the deviations more or less, and silences ten times as rare or as common. */
export function optionsBySensitivity(medium: AnomalyOptions): Readonly<Record<Sensitivity, AnomalyOptions>> {
  const low = { ...medium, threshold: medium.threshold * 1.2, silenceOnceIn: medium.silenceOnceIn * 10 };
  const high = {
    ...medium,
    threshold: Math.max(3, medium.threshold / 1.2),
    silenceOnceIn: Math.max(100, medium.silenceOnceIn / 10),
  };
  return { low, medium, high };
}
