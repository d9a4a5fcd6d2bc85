// Turns a script into events: gives each step its time, tokens, cost, errors and ids.

import type { AgentEvent, EventKind } from '@watchkeeper/schemas';
import type { AgentProfile } from './agents.js';
import { failure } from './course.js';
import { shownBy, type Modifiers } from './plants/anomalies.js';
import type { Failure, FaultMark, Script, Step } from './script.js';
import { instruction } from './thoughts.js';
import type { Rng } from './world/rng.js';
import type { Call } from './world/task.js';

/** An event before the emitter's part: fingerprints, sketches, facets and the level of content are made at the edge. */
export type FleetEvent = Omit<
  AgentEvent,
  | 'input_fingerprint'
  | 'output_fingerprint'
  | 'input_sketch'
  | 'output_sketch'
  | 'input_facets'
  | 'output_facets'
  | 'content_level'
  | 'truncated'
>;

/** What most steps leave empty. */
export const PLAIN_STEP = {
  phase: 'POINT',
  actor: 'AGENT',
  role: '',
  recipient: '',
  name: '',
  status: 'UNSET',
  error_type: '',
  error_message: '',
  input: '',
  output: '',
  duration_ms: null,
  time_to_first_token_ms: null,
  provider: '',
  model: '',
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  reasoning_tokens: 0,
  cost_nano_usd: 0,
  score: null,
  label: '',
  goal: '',
  plan_revision: 0,
} as const satisfies Partial<FleetEvent>;

export interface SessionContext {
  readonly agent: AgentProfile;
  readonly rng: Rng;
  readonly sessionId: string;
  readonly startMicros: number;
  readonly goal: string;
  /** 1 as in life; 10: the pauses between events are a tenth. Durations that events carry stay. */
  readonly speed: number;
  /** A few words about the session's subject. */
  readonly aside: (rng: Rng) => string;
  readonly modifiers: (micros: number) => Modifiers;
  /** `seq` and time of the last event before the mark, and the number of the next one. */
  readonly onMark: (mark: FaultMark, at: { lastSeq: number; nextSeq: number; micros: number }) => void;
  /** A call has been made while plants of anomalies were at work. */
  readonly onTouched: (active: Modifiers['active'], micros: number) => void;
}

const WORKERS = { find: 'web-worker', read: 'reader', check: 'analyst', act: 'operator' } as const;
const CONTEXT_LIMIT_TOKENS = 24_000;

/** The session's events, in order of time; ends early where the agent falls silent. */
export function* sessionEvents(context: SessionContext, script: Script): Generator<FleetEvent, void, void> {
  const clock = new SessionClock(context);
  const first = clock.started();
  if (first === undefined) return;
  yield first;
  let failed = false;
  for (;;) {
    const next = script.next({ failed });
    if (next.done === true) return;
    const step = next.value;
    failed = false;
    if (step.kind === 'mark') {
      context.onMark(step.mark, clock.position());
      continue;
    }
    const event = clock.event(step);
    if (event === 'silence') return;
    if (event === undefined) continue;
    failed = event.status === 'ERROR' || event.status === 'TIMEOUT';
    yield event;
  }
}

class SessionClock {
  private micros: number;
  private seq = 0;
  private contextTokens = 0;
  private readonly traceId: string;
  private readonly rootSpan: string;

  constructor(private readonly in_: SessionContext) {
    this.micros = in_.startMicros;
    this.traceId = in_.rng.hex(32);
    this.rootSpan = in_.rng.hex(16);
  }

  position(): { lastSeq: number; nextSeq: number; micros: number } {
    return { lastSeq: this.seq - 1, nextSeq: this.seq, micros: this.micros };
  }

  started(): FleetEvent | undefined {
    if (this.in_.modifiers(this.micros).silent) return undefined;
    return {
      ...this.blank('SESSION_STARTED'),
      goal: this.in_.goal,
      actor: 'USER',
      span_id: this.rootSpan,
      parent_span_id: '',
    };
  }

  /** The event of a step; undefined where it makes none; 'silence' where the agent is gone by then. */
  event(step: Exclude<Step, { kind: 'mark' }>): FleetEvent | undefined | 'silence' {
    const { rng } = this.in_;
    switch (step.kind) {
      case 'wait':
        this.pass(step.seconds * 1000);
        return undefined;
      case 'message':
        this.pass(step.actor === 'USER' ? rng.lognormal(9000, 0.8) : 300);
        this.contextTokens += tokensOf(step.text);
        return this.alive(() => ({
          ...this.blank('MESSAGE'),
          actor: step.actor,
          input: step.text,
          recipient: step.actor === 'USER' ? this.in_.agent.agentId : 'user',
        }));
      case 'goal':
        this.pass(200);
        return this.alive(() => ({ ...this.blank('GOAL_SET'), actor: 'USER', goal: step.goal }));
      case 'plan':
        this.pass(rng.lognormal(900, 0.4));
        this.contextTokens += tokensOf(step.text);
        return this.alive(() => ({ ...this.blank('PLAN'), output: step.text, plan_revision: step.revision }));
      case 'reasoning':
        this.pass(rng.lognormal(700, 0.4));
        return this.alive(() => ({ ...this.blank('REASONING'), output: step.text }));
      case 'memory':
        this.pass(rng.lognormal(60, 0.5));
        this.contextTokens += tokensOf(step.output);
        return this.alive(() => ({
          ...this.blank('MEMORY'),
          name: step.name,
          input: step.input,
          output: step.output,
          status: 'OK',
        }));
      case 'judgement':
        this.pass(rng.lognormal(400, 0.5));
        return this.alive(() => ({
          ...this.blank(step.event),
          name: step.name,
          score: step.score,
          label: step.label,
          actor: step.event === 'FEEDBACK' ? 'USER' : 'SYSTEM',
        }));
      case 'ended':
        this.pass(150);
        return this.alive(() => ({
          ...this.blank('SESSION_ENDED'),
          status: step.status,
          parent_span_id: '',
          span_id: this.rootSpan,
        }));
      case 'think':
        return this.think(step.text);
      case 'call':
        return this.call(step.call, step.mayFail, step.failure);
    }
  }

  private think(text: string): FleetEvent | 'silence' {
    const { agent, rng } = this.in_;
    const { model } = agent;
    const now = this.in_.modifiers(this.micros);
    const outputTokens = Math.max(
      8,
      Math.round((tokensOf(text) + rng.lognormal(agent.outputTokens, 0.5)) * now.outputTokens),
    );
    const inputTokens = Math.round(
      (agent.promptTokens + Math.min(this.contextTokens, CONTEXT_LIMIT_TOKENS)) * now.promptTokens,
    );
    const tail = rng.chance(0.015) ? rng.between(3, 9) : 1;
    const firstTokenMs = rng.lognormal(model.firstTokenMs, 0.3) * agent.llmSpeed * now.latency * tail;
    const durationMs =
      firstTokenMs +
      (outputTokens / model.tokensPerSecond) *
        1000 *
        rng.lognormal(1, 0.18) *
        agent.llmSpeed *
        now.latency *
        (now.outputTokens === 1 ? 1 : 0.8);
    const fault = rng.chance(now.errorRate ?? agent.errorRate * 0.6) ? failure(rng) : undefined;
    this.contextTokens += outputTokens;
    this.pass(durationMs + rng.lognormal(120, 0.5));
    const cached = agent.cacheShare === 0 ? 0 : Math.round(inputTokens * agent.cacheShare * rng.between(0.8, 1));
    const cost = ((inputTokens - cached * 0.5) * model.inputPrice + outputTokens * model.outputPrice) * now.cost;
    return this.alive(() => {
      this.touch(now, '');
      const event: FleetEvent = {
        ...this.blank('LLM_CALL'),
        name: model.name,
        model: model.name,
        provider: model.provider,
        output: text,
        status: 'OK',
        duration_ms: Math.round(durationMs),
        time_to_first_token_ms: Math.round(firstTokenMs),
        input_tokens: inputTokens,
        output_tokens: outputTokens,
        cache_read_tokens: cached,
        cost_nano_usd: Math.round(cost * 1000),
      };
      // A refused LLM call brings no answer; the agent goes on with what it had.
      return fault === undefined ? event : { ...event, ...refused(fault), output: '', output_tokens: 0 };
    });
  }

  private call(call: Call, mayFail: boolean, scripted: Failure | undefined): FleetEvent | 'silence' {
    const { agent, rng } = this.in_;
    const now = this.in_.modifiers(this.micros);
    const tail = rng.chance(0.012) ? rng.between(4, 12) : 1;
    let durationMs = Math.max(1, rng.lognormal(call.medianMs, 0.45) * agent.toolSpeed * now.latency * tail);
    const fault = scripted ?? (mayFail && rng.chance(now.errorRate ?? agent.errorRate) ? failure(rng) : undefined);
    if (fault !== undefined) durationMs *= fault.status === 'TIMEOUT' ? 3 : rng.between(0.3, 1.1);
    this.pass(durationMs + rng.lognormal(90, 0.5));
    const byWorker = typeof call.args === 'string' || (agent.team && call.role !== 'act');
    const input =
      typeof call.args === 'string'
        ? call.args
        : byWorker
          ? instruction(rng.int(0, 5), call, this.in_.aside(rng))
          : JSON.stringify(call.args);
    const output = fault === undefined ? call.output : '';
    this.contextTokens += tokensOf(input) + tokensOf(output);
    return this.alive(() => {
      this.touch(now, byWorker ? '' : call.tool);
      const worker = byWorker
        ? { role: 'supervisor', recipient: WORKERS[call.role], name: WORKERS[call.role] }
        : { name: now.takenOver.get(call.tool) ?? call.tool };
      const event: FleetEvent = {
        ...this.blank(byWorker ? 'HANDOFF' : 'TOOL_CALL'),
        ...worker,
        input,
        output,
        status: 'OK',
        duration_ms: Math.round(durationMs),
      };
      return fault === undefined ? event : { ...event, ...refused(fault) };
    });
  }

  private touch({ active }: Modifiers, tool: string): void {
    const shown = active.length === 0 ? active : shownBy(active, tool);
    if (shown.length > 0) this.in_.onTouched(shown, this.micros);
  }

  /** Makes the event, unless the agent is silent by now. */
  private alive(make: () => FleetEvent): FleetEvent | 'silence' {
    return this.in_.modifiers(this.micros).silent ? 'silence' : make();
  }

  private pass(ms: number): void {
    this.micros += Math.max(1, Math.round((ms * 1000) / this.in_.speed));
  }

  private blank(kind: EventKind): FleetEvent {
    const { agent, rng, sessionId } = this.in_;
    return {
      event_id: rng.hex(24),
      tenant_id: agent.tenantId,
      session_id: sessionId,
      seq: this.seq++,
      agent_id: agent.agentId,
      agent_version:
        agent.upgradeAtMicros > 0 && this.micros >= agent.upgradeAtMicros ? `${agent.version}-1` : agent.version,
      trace_id: this.traceId,
      span_id: rng.hex(16),
      parent_span_id: this.rootSpan,
      occurred_at: this.micros,
      kind,
      ...PLAIN_STEP,
      attributes: {},
    };
  }
}

/** Four characters make a token, about. */
function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}

function refused({ type, message, status }: Failure): Pick<FleetEvent, 'status' | 'error_type' | 'error_message'> {
  return { status, error_type: type, error_message: message };
}
