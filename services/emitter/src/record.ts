// A step as an AgentEvent: ids, times and content are filled in, and every field fits its type.

import {
  writerTypes,
  type Actor,
  type AgentEvent,
  type EventKind,
  type EventPhase,
  type EventStatus,
} from '@watchkeeper/schemas';
import { NO_CONTENT, markContent, plainContent, type ContentPolicy } from './content.js';
import type { Step } from './step.js';
import { attributesOf, count, finite, nanoUsd, shortText, span, symbolOf } from './values.js';

/** What a session knows about each of its events. */
export interface RecordContext {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly agentVersion: string;
  readonly traceId: string;
  readonly content: ContentPolicy;
}

/** What is the event's own and not the author's. */
export interface RecordPlace {
  readonly kind: EventKind;
  readonly eventId: string;
  readonly seq: number;
  readonly occurredAtMicros: number;
  /** More attributes; they win over the step's. */
  readonly attributes?: Readonly<Record<string, string>>;
}

const MAX_ERROR_BYTES = 4_096;
const MAX_GOAL_BYTES = 16_384;

const symbolsOf = <S extends string>(field: keyof AgentEvent): ReadonlySet<S> => {
  const record = writerTypes.AgentEvent as unknown as { field(name: string): { type: { symbols: S[] } } };
  return new Set(record.field(field).type.symbols);
};
const PHASES = symbolsOf<EventPhase>('phase');
const ACTORS = symbolsOf<Actor>('actor');
const STATUSES = symbolsOf<EventStatus>('status');

/** The record of a step. Reads the author's objects and keeps none of them. */
export function eventRecord(step: Step, place: RecordPlace, context: RecordContext): AgentEvent {
  const { content } = context;
  const name = shortText(step.name ?? step.model);
  const goalIsContent = place.kind === 'SESSION_STARTED' || place.kind === 'GOAL_SET';
  // A hidden goal leaves its marks as the input's, so that drift can be judged without words.
  const said = step.text === undefined ? step.input : step.text;
  const hidesGoal = goalIsContent && content.level !== 'FULL' && said === undefined;
  const input = markContent(hidesGoal ? step.goal : said, hidesGoal ? 'goal' : 'input', name, content);
  const output = step.output === undefined ? NO_CONTENT : markContent(step.output, 'output', name, content);
  const failed = step.error !== undefined && step.error !== null;
  return {
    event_id: place.eventId,
    tenant_id: context.tenantId,
    session_id: context.sessionId,
    seq: place.seq,
    agent_id: step.agentId === undefined ? context.agentId : shortText(step.agentId),
    agent_version: step.agentVersion === undefined ? context.agentVersion : shortText(step.agentVersion),
    trace_id: step.traceId === undefined ? context.traceId : shortText(step.traceId),
    span_id: shortText(step.spanId),
    parent_span_id: shortText(step.parentSpanId),
    occurred_at: place.occurredAtMicros,
    kind: place.kind,
    phase: symbolOf(PHASES, step.phase, 'POINT'),
    actor: symbolOf(ACTORS, step.actor, 'AGENT'),
    role: shortText(step.role),
    recipient: shortText(step.recipient),
    name,
    status: symbolOf(STATUSES, step.status, failed ? 'ERROR' : 'UNSET'),
    error_type: failed ? errorType(step.error) : '',
    error_message: failed ? plainContent(errorMessage(step.error), 'error', name, content, MAX_ERROR_BYTES) : '',
    input: hidesGoal ? '' : input.text,
    output: output.text,
    input_fingerprint: input.fingerprint,
    output_fingerprint: output.fingerprint,
    input_sketch: input.sketch,
    output_sketch: output.sketch,
    content_level: content.level,
    truncated: input.cut || output.cut,
    duration_ms: span(step.durationMs),
    time_to_first_token_ms: span(step.timeToFirstTokenMs),
    provider: shortText(step.provider),
    model: shortText(step.model),
    input_tokens: count(step.inputTokens),
    output_tokens: count(step.outputTokens),
    cache_read_tokens: count(step.cacheReadTokens),
    cache_write_tokens: count(step.cacheWriteTokens),
    reasoning_tokens: count(step.reasoningTokens),
    cost_nano_usd: nanoUsd(step.costNanoUsd, step.costUsd),
    score: finite(step.score),
    label: shortText(step.label),
    goal: step.goal === undefined ? '' : plainContent(step.goal, 'goal', name, content, MAX_GOAL_BYTES),
    plan_revision: Math.min(2 ** 31 - 1, count(step.planRevision)),
    attributes: attributesOf(step.attributes, place.attributes),
    input_facets: input.facets,
    output_facets: output.facets,
  };
}

function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'Error';
  const { code, name, type } = error as { code?: unknown; name?: unknown; type?: unknown };
  return shortText(type ?? code ?? name ?? 'Error', 256);
}

function errorMessage(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
}
