// The anomaly detector's role: measures and marks in, detections out.

import {
  defineRole,
  detectionOutput,
  perKey,
  rulesSetting,
  topic,
  type EngineOptions,
  type InputPosition,
} from '@watchkeeper/runtime';
import { sensitivities, tuningUnder, type DetectionDraft } from '@watchkeeper/schemas';
import { z } from 'zod';
import { anomalyDetector } from './anomaly.js';
import { DETECTOR } from './drafts.js';
import { FleetWatermark } from './fleet-watermark.js';
import { DEFAULT_ANOMALY_OPTIONS, HOUR_MICROS } from './options.js';
import type { AnomalyState } from './state.js';
import { AnomalyView, type MeasureInput } from './view.js';

const hours = (least: number) => z.coerce.number().min(least);

export const anomalySettings = z.object({
  DETECTION_RULES: rulesSetting(),
  ANOMALY_SENSITIVITY: z
    .enum(sensitivities)
    .default('medium')
    .describe(
      'How soon a rise or a silence is called where no rule says otherwise; the settings below are those of medium.',
    ),
  ANOMALY_WARMUP_HOURS: hours(1)
    .default(DEFAULT_ANOMALY_OPTIONS.warmupMicros / HOUR_MICROS)
    .describe("Event time from an agent's first measure in which it is only learnt."),
  ANOMALY_THRESHOLD: z.coerce
    .number()
    .min(3)
    .default(DEFAULT_ANOMALY_OPTIONS.threshold)
    .describe('Standard deviations from which a rise is reported.'),
  ANOMALY_MIN_RATIO: z.coerce
    .number()
    .min(1.1)
    .default(DEFAULT_ANOMALY_OPTIONS.minRatio)
    .describe('A rise below this ratio is never reported.'),
  ANOMALY_SILENCE_ONCE_IN: z.coerce
    .number()
    .min(100)
    .default(DEFAULT_ANOMALY_OPTIONS.silenceOnceIn)
    .describe('A pause is reported where one so long comes once in so many pauses.'),
  ANOMALY_ADOPT_HOURS: hours(3)
    .default(DEFAULT_ANOMALY_OPTIONS.adoptMicros / HOUR_MICROS)
    .describe('A lasting level is taken for the usual one after so long.'),
  ANOMALY_MAX_PENDING: z.coerce
    .number()
    .int()
    .min(16)
    .default(DEFAULT_ANOMALY_OPTIONS.maxPending)
    .describe(
      'Windows held per agent until every source partition has closed them; beyond, they are held more coarsely.',
    ),
  ANOMALY_IDLE_HOURS: hours(24)
    .default(14 * 24)
    .describe('An agent not seen for so long is forgotten.'),
  ANOMALY_MAX_KEYS: z.coerce
    .number()
    .int()
    .min(1)
    .default(1_000_000)
    .describe('Agents held per partition, in memory and on disk; beyond, the idlest is forgotten.'),
});

/** How a partition's measures meet the detector; the role and a bench use the same. Inputs come from {@link anomalyInput}. */
export function anomalyEngine(
  settings: z.output<typeof anomalySettings> = anomalySettings.parse({}),
): EngineOptions<AnomalyState, MeasureInput, DetectionDraft> {
  return {
    detector: anomalyDetector(
      {
        warmupMicros: settings.ANOMALY_WARMUP_HOURS * HOUR_MICROS,
        threshold: settings.ANOMALY_THRESHOLD,
        minRatio: settings.ANOMALY_MIN_RATIO,
        silenceOnceIn: settings.ANOMALY_SILENCE_ONCE_IN,
        adoptMicros: settings.ANOMALY_ADOPT_HOURS * HOUR_MICROS,
        maxPending: settings.ANOMALY_MAX_PENDING,
      },
      tuningUnder(settings.DETECTION_RULES, DETECTOR, settings.ANOMALY_SENSITIVITY),
    ),
    isMark: (input: MeasureInput) => input.record_kind === 'MARK',
    timeOf: (input: MeasureInput) => input.window_start,
    watermark: { create: () => new FleetWatermark(), decode: (bytes) => FleetWatermark.decode(bytes) },
    idleMs: (settings.ANOMALY_IDLE_HOURS * HOUR_MICROS) / 1000,
    maxKeys: settings.ANOMALY_MAX_KEYS,
  };
}

/** A measure behind the watermark is dropped and counted. */
export function anomalyInput(
  measure: MeasureInput,
  _record: unknown,
  at: Pick<InputPosition, 'watermarkMicros' | 'skip'>,
): MeasureInput | undefined {
  const isLate = measure.record_kind === 'MEASURE' && measure.window_end <= at.watermarkMicros;
  if (isLate) at.skip('late');
  return isLate ? undefined : measure;
}

export const anomalyDetectorRole = defineRole({
  name: 'anomaly-detector',
  settings: anomalySettings,
  settingsPrefix: 'ANOMALY_',
  reads: topic('agent.measures', AnomalyView),
  writes: topic('agent.detections', 'Detection'),
  process: (settings) => perKey({ ...anomalyEngine(settings), input: anomalyInput, output: detectionOutput }),
});
