// What an agent's author says of a step. Everything is optional but the essential; what does not fit its type is recorded as well as it can be.

import type { Actor, EventKind, EventPhase, EventStatus } from '@watchkeeper/schemas';

/** Fields that every step may carry. */
export interface Step {
  /** Whatever went in: a string as it is, anything else as JSON. */
  readonly input?: unknown;
  readonly output?: unknown;
  /** Something said in words: it becomes the input. */
  readonly text?: unknown;
  readonly name?: string | undefined;
  readonly status?: EventStatus | undefined;
  /** An Error, a text, or anything thrown; sets status ERROR where none is given. */
  readonly error?: unknown;
  readonly durationMs?: number | undefined;
  readonly phase?: EventPhase | undefined;
  readonly actor?: Actor | undefined;
  readonly role?: string | undefined;
  readonly recipient?: string | undefined;
  readonly label?: string | undefined;
  readonly score?: number | undefined;
  readonly planRevision?: number | undefined;
  readonly goal?: unknown;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
  readonly parentSpanId?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly cacheReadTokens?: number | undefined;
  readonly cacheWriteTokens?: number | undefined;
  readonly reasoningTokens?: number | undefined;
  readonly timeToFirstTokenMs?: number | undefined;
  readonly costUsd?: number | undefined;
  /** Wins over costUsd. */
  readonly costNanoUsd?: number | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  /** Another agent of the same session, e.g. a worker under a supervisor. */
  readonly agentId?: string | undefined;
  readonly agentVersion?: string | undefined;
  /** For replays and simulations; the emitter fills them. */
  readonly eventId?: string | undefined;
  readonly seq?: number | undefined;
  readonly occurredAtMicros?: number | undefined;
}

/** A call of a tool: `input` its arguments, `output` its result. */
export interface ToolStep extends Step {
  readonly name: string;
}

/** A call of a model: `input` the prompt, `output` the completion. Cache tokens are a part of inputTokens, reasoning tokens of outputTokens. */
export interface LlmStep extends Step {
  readonly model: string;
}

/** A message between agent, user and other agents; from the agent unless `actor` says otherwise. */
export interface MessageStep extends Step {
  readonly text: unknown;
}

export interface GoalStep extends Step {
  readonly goal: unknown;
}

/** The agent passes the work on to `recipient`. */
export interface HandoffStep extends Step {
  readonly recipient: string;
}

/** What a session is: the goal, and who works on it. */
export interface SessionStep extends Step {
  readonly goal?: unknown;
  /** Made up unless given. */
  readonly sessionId?: string | undefined;
  /** Who asked; an attribute of the first event. */
  readonly user?: string | undefined;
  /** True: the session goes on from another process; SESSION_STARTED is not recorded again. */
  readonly resumed?: boolean | undefined;
  /** The first seq to be used, for a resumed session. */
  readonly nextSeq?: number | undefined;
}

/** What was recorded at last: a closed set of kinds. */
export type StepKind = Exclude<EventKind, 'UNKNOWN'>;
