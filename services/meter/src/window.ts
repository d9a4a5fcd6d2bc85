// One open window of one agent: integer sums and mergeable histograms that grow with each event.

import {
  addToHistogram,
  histogramArrays,
  histogramBucket,
  MEASURE_HISTOGRAMS,
  MEASURE_SUMS,
  MEASURE_TALLIES,
  type Histogram,
  type Measure,
  type MeasureHistogram,
  type MeasureSum,
  type MeasureTally,
  type StateReader,
  type StateWriter,
} from '@watchkeeper/schemas';
import type { MeterEvent } from './view.js';

/** A measure without what only the log knows: which source partition saw it. */
export type MeasureDraft = Omit<Measure, 'source_partition' | 'source_partitions'>;

/** Who a measure is about. */
export interface Subject {
  readonly tenantId: string;
  readonly agentId: string;
  readonly agentVersion: string;
}

/** Tools counted by name in one window; the rest goes under OTHER_TOOLS. */
export const MAX_TOOLS = 32;
export const OTHER_TOOLS = '(other)';
const MAX_TOOL_NAME = 120;

/** Beyond these a value is a mistake of the emitter and left out of every sum: 30 days, a billion tokens, a million dollars. */
const MAX_MS = 30 * 86_400_000;
const MAX_TOKENS = 1e9;
const MAX_NANO_USD = 1e15;

type Sums = Record<MeasureSum, number>;
const NO_SUMS = Object.fromEntries(MEASURE_SUMS.map((name) => [name, 0])) as Sums;

/** What one window holds so far. */
export interface OpenWindow {
  readonly startMicros: number;
  readonly endMicros: number;
  readonly sums: Sums;
  readonly tallies: Record<MeasureTally, Map<string, number>>;
  /** Made when first needed: most windows of a quiet agent hold one event. */
  readonly histograms: Partial<Record<MeasureHistogram, Histogram>>;
}

/** An empty window that begins at `startMicros`. */
export function openWindow(startMicros: number, endMicros: number): OpenWindow {
  return {
    startMicros,
    endMicros,
    sums: { ...NO_SUMS },
    tallies: { kinds: new Map(), statuses: new Map(), tools: new Map() },
    histograms: {},
  };
}

/** What a call adds to its session. */
export interface CallSums {
  readonly tokens: number;
  readonly costNanoUsd: number;
}

/** Counts an event in. The call's sums where it ended a call (the START of one is counted as an event alone), else undefined. */
export function countEvent(window: OpenWindow, event: MeterEvent): CallSums | undefined {
  const { sums, tallies } = window;
  sums.events++;
  addOne(tallies.kinds, event.kind);
  addOne(tallies.statuses, event.status);
  if (event.phase === 'START') return undefined;
  const failed = event.status === 'ERROR' || event.status === 'TIMEOUT';
  if (failed) sums.errors++;
  const { kind } = event;
  if (kind === 'LLM_CALL') return countLlmCall(window, event, failed);
  if (kind === 'TOOL_CALL' || kind === 'RETRIEVAL') return countToolCall(window, event, failed);
  if (kind === 'SESSION_STARTED') sums.sessions_started++;
  else if (kind === 'SESSION_ENDED') sums.sessions_ended++;
  return undefined;
}

function countLlmCall(window: OpenWindow, event: MeterEvent, failed: boolean): CallSums {
  const { sums } = window;
  sums.llm_calls++;
  if (failed) sums.llm_errors++;
  const input = sane(event.input_tokens, MAX_TOKENS);
  const output = sane(event.output_tokens, MAX_TOKENS);
  const cost = sane(event.cost_nano_usd, MAX_NANO_USD);
  sums.input_tokens += input;
  sums.output_tokens += output;
  sums.cost_nano_usd += cost;
  countDuration(window, 'latency', event.duration_ms);
  const firstToken = event.time_to_first_token_ms;
  if (firstToken !== null && isSane(firstToken, MAX_MS)) observe(window, 'first_token', firstToken);
  // A failed call often carries no tokens: an absent figure is not a cheap call.
  if (input + output > 0) observe(window, 'call_tokens', input + output);
  if (cost > 0) observe(window, 'call_cost', cost);
  return { tokens: input + output, costNanoUsd: cost };
}

function countToolCall(window: OpenWindow, event: MeterEvent, failed: boolean): CallSums {
  const { sums, tallies } = window;
  sums.tool_calls++;
  if (failed) sums.tool_errors++;
  const cost = sane(event.cost_nano_usd, MAX_NANO_USD);
  sums.cost_nano_usd += cost;
  const name = event.name.length > MAX_TOOL_NAME ? event.name.slice(0, MAX_TOOL_NAME) : event.name;
  addOne(tallies.tools, tallies.tools.has(name) || tallies.tools.size < MAX_TOOLS ? name : OTHER_TOOLS);
  countDuration(window, 'tool_latency', event.duration_ms);
  return { tokens: 0, costNanoUsd: cost };
}

function countDuration(window: OpenWindow, name: 'latency' | 'tool_latency', durationMs: number | null): void {
  if (durationMs === null || !isSane(durationMs, MAX_MS)) return;
  window.sums.duration_ms += Math.trunc(durationMs);
  observe(window, name, durationMs);
}

/** Adds a value to one of the window's histograms. */
export function observe(window: OpenWindow, name: MeasureHistogram, value: number): void {
  addToHistogram((window.histograms[name] ??= new Map()), histogramBucket(value));
}

function isSane(value: number, most: number): boolean {
  return value >= 0 && value <= most;
}

function sane(value: number, most: number): number {
  return isSane(value, most) ? Math.trunc(value) : 0;
}

function addOne(tally: Map<string, number>, name: string): void {
  tally.set(name, (tally.get(name) ?? 0) + 1);
}

const NOTHING: { buckets: number[]; counts: number[] } = { buckets: [], counts: [] };

/** The window as a record of agent.measures. */
export function measureOf(window: OpenWindow, subject: Subject): MeasureDraft {
  const { sums, tallies, histograms } = window;
  const of = (name: MeasureHistogram): { buckets: number[]; counts: number[] } => {
    const histogram = histograms[name];
    return histogram ? histogramArrays(histogram) : NOTHING;
  };
  const latency = of('latency');
  const toolLatency = of('tool_latency');
  const firstToken = of('first_token');
  const callTokens = of('call_tokens');
  const callCost = of('call_cost');
  const sessionTokens = of('session_tokens');
  const sessionCost = of('session_cost');
  const sessionCalls = of('session_calls');
  return {
    record_kind: 'MEASURE',
    window_start: window.startMicros,
    window_end: window.endMicros,
    tenant_id: subject.tenantId,
    agent_id: subject.agentId,
    agent_version: subject.agentVersion,
    ...sums,
    kinds: Object.fromEntries(tallies.kinds),
    statuses: Object.fromEntries(tallies.statuses),
    tools: Object.fromEntries(tallies.tools),
    latency_buckets: latency.buckets,
    latency_counts: latency.counts,
    tool_latency_buckets: toolLatency.buckets,
    tool_latency_counts: toolLatency.counts,
    first_token_buckets: firstToken.buckets,
    first_token_counts: firstToken.counts,
    call_tokens_buckets: callTokens.buckets,
    call_tokens_counts: callTokens.counts,
    call_cost_buckets: callCost.buckets,
    call_cost_counts: callCost.counts,
    session_tokens_buckets: sessionTokens.buckets,
    session_tokens_counts: sessionTokens.counts,
    session_cost_buckets: sessionCost.buckets,
    session_cost_counts: sessionCost.counts,
    session_calls_buckets: sessionCalls.buckets,
    session_calls_counts: sessionCalls.counts,
  };
}

export function writeWindow(writer: StateWriter, window: OpenWindow): void {
  writer.int(window.startMicros).int(window.endMicros);
  for (const name of MEASURE_SUMS) writer.int(window.sums[name]);
  for (const name of MEASURE_TALLIES) {
    writer.list([...window.tallies[name]], ([key, count]) => writer.text(key).int(count));
  }
  for (const name of MEASURE_HISTOGRAMS) {
    writer.list([...(window.histograms[name] ?? [])], ([bucket, count]) => writer.int(bucket).int(count));
  }
}

export function readWindow(reader: StateReader): OpenWindow {
  const window = openWindow(reader.int(), reader.int());
  for (const name of MEASURE_SUMS) window.sums[name] = reader.int();
  for (const name of MEASURE_TALLIES) {
    for (const [key, count] of reader.list(() => [reader.text(), reader.int()] as const))
      window.tallies[name].set(key, count);
  }
  for (const name of MEASURE_HISTOGRAMS) {
    const histogram: Histogram = new Map(reader.list(() => [reader.int(), reader.int()] as const));
    if (histogram.size > 0) window.histograms[name] = histogram;
  }
  return window;
}
