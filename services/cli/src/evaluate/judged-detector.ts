// The shipped detectors as an evaluation runs them: in memory, by the engine that the roles use.

import { driftBaselines, driftDetector, driftEngine, driftInput } from '@watchkeeper/drift-detector';
import { loopBaselines, loopDetector, loopEngine, loopInput } from '@watchkeeper/loop-detector';
import { KeyedEngine, type EngineOptions } from '@watchkeeper/runtime';
import { tupleKey, type AgentEvent, type Baseline, type DetectionDraft } from '@watchkeeper/schemas';
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
  readonly baselines: readonly Baseline<AgentEvent>[];
  /** Baselines whose alarms on successful sessions are counted apart. */
  readonly plainRules: readonly string[];
  start(): Judge;
}

/** Made-up times lie in the past: nothing is to be clamped. */
const LOG = { timestampMs: Infinity };

/** The detector that answers a question. An input is a copy, for it cuts its texts in place. */
export function judgedDetector(question: Question): JudgedDetector {
  switch (question) {
    case 'loops': {
      const { id, version } = loopDetector();
      const start = (): Judge => judgeBy(loopEngine(), (event) => loopInput({ ...event }, LOG));
      return { id, version, baselines: loopBaselines, plainRules: ['exact ×3', '3 in 20'], start };
    }
    case 'drift': {
      const { id, version } = driftDetector();
      const start = (): Judge => judgeBy(driftEngine(), (event) => driftInput({ ...event }, LOG));
      return { id, version, baselines: driftBaselines, plainRules: [], start };
    }
  }
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
