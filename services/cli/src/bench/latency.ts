// (b) Latency: events at a steady rate, and how long after the last evidence SQL can read a detection.

import { sleep, type LogProducer, type OutgoingRecord } from '@watchkeeper/runtime';
import { DetectionWatch } from '../demo/detection-watch.js';
import type { LatencySummary } from '../demo/latency.js';
import { processGroups } from '../roles.js';
import { eventEncoder, Fleet, realTime } from '../simulate/index.js';
import { withEventSource } from '../stack/event-source.js';
import { perMillion, startCpu, type CpuUse } from './cpu.js';
import { startGroups, withSite, type Bench } from './place.js';

const MOST_SECONDS = 60;
const AGENTS = 205;
/** A look costs the engine about 10 ms of CPU; what it adds is part of "readable". */
const POLL_MS = 100;
const TICK_MS = 20;
/** Making an event takes less than this, starting the roles included: the first one is not yet past when all are made. */
const LONGEST_MAKING_MS = 0.12;
/** Roles that have just started compile their code first. */
const WARM_UP_MS = 10_000;
/** Nothing new for so long: the last window has been judged, or never will be. */
const QUIET_MS = 8_000;

export interface LatencyResult {
  readonly events: number;
  /** As sent: what was asked for, unless the generator could not keep up. */
  readonly eventsPerSecond: number;
  /** Milliseconds from the append of the record that completed the evidence to the first SELECT that sees the detection, by detector. */
  readonly latencyMs: Readonly<Record<string, LatencySummary & { readonly detections: number }>>;
  readonly cpuPerMillion: CpuUse;
}

/** Sends at most a minute's worth of `events` at an even rate, live: fleet time is the clock's. Anomalies have no baseline yet, so none is called. */
export function latency(bench: Bench, events: number, rate: number): Promise<LatencyResult> {
  return withSite(bench, 'latency', async ({ place, sql }) => {
    const count = Math.min(events, rate * MOST_SECONDS);
    return withEventSource(bench.backends.brokers, place, undefined, async ({ producer, schemaId }) => {
      bench.say(`Making ${count} events …`);
      const startMs = Date.now() + count * LONGEST_MAKING_MS;
      const records = madeBeforehand(schemaId, { count, rate, startMs });
      const roles = await startGroups(bench, place, processGroups);
      const watching = new AbortController();
      try {
        await sleep(startMs - Date.now());
        bench.say(`Sending ${count} events at ${rate} a second …`);
        const cpu = startCpu({ ...bench.pids, ...roles.pids });
        const warmFromMs = Date.now() + WARM_UP_MS;
        const watch = new DetectionWatch(sql, { appendedFromMs: warmFromMs });
        let lastNewMs = Date.now();
        const loop = (async (): Promise<void> => {
          while (!watching.signal.aborted) {
            const seen = await watch.poll(Date.now).catch(() => []);
            if (seen.length > 0) lastNewMs = Date.now();
            await sleep(POLL_MS, watching.signal);
          }
        })();
        const seconds = await sendSteadily(producer, records, rate);
        const used = cpu();
        lastNewMs = Math.max(lastNewMs, Date.now());
        while (Date.now() - lastNewMs < QUIET_MS) await sleep(200);
        watching.abort();
        await loop;
        return {
          events: count,
          eventsPerSecond: Math.round(count / seconds),
          latencyMs: Object.fromEntries(
            ['loop-detector', 'drift-detector', 'anomaly-detector'].map((detector) => [
              detector,
              { ...watch.latency(detector), detections: watch.counted(detector) },
            ]),
          ),
          cpuPerMillion: perMillion(used, count),
        };
      } finally {
        watching.abort();
        await roles.stop();
      }
    });
  });
}

/** Events of a live fleet whose first one is of `startMs`, encoded beforehand: making them costs a third of a core, which a fleet brings itself. */
function madeBeforehand(
  schemaId: number,
  { count, rate, startMs }: { count: number; rate: number; startMs: number },
): OutgoingRecord[] {
  const fleet = new Fleet(
    realTime({
      seed: 'latency',
      agents: AGENTS,
      eventsPerSecond: rate,
      seconds: Math.ceil((count / rate) * 1.2),
      startMicros: startMs * 1_000,
    }),
  );
  const encode = eventEncoder(schemaId);
  const records: OutgoingRecord[] = [];
  for (const event of fleet.events()) {
    if (records.length >= count) break;
    records.push(encode(event));
  }
  return records;
}

/** Sends at an even pace; seconds it took. */
async function sendSteadily(producer: LogProducer, records: readonly OutgoingRecord[], rate: number): Promise<number> {
  const startedMs = performance.now();
  let sent = 0;
  let underWay: Promise<void> = Promise.resolve();
  while (sent < records.length) {
    const due = Math.floor(((performance.now() - startedMs) * rate) / 1_000);
    const batch = records.slice(sent, due);
    sent += batch.length;
    await underWay;
    if (batch.length > 0) underWay = producer.send('agent.events', batch);
    await sleep(TICK_MS);
  }
  await underWay;
  return (performance.now() - startedMs) / 1_000;
}
