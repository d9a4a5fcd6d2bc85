// The drift-detector role: agent.events in, per session, agent.detections out.

import { readFileSync } from 'node:fs';
import {
  defineRole,
  detectionOutput,
  loadSettings,
  perKey,
  rulesSetting,
  sessionEngine,
  topic,
  type EngineOptions,
  type KnownNames,
  type SequencedState,
  type SessionLimits,
} from '@watchkeeper/runtime';
import { sensitivities, tuningUnder, type DetectionDraft, type TuningOf } from '@watchkeeper/schemas';
import { z } from 'zod';
import { driftDetector } from './detector.js';
import { DETECTOR } from './episode.js';
import { driftInput, heldEventCodec } from './held-event.js';
import { defaultDriftOptions as defaults, type DriftOptions } from './options.js';
import type { DriftState } from './state.js';
import { wordVectorsOf, type WordVectors } from './text/word-vectors.js';
import { DriftView } from './view.js';

const driftSettings = z.object({
  DETECTION_RULES: rulesSetting(),
  DRIFT_SENSITIVITY: z
    .enum(sensitivities)
    .default('medium')
    .describe('How soon a drift is called where no rule says otherwise; the thresholds below are those of medium.'),
  DRIFT_HIJACK_THRESHOLD: z.coerce
    .number()
    .gt(0)
    .lt(1)
    .default(defaults.hijackThreshold)
    .describe('Fused probability from which a call counts as carrying out a passage of an output.'),
  DRIFT_DEPARTURE_THRESHOLD: z.coerce
    .number()
    .positive()
    .default(defaults.departureThreshold)
    .describe(
      'Cumulative log-likelihood (nats) that the session has left its goal; a step that has left adds up to 1.',
    ),
  DRIFT_IDLE_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(1_800_000)
    .describe('Silence (event time) after which a session is closed.'),
  DRIFT_MAX_SESSIONS: z.coerce
    .number()
    .int()
    .positive()
    .default(1_000_000)
    .describe('Sessions held per partition, in memory and on disk; beyond, the idlest is closed.'),
});

type DriftEngine = EngineOptions<SequencedState<DriftState, DriftView>, DriftView, DetectionDraft>;

let shipped: WordVectors | undefined;

/** The word vectors that this package ships (docs/decisions/0020), read when they are first asked for. */
export const shippedWords: WordVectors = {
  similarity: (one, other) => {
    shipped ??= wordVectorsOf(readFileSync(new URL('../words/vectors.bin', import.meta.url)));
    return shipped.similarity(one, other);
  },
};

/** How a partition's events meet the detector; the role, an evaluation and a bench use the same. Inputs come from {@link driftInput}. */
export function driftEngine(
  options: Partial<DriftOptions> = {},
  limits: SessionLimits = {},
  tuningOf?: TuningOf,
): DriftEngine {
  return sessionEngine(driftDetector({ words: shippedWords, ...options }, tuningOf), heldEventCodec, limits);
}

/** Reads agent.events by {@link DriftView}, writes agent.detections; settings are DRIFT_*. */
export const driftDetectorRole = defineRole({
  name: 'drift-detector',
  settings: driftSettings,
  settingsPrefix: 'DRIFT_',
  reads: topic('agent.events', DriftView),
  writes: topic('agent.detections', 'Detection'),
  process: (settings) =>
    perKey({
      ...engineOf(settings),
      input: driftInput,
      output: detectionOutput,
    }),
});

/** The role's engine under the settings of an environment, so that an evaluation can try them on past data. Throws WK_SETTINGS. */
export function driftEngineUnder(env: Parameters<typeof loadSettings>[1], known: KnownNames): DriftEngine {
  return engineOf(loadSettings(driftSettings, env, known));
}

function engineOf(settings: z.infer<typeof driftSettings>): DriftEngine {
  return driftEngine(
    { hijackThreshold: settings.DRIFT_HIJACK_THRESHOLD, departureThreshold: settings.DRIFT_DEPARTURE_THRESHOLD },
    { idleMs: settings.DRIFT_IDLE_MS, maxKeys: settings.DRIFT_MAX_SESSIONS },
    tuningUnder(settings.DETECTION_RULES, DETECTOR, settings.DRIFT_SENSITIVITY),
  );
}
