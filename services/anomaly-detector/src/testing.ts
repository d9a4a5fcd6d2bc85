// A small seeded world for tests and bench: quiet agents with a daily rhythm, bursts of calls, heavy tails and retries; and what may befall them.

import { addToHistogram, histogramArrays, histogramBucket, type Histogram } from '@watchkeeper/schemas';
import { HOUR_MICROS } from './options.js';
import type { MeasureInput } from './view.js';

export type FaultMetric = 'latency' | 'tokens' | 'cost' | 'errors' | 'silence';
export type FaultShape = 'spike' | 'level_shift' | 'slow_growth' | 'silence';
export interface Fault {
  readonly metric: FaultMetric;
  readonly shape: FaultShape;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly factor: number;
}

/** Midnight of a Monday, UTC. */
export const START_MICROS = 1_772_409_600_000_000;
export const END_MICROS = START_MICROS + 48 * HOUR_MICROS;
const WINDOW_MICROS = 10_000_000;

/** mulberry32 with what a world needs. */
export class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }
  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }
  exponential(): number {
    return -Math.log(1 - this.unit());
  }
}

/** A measure with nothing in it. */
export function emptyMeasure(agentId: string, startMicros: number): MeasureInput {
  return {
    record_kind: 'MEASURE',
    source_partition: 0,
    source_partitions: 1,
    window_start: startMicros,
    window_end: startMicros + WINDOW_MICROS,
    tenant_id: 'acme',
    agent_id: agentId,
    agent_version: '1',
    events: 0,
    llm_calls: 0,
    llm_errors: 0,
    tool_calls: 0,
    tool_errors: 0,
    sessions: 0,
    sessions_started: 0,
    tools: {},
    latency_buckets: [],
    latency_counts: [],
    tool_latency_buckets: [],
    tool_latency_counts: [],
    first_token_buckets: [],
    first_token_counts: [],
    call_tokens_buckets: [],
    call_tokens_counts: [],
    call_cost_buckets: [],
    call_cost_counts: [],
    session_calls_buckets: [],
    session_calls_counts: [],
  };
}

interface Draft {
  readonly sessions: Set<number>;
  started: number;
  events: number;
  llm: number;
  llmErrors: number;
  tool: number;
  toolErrors: number;
  readonly latency: Histogram;
  readonly toolLatency: Histogram;
  readonly tokens: Histogram;
  readonly cost: Histogram;
  readonly sessionCalls: Histogram;
}

/** 48 hours of one agent's measures, in order of time. */
export function agentMeasures(seed: number, fault?: Fault): MeasureInput[] {
  const dice = new Dice(seed);
  const agentId = `agent-${seed}`;
  const perHour = dice.between(2, 4);
  const peak = dice.between(0, 24);
  const swing = dice.between(0.2, 0.8);
  const latency = dice.lognormal(1200, 0.5);
  const toolLatency = dice.lognormal(300, 0.6);
  const prompt = dice.lognormal(1500, 0.5);
  const price = dice.lognormal(2000, 0.8);
  const errorRate = dice.between(0.015, 0.04);
  const windows = new Map<number, Draft>();
  const at = (micros: number): Draft => windowAt(windows, micros);
  const height = (metric: FaultMetric, micros: number): number => heightOf(fault, metric, micros);
  for (let t = START_MICROS, session = 0; t < END_MICROS; session++) {
    const hour = (t / HOUR_MICROS) % 24;
    const rate = perHour * (1 + swing * Math.cos(((hour - peak) / 12) * Math.PI));
    t += (dice.exponential() / rate) * HOUR_MICROS;
    if (t >= END_MICROS || height('silence', t) > 0) continue;
    at(t).started++;
    let context = dice.lognormal(300, 0.5);
    let micros = t;
    let calls = 0;
    const length = 2 + Math.floor(dice.exponential() * 5);
    for (let step = 0; step < length && micros < END_MICROS && height('silence', micros) === 0; step++) {
      const isLlm = step % 2 === 0;
      const isSlow = dice.unit() < 0.015 ? dice.between(3, 9) : 1;
      const durationMs =
        dice.lognormal(isLlm ? latency : toolLatency, isLlm ? 0.35 : 0.8) * isSlow * (1 + height('latency', micros));
      const rateNow = Math.max(errorRate, height('errors', micros));
      let failed = dice.unit() < rateNow;
      micros += durationMs * 1000 + dice.lognormal(1, 1) * 1e6;
      const window = at(micros);
      window.sessions.add(session);
      for (let tries = 0; tries < 3; tries++) {
        window.events++;
        calls++;
        if (isLlm) {
          window.llm++;
          if (failed) window.llmErrors++;
          const tokens = (prompt + context) * (1 + height('tokens', micros));
          addToHistogram(window.latency, histogramBucket(durationMs));
          addToHistogram(window.tokens, histogramBucket(tokens));
          addToHistogram(window.cost, histogramBucket(tokens * price * (1 + height('cost', micros))));
        } else {
          window.tool++;
          if (failed) window.toolErrors++;
          addToHistogram(window.toolLatency, histogramBucket(durationMs));
        }
        // A failed call is tried again, and fails again more often than not by chance.
        if (!failed || dice.unit() < 0.5) break;
        failed = dice.unit() < Math.max(0.2, rateNow);
      }
      context += dice.lognormal(250, 0.7);
    }
    if (calls > 0) addToHistogram(at(micros).sessionCalls, histogramBucket(calls));
  }
  return [...windows].sort(([a], [b]) => a - b).map(([start, draft]) => measureOf(agentId, start, draft));
}

/** How far a fault stands at a time: the metric is multiplied by 1 + this; of errors it is the rate itself. */
function heightOf(fault: Fault | undefined, metric: FaultMetric, micros: number): number {
  if (fault?.metric !== metric || micros < fault.startMicros || micros >= fault.endMicros) return 0;
  const share = fault.shape === 'slow_growth' ? Math.min(1, (micros - fault.startMicros) / (10 * HOUR_MICROS)) : 1;
  return metric === 'errors' || metric === 'silence' ? fault.factor * share : fault.factor ** share - 1;
}

function windowAt(windows: Map<number, Draft>, micros: number): Draft {
  const start = Math.floor(micros / WINDOW_MICROS) * WINDOW_MICROS;
  let draft = windows.get(start);
  if (!draft) {
    draft = {
      sessions: new Set(),
      started: 0,
      events: 0,
      llm: 0,
      llmErrors: 0,
      tool: 0,
      toolErrors: 0,
      latency: new Map(),
      toolLatency: new Map(),
      tokens: new Map(),
      cost: new Map(),
      sessionCalls: new Map(),
    };
    windows.set(start, draft);
  }
  return draft;
}

function measureOf(agentId: string, startMicros: number, draft: Draft): MeasureInput {
  const [latency, toolLatency, tokens, cost, sessionCalls] = [
    histogramArrays(draft.latency),
    histogramArrays(draft.toolLatency),
    histogramArrays(draft.tokens),
    histogramArrays(draft.cost),
    histogramArrays(draft.sessionCalls),
  ];
  return {
    ...emptyMeasure(agentId, startMicros),
    events: draft.events + draft.started,
    llm_calls: draft.llm,
    llm_errors: draft.llmErrors,
    tool_calls: draft.tool,
    tool_errors: draft.toolErrors,
    sessions: Math.max(draft.sessions.size, draft.started),
    sessions_started: draft.started,
    latency_buckets: latency.buckets,
    latency_counts: latency.counts,
    tool_latency_buckets: toolLatency.buckets,
    tool_latency_counts: toolLatency.counts,
    call_tokens_buckets: tokens.buckets,
    call_tokens_counts: tokens.counts,
    call_cost_buckets: cost.buckets,
    call_cost_counts: cost.counts,
    session_calls_buckets: sessionCalls.buckets,
    session_calls_counts: sessionCalls.counts,
  };
}

/** A fault of a kind on the second day of the agent of a seed, at a time at which that agent is at work: else nothing shows it. */
export function faultOf(metric: FaultMetric, shape: FaultShape, seed: number): Fault {
  const dice = new Dice(seed * 7919 + 13);
  const clean = agentMeasures(seed);
  const startsIn = (from: number, to: number): number =>
    clean.reduce((sum, m) => sum + (m.window_start >= from && m.window_start < to ? m.sessions_started : 0), 0);
  for (;;) {
    const startMicros = START_MICROS + dice.between(25, shape === 'slow_growth' ? 33 : 40) * HOUR_MICROS;
    const hours = shape === 'spike' ? dice.between(0.8, 1.1) : shape === 'silence' ? dice.between(4, 6) : 48;
    const endMicros = startMicros + hours * HOUR_MICROS;
    const fault = { metric, shape, startMicros, endMicros, factor: factorOf(dice, metric, shape) };
    if (shape === 'spike' && startsIn(startMicros, endMicros) < 3) continue;
    const day = 24 * HOUR_MICROS;
    if (shape === 'silence' && startsIn(startMicros - day, endMicros - day) < 12) {
      // An agent that never has so many sessions in such a time is silent for a whole half day instead.
      if (dice.unit() < 0.02) return { ...fault, endMicros: startMicros + 12 * HOUR_MICROS };
      continue;
    }
    return fault;
  }
}

function factorOf(dice: Dice, metric: FaultMetric, shape: FaultShape): number {
  if (metric === 'silence') return 1;
  if (metric === 'errors') return shape === 'spike' ? dice.between(0.4, 0.65) : dice.between(0.26, 0.42);
  if (shape === 'spike') return dice.between(4, 8);
  return shape === 'level_shift' ? dice.between(2, 3) : dice.between(2.5, 4);
}
