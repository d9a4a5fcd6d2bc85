// The loop-detector role: agent.events in, per session, agent.detections out.

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
import { loopDetector } from './detector.js';
import { DETECTOR_ID } from './draft.js';
import { heldEventCodec, loopInput } from './held-event.js';
import { defaultLoopOptions as defaults, type LoopOptions } from './options.js';
import type { LoopState } from './state.js';
import { LoopView } from './view.js';

const share = (fallback: number) => z.coerce.number().min(0).max(1).default(fallback);
const rounds = (fallback: number) => z.coerce.number().int().min(2).max(1_000).default(fallback);

const loopSettings = z.object({
  DETECTION_RULES: rulesSetting(),
  LOOP_SENSITIVITY: z
    .enum(sensitivities)
    .default('medium')
    .describe('How soon a loop is called where no rule says otherwise; the settings below are those of medium.'),
  LOOP_TURNS: rounds(defaults.turns).describe('Visits to the same step that make a repetition.'),
  LOOP_FAILED_TURNS: rounds(defaults.failedTurns).describe('The same where every visit failed: fewer may be a retry.'),
  LOOP_STALE_NOVELTY: share(defaults.staleNovelty).describe(
    'Share of new word pairs up to which a result brings nothing new.',
  ),
  LOOP_MAX_RESPONSIVENESS: share(defaults.maxResponsiveness).describe(
    'Share of changed argument words that show up in the result, from which new calls are a batch and no loop.',
  ),
  LOOP_INSTRUCTION_THRESHOLD: z.coerce
    .number()
    .positive()
    .default(defaults.instructionThreshold)
    .describe('Leaky sum of repeated instructions that makes a loop.'),
  LOOP_CHANT_SHARE: share(defaults.chantShare).describe('Share of distinct 4-word runs below which a text chants.'),
  LOOP_REPLAN_KEEPS: share(defaults.replanKeeps).describe(
    'What a plan that is written again leaves of the instruction sum; 1 ignores plans.',
  ),
  LOOP_IDLE_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(1_800_000)
    .describe('Silence (event time) after which a session is closed.'),
  LOOP_MAX_SESSIONS: z.coerce
    .number()
    .int()
    .positive()
    .default(1_000_000)
    .describe('Sessions held per partition, in memory and on disk; beyond, the idlest is closed.'),
});

type LoopEngine = EngineOptions<SequencedState<LoopState, LoopView>, LoopView, DetectionDraft>;

/** How a partition's events meet the detector; the role, an evaluation and a bench use the same. Inputs come from {@link loopInput}. */
export function loopEngine(
  options: Partial<LoopOptions> = {},
  limits: SessionLimits = {},
  tuningOf?: TuningOf,
): LoopEngine {
  return sessionEngine(loopDetector(options, tuningOf), heldEventCodec, limits);
}

/** Reads agent.events by {@link LoopView}, writes agent.detections; settings are LOOP_*. */
export const loopDetectorRole = defineRole({
  name: 'loop-detector',
  settings: loopSettings,
  settingsPrefix: 'LOOP_',
  reads: topic('agent.events', LoopView),
  writes: topic('agent.detections', 'Detection'),
  process: (settings) =>
    perKey({
      ...engineOf(settings),
      input: loopInput,
      output: detectionOutput,
    }),
});

/** The role's engine under the settings of an environment, so that an evaluation can try them on past data. Throws WK_SETTINGS. */
export function loopEngineUnder(env: Parameters<typeof loadSettings>[1], known: KnownNames): LoopEngine {
  return engineOf(loadSettings(loopSettings, env, known));
}

function engineOf(settings: z.infer<typeof loopSettings>): LoopEngine {
  const limits = { idleMs: settings.LOOP_IDLE_MS, maxKeys: settings.LOOP_MAX_SESSIONS };
  const tuningOf = tuningUnder(settings.DETECTION_RULES, DETECTOR_ID, settings.LOOP_SENSITIVITY);
  return loopEngine(optionsOf(settings), limits, tuningOf);
}

function optionsOf(settings: z.infer<typeof loopSettings>): LoopOptions {
  return {
    turns: settings.LOOP_TURNS,
    failedTurns: settings.LOOP_FAILED_TURNS,
    staleNovelty: settings.LOOP_STALE_NOVELTY,
    maxResponsiveness: settings.LOOP_MAX_RESPONSIVENESS,
    instructionThreshold: settings.LOOP_INSTRUCTION_THRESHOLD,
    chantShare: settings.LOOP_CHANT_SHARE,
    replanKeeps: settings.LOOP_REPLAN_KEEPS,
  };
}
