// The shipped detectors as an evaluation runs them: in memory, by the engine that the roles use.

import {
  driftBaselines,
  driftDetector,
  driftDetectorRole,
  driftEngineUnder,
  driftInput,
} from '@watchkeeper/drift-detector';
import { loopBaselines, loopDetector, loopDetectorRole, loopEngineUnder, loopInput } from '@watchkeeper/loop-detector';
import { knownNames, KeyedEngine, type EngineOptions, type Role } from '@watchkeeper/runtime';
import { tupleKey, type AgentEvent, type Baseline, type DetectionDraft } from '@watchkeeper/schemas';
import { allRoles } from '../roles.js';
import type { Question } from './labels.js';
import type { SessionRun, Told } from './outcome.js';

/** A detector over the events of one set, in the order of the log. */
export interface Judge {
  observe(event: AgentEvent): void;
  /** Closes what is open. What was told of each session, in the order in which the sessions began. */
  end(): SessionRun[];
}

/** A detector as it is evaluated. */
export interface JudgedDetector {
  readonly id: string;
  readonly version: number;
  /** What the environment sets otherwise than it ships. */
  readonly settings: Readonly<Record<string, string>>;
  readonly baselines: readonly Baseline<AgentEvent>[];
  /** Baselines whose alarms on successful sessions are counted apart. */
  readonly plainRules: readonly string[];
  start(): Judge;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Made-up times lie in the past: nothing is to be clamped. */
const LOG = { timestampMs: Infinity };

/** The detector that answers a question, under the settings of an environment. Throws WK_SETTINGS. */
export function judgedDetector(question: Question, env: Env): JudgedDetector {
  const known = knownNames(allRoles);
  // Inputs are copies, for they cut their texts in place.
  switch (question) {
    case 'loops': {
      const { id, version } = loopDetector();
      return {
        id,
        version,
        settings: settingsIn(env, loopDetectorRole),
        baselines: loopBaselines,
        plainRules: ['exact ×3', '3 in 20'],
        start: () => judgeBy(loopEngineUnder(env, known), (event) => loopInput({ ...event }, LOG)),
      };
    }
    case 'drift': {
      const { id, version } = driftDetector();
      return {
        id,
        version,
        settings: settingsIn(env, driftDetectorRole),
        baselines: driftBaselines,
        plainRules: [],
        start: () => judgeBy(driftEngineUnder(env, known), (event) => driftInput({ ...event }, LOG)),
      };
    }
  }
}

/** The role's settings that the environment changes. */
function settingsIn(env: Env, role: Role): Record<string, string> {
  const names = Object.keys(role.settings.shape).filter((name) => (env[name] ?? '') !== '');
  return Object.fromEntries(names.map((name) => [name, env[name] ?? '']));
}

interface Session {
  readonly id: string;
  readonly told: Told[];
  lastStep: number;
  score: number;
}

function judgeBy<State, Input>(
  options: EngineOptions<State, Input, DetectionDraft>,
  toInput: (event: AgentEvent) => Input,
): Judge {
  const sessions = new Map<string, Session>();
  const engine = new KeyedEngine(
    listening(options, (key, score) => {
      const session = sessions.get(key);
      if (session) session.score = Math.max(session.score, score);
    }),
  );
  const keep = (drafts: readonly DetectionDraft[]): void => {
    for (const draft of drafts) {
      const session = sessions.get(tupleKey(draft.tenant_id, draft.session_id));
      session?.told.push({ step: session.lastStep, draft });
    }
  };
  let offset = 0;
  return {
    observe(event) {
      const key = tupleKey(event.tenant_id, event.session_id);
      const session = sessions.get(key) ?? { id: event.session_id, told: [], lastStep: 0, score: 0 };
      sessions.set(key, session);
      // Two events at most make a step (its text, and the call or message).
      session.lastStep = event.seq >> 1;
      keep(engine.observe(toInput(event), offset++));
    },
    end() {
      keep(engine.closeAll());
      return [...sessions.values()].map(({ id, score, told }) => ({ session: id, score, told }));
    },
  };
}

/** The same engine, which tells each key's score when the key is closed: a session's state is gone after its end. */
function listening<State, Input, Output>(
  options: EngineOptions<State, Input, Output>,
  onScore: (key: string, score: number) => void,
): EngineOptions<Keyed<State>, Input, Output> {
  const { detector } = options;
  return {
    ...options,
    detector: {
      ...detector,
      create: (key) => ({ key, inner: detector.create(key) }),
      onEvent: ({ inner }, input) => detector.onEvent(inner, input),
      dueAt: ({ inner }) => detector.dueAt(inner),
      onTime: ({ inner }, micros) => detector.onTime(inner, micros),
      onClose({ key, inner }) {
        const drafts = detector.onClose(inner);
        onScore(key, detector.score(inner));
        return drafts;
      },
      score: ({ inner }) => detector.score(inner),
      encode: ({ inner }) => detector.encode(inner),
      decode: (bytes) => ({ key: '', inner: detector.decode(bytes) }),
    },
  };
}

interface Keyed<State> {
  readonly key: string;
  readonly inner: State;
}
