// One run of an agent towards a goal: one line per step.

import type { EventKind } from '@watchkeeper/schemas';
import type { GoalStep, HandoffStep, LlmStep, MessageStep, SessionStep, Step, ToolStep } from './step.js';

/** Takes a step of a session; never throws. */
export type Recorder = (session: Session, kind: EventKind, step: Step) => void;

/** A session's steps. No method throws, waits, or keeps an object it was given. Times are those of the call, so record a step when it is done. */
export class Session {
  readonly id: string;
  readonly agentId: string;
  readonly agentVersion: string;
  readonly traceId: string;
  /** The Kafka key of its events. */
  readonly key: Buffer;
  readonly #record: Recorder;
  #nextSeq: number;
  #ended = false;

  constructor(
    identity: Pick<Session, 'id' | 'agentId' | 'agentVersion' | 'traceId' | 'key'>,
    nextSeq: number,
    record: Recorder,
  ) {
    this.id = identity.id;
    this.agentId = identity.agentId;
    this.agentVersion = identity.agentVersion;
    this.traceId = identity.traceId;
    this.key = identity.key;
    this.#nextSeq = nextSeq;
    this.#record = record;
  }

  /** The seq of the next step: the given one, where it is a whole number from 0, else counted on. */
  takeSeq(given: unknown): number {
    const seq = typeof given === 'number' && Number.isSafeInteger(given) && given >= 0 ? given : this.#nextSeq;
    this.#nextSeq = Math.max(this.#nextSeq, seq + 1);
    return seq;
  }

  /** A step of any kind: what the methods below call. */
  record(kind: EventKind, step: Step = {}): void {
    this.#record(this, kind, step);
  }

  tool(step: ToolStep): void {
    this.record('TOOL_CALL', step);
  }

  llm(step: LlmStep): void {
    this.record('LLM_CALL', step);
  }

  message(step: MessageStep): void {
    this.record('MESSAGE', step);
  }

  plan(step: Step): void {
    this.record('PLAN', step);
  }

  reasoning(step: Step): void {
    this.record('REASONING', step);
  }

  /** A new or changed goal. */
  goal(step: GoalStep): void {
    this.record('GOAL_SET', step);
  }

  handoff(step: HandoffStep): void {
    this.record('HANDOFF', step);
  }

  retrieval(step: Step): void {
    this.record('RETRIEVAL', step);
  }

  memory(step: Step): void {
    this.record('MEMORY', step);
  }

  /** A check on input or output: `name` which, `label` or `score` its verdict. */
  guardrail(step: Step): void {
    this.record('GUARDRAIL', step);
  }

  evaluation(step: Step): void {
    this.record('EVALUATION', step);
  }

  /** What a person thinks of it. */
  feedback(step: Step): void {
    this.record('FEEDBACK', { actor: 'USER', ...step });
  }

  task(step: Step): void {
    this.record('TASK', step);
  }

  workflow(step: Step): void {
    this.record('WORKFLOW', step);
  }

  heartbeat(step: Step = {}): void {
    this.record('HEARTBEAT', step);
  }

  /** The session is over; a second call records nothing. */
  end(step: Step = {}): void {
    if (this.#ended) return;
    this.#ended = true;
    this.record('SESSION_ENDED', step);
  }

  /**
   * Calls `fn`, records the call with what came of it and how long it took, and gives back its result. An error of `fn` is recorded and thrown
   * on as it is. Works for functions that return a promise and for those that do not.
   */
  callTool<T>(name: string, input: unknown, fn: () => T): T {
    const startMs = performance.now();
    const done = (step: Step): void =>
      this.record('TOOL_CALL', { name, input, durationMs: performance.now() - startMs, ...step });
    let result: T;
    try {
      result = fn();
    } catch (error) {
      done({ status: 'ERROR', error: error ?? 'undefined was thrown' });
      throw error;
    }
    if (!isPromise(result)) {
      done({ status: 'OK', output: result });
      return result;
    }
    return result.then(
      (output: unknown) => {
        done({ status: 'OK', output });
        return output;
      },
      (error: unknown) => {
        done({ status: 'ERROR', error: error ?? 'undefined was thrown' });
        throw error;
      },
    ) as T;
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  try {
    return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
  } catch {
    return false;
  }
}

/** The step of SESSION_STARTED. */
export function startOf(options: SessionStep): Step {
  return options.user === undefined
    ? options
    : { ...options, attributes: { ...options.attributes, user: options.user } };
}
