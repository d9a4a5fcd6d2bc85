// Replays trace files into agent.events: keeps the source's order, makes up the times that it lacks, paces by a speed.

import type { Clock, LogProducer, OutgoingRecord } from '@watchkeeper/runtime';
import type { FleetEvent } from '../simulate/clock.js';
import { eventEncoder } from '../simulate/encode.js';
import { badSpeed } from './errors.js';
import { pauses } from './made-up-times.js';
import { sessionEnd, traceEvents } from './trace-events.js';
import { type TraceFile, findTraces, readTrace } from './trace-files.js';

const TOPIC = 'agent.events';
const BATCH_EVENTS = 500;
const TICK_MS = 50;

/** '1', '×60', 'x60', '60' or 'max' as a factor; Infinity for max. Throws WK_BAD_SPEED. */
export function parseSpeed(text: string): number {
  if (text === 'max') return Infinity;
  const factor = /^[×x]?\d+(\.\d+)?$/.test(text) ? Number(text.replace(/^[×x]/, '')) : NaN;
  if (!(factor > 0)) throw badSpeed(text);
  return factor;
}

/** What a first reading of a file tells: how long it lasts, and where each session ends. */
export interface TraceOutline {
  readonly durationMicros: number;
  readonly lines: number;
  /** By session: the number of its last line, from 0 on. */
  readonly lastLineOf: ReadonlyMap<string, number>;
  /** By session: its periods and the step at which each begins, ascending; none for traces without periods. */
  readonly periodsOf: ReadonlyMap<string, readonly PeriodStart[]>;
}

export interface PeriodStart {
  readonly period: number;
  readonly step: number;
}

/** Reads a file once, from its first line to its last. Throws on the first malformed line, before anything is sent. */
export async function outlineOf(file: TraceFile, seed: string | number): Promise<TraceOutline> {
  const lastLineOf = new Map<string, number>();
  const periodsOf = new Map<string, PeriodStart[]>();
  const clock = traceClock(file, seed, 0);
  let lines = 0;
  let micros = 0;
  for await (const line of readTrace(file)) {
    lastLineOf.set(line.session, lines++);
    micros = clock(line);
    if (line.period === undefined) continue;
    const periods = periodsOf.get(line.session) ?? [];
    if (periods.at(-1)?.period !== line.period) periods.push({ period: line.period, step: line.step });
    periodsOf.set(line.session, periods);
  }
  return { durationMicros: micros, lines, lastLineOf, periodsOf };
}

/** The events of a file in its order; its made-up times begin at `startMicros`. */
export async function* replayEvents(
  file: TraceFile,
  outline: TraceOutline,
  seed: string | number,
  startMicros: number,
): AsyncGenerator<FleetEvent, void, void> {
  const clock = traceClock(file, seed, startMicros);
  const agents = new Map<string, string>();
  let number = 0;
  let previous = startMicros;
  for await (const line of readTrace(file)) {
    const micros = clock(line);
    if (line.kind === 'session' && line.agent !== '') agents.set(line.session, line.agent);
    // A session that never says whose it is belongs to its set.
    const agentId = agents.get(line.session) ?? file.set;
    yield* traceEvents(file.set, agentId, line, micros, previous);
    previous = micros;
    if (outline.lastLineOf.get(line.session) === number++) {
      agents.delete(line.session);
      yield sessionEnd(file.set, agentId, line.session, line.step, micros);
    }
  }
}

/** No source has times: each line comes a made-up pause after the one before. */
function traceClock(
  file: TraceFile,
  seed: string | number,
  startMicros: number,
): (line: Parameters<ReturnType<typeof pauses>>[0]) => number {
  const pause = pauses(seed, file.set);
  let micros = startMicros;
  return (line) => (micros += pause(line));
}

export interface ReplayOptions {
  readonly paths: readonly string[];
  readonly seed: string | number;
  /** From {@link parseSpeed}. */
  readonly speed: number;
  readonly producer: LogProducer;
  /** Of AgentEvent. */
  readonly schemaId: number;
  readonly clock: Clock;
  /** Waits; resolves early when the signal is aborted. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReplayReport) => void;
}

export interface ReplayReport {
  /** Acknowledged by the log. */
  readonly events: number;
  readonly sessions: number;
  readonly files: number;
}

/** Replays every file, one after the other. Throws the errors of finding and reading, and what the producer throws. */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const files = options.paths.flatMap((path) => findTraces(path));
  const outlines = new Map<TraceFile, TraceOutline>();
  for (const file of files) outlines.set(file, await outlineOf(file, options.seed));
  const sender = batchSender(options);
  let sessions = 0;
  let done = 0;
  for (const file of files) {
    const outline = outlines.get(file);
    if (outline === undefined || options.signal?.aborted === true) continue;
    await replayFile(file, outline, options, sender);
    sessions += outline.lastLineOf.size;
    done += 1;
    const events = await sender.flush();
    options.onProgress?.({ events, sessions, files: done });
  }
  return { events: await sender.flush(), sessions, files: done };
}

async function replayFile(
  file: TraceFile,
  outline: TraceOutline,
  options: ReplayOptions,
  sender: BatchSender,
): Promise<void> {
  const { clock, speed, signal } = options;
  const startedMs = clock.nowMs();
  const wallMicros = speed === Infinity ? 0 : outline.durationMicros / speed;
  // The last event falls on the moment at which it is sent, so that none lies in the future.
  const startMicros = Math.round(startedMs * 1000 + wallMicros - outline.durationMicros);
  for await (const event of replayEvents(file, outline, options.seed, startMicros)) {
    const dueMs = speed === Infinity ? startedMs : startedMs + (event.occurred_at - startMicros) / speed / 1000;
    while (clock.nowMs() < dueMs && signal?.aborted !== true) {
      await sender.flush();
      await options.sleep(Math.min(TICK_MS, Math.max(1, Math.ceil(dueMs - clock.nowMs()))));
    }
    if (signal?.aborted === true) return;
    await sender.add(event);
  }
}

interface BatchSender {
  add(event: FleetEvent): Promise<void>;
  /** How many the log has acknowledged by then. */
  flush(): Promise<number>;
}

function batchSender({ producer, schemaId }: ReplayOptions): BatchSender {
  const encode = eventEncoder(schemaId);
  let batch: OutgoingRecord[] = [];
  let acknowledged = 0;
  const flush = async (): Promise<number> => {
    const records = batch;
    batch = [];
    if (records.length > 0) await producer.send(TOPIC, records);
    return (acknowledged += records.length);
  };
  return {
    flush,
    add: async (event) => {
      batch.push(encode(event));
      if (batch.length >= BATCH_EVENTS) await flush();
    },
  };
}
