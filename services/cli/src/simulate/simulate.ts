// Runs a fleet against a log: paces its events by the clock, sends them in batches, waits for each acknowledgement.

import { writeFile } from 'node:fs/promises';
import type { Clock, LogProducer, OutgoingRecord } from '@watchkeeper/runtime';
import type { FleetEvent } from './clock.js';
import { eventEncoder } from './encode.js';
import { truthNotWritten } from './errors.js';
import { Fleet, type FleetOptions } from './fleet.js';
import { type TruthRecord, truthLine } from './truth.js';

const TOPIC = 'agent.events';
/** One request's worth: about 600 kB. */
const BATCH_EVENTS = 1_000;
/** The longest wait between looks at the clock. */
const TICK_MS = 50;

export interface SimulationOptions {
  readonly fleet: FleetOptions;
  /** Seconds into which the time up to fleet.endMicros is compressed; 0: as fast as it goes; undefined: in real time. */
  readonly historySeconds?: number | undefined;
  /** Stop after so many events. */
  readonly maxEvents?: number;
  readonly producer: LogProducer;
  /** Of AgentEvent, from the registry or the catalogue. */
  readonly schemaId: number;
  readonly clock: Clock;
  /** Waits; resolves early when the signal is aborted. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal;
  /** After each acknowledged batch. */
  readonly onProgress?: (progress: SimulationProgress) => void;
  /** Each planted fault once it is over. */
  readonly onTruth?: (record: TruthRecord) => void;
}

export interface SimulationProgress {
  /** Acknowledged by the log. */
  readonly events: number;
  readonly sessions: number;
  /** Fleet time of the last one. */
  readonly fleetMicros: number;
}

export interface SimulationReport extends SimulationProgress {
  readonly truth: readonly TruthRecord[];
  readonly seconds: number;
}

/** Runs to the fleet's end, to maxEvents, or until the signal. At most two batches are in memory: one under way, one being encoded. Throws what the producer throws. */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const { producer, clock, signal, fleet: fleetOptions } = options;
  const fleet = new Fleet(fleetOptions, options.onTruth);
  const encode = eventEncoder(options.schemaId);
  const startedMs = clock.nowMs();
  const dueMs = pacer(options, startedMs);
  let acknowledged = 0;
  let fleetMicros = fleetOptions.startMicros;
  let batch: OutgoingRecord[] = [];
  let underWay: Promise<void> = Promise.resolve();

  const flush = async (): Promise<void> => {
    const records = batch;
    const upTo = fleetMicros;
    batch = [];
    await underWay;
    underWay = producer.send(TOPIC, records).then(() => {
      acknowledged += records.length;
      options.onProgress?.({ events: acknowledged, sessions: fleet.sessionCount, fleetMicros: upTo });
    });
    // A rejection is seen where underWay is next awaited; this keeps it from being unhandled until then.
    underWay.catch(() => undefined);
  };

  let taken = 0;
  for (const event of fleet.events()) {
    const due = dueMs(event);
    while (clock.nowMs() < due && signal?.aborted !== true) {
      if (batch.length > 0) await flush();
      await options.sleep(Math.min(TICK_MS, Math.max(1, Math.ceil(due - clock.nowMs()))));
    }
    if (signal?.aborted === true) break;
    batch.push(encode(event));
    fleetMicros = event.occurred_at;
    taken += 1;
    if (batch.length >= BATCH_EVENTS) await flush();
    if (taken === options.maxEvents) break;
  }
  if (batch.length > 0) await flush();
  await underWay;
  return {
    events: acknowledged,
    sessions: fleet.sessionCount,
    fleetMicros,
    truth: fleet.truth(),
    seconds: (clock.nowMs() - startedMs) / 1000,
  };
}

/** When an event is due by the wall clock, in milliseconds. */
function pacer({ fleet, historySeconds }: SimulationOptions, startedMs: number): (event: FleetEvent) => number {
  const { startMicros, endMicros } = fleet;
  if (historySeconds === undefined) return (event) => event.occurred_at / 1000;
  const msPerMicro = (historySeconds * 1000) / (endMicros - startMicros);
  return (event) =>
    event.occurred_at < endMicros
      ? startedMs + (event.occurred_at - startMicros) * msPerMicro
      : event.occurred_at / 1000;
}

/** Writes truth as JSON lines. Throws WK_TRUTH_NOT_WRITTEN. */
export async function writeTruth(path: string, truth: readonly TruthRecord[]): Promise<void> {
  try {
    await writeFile(path, truth.map(truthLine).join(''));
  } catch (error) {
    throw truthNotWritten(path, error);
  }
}
