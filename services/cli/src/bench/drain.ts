// (a) Drain: a topic filled beforehand, every role started at once, until all is landed and every detector is at the end.

import { heldUpBy, lookAtPipeline } from '../demo/drain.js';
import { drainTimedOut } from '../errors.js';
import { processGroups } from '../roles.js';
import { waitFor } from '../stack/wait.js';
import { compareDetections, type Comparison } from './compare.js';
import { perMillion, startCpu, type CpuUse } from './cpu.js';
import { fill, type Filled } from './fill.js';
import { startGroups, withSite, type Bench, type Site } from './place.js';
import { judgeEvents, judgeMeasures, writtenDetections } from './reference.js';
import { stopwatch } from './stopwatch.js';

const DEADLINE_MS = 900_000;
const TELL_MS = 10_000;

export interface DrainResult {
  readonly events: number;
  readonly sessions: number;
  readonly faultySessions: number;
  readonly eventsPerSecond: number;
  /** CPU seconds per million events from the start of the roles, theirs included. */
  readonly cpuPerMillion: CpuUse;
  readonly measuresPerEvent: number;
  readonly detections: { readonly sessions: Comparison; readonly agents: Comparison; readonly readable: number };
  readonly measures: { readonly count: number; readonly events: number; readonly differing: readonly string[] };
  /** Seconds of each stage. */
  readonly stages: Readonly<Record<string, number>>;
}

/** Fills, drains, and re-reads what came of it. Throws WK_DRAIN_TIMEOUT. */
export function drain(bench: Bench, events: number): Promise<DrainResult> {
  return withSite(bench, 'drain', async (site) => {
    const watch = stopwatch();
    bench.say(`Filling a topic with ${events} events …`);
    const filled = await fill(bench, site, events);
    watch.lap('fill');
    bench.say(`Draining ${events} events of ${filled.sessions} sessions …`);
    const cpu = startCpu(bench.pids);
    const roles = await startGroups(bench, site.place, processGroups);
    let used: CpuUse;
    try {
      watch.lap('start', { restart: false });
      await passed(bench, site, 0);
      watch.lap('drain');
      used = cpu(roles.pids);
      // Every source partition has said how far its windows are closed: then there is something to compare.
      await passed(bench, site, 1);
      watch.lap('settle');
    } finally {
      await roles.stop();
    }
    return compared(bench, site, filled, used, watch);
  });
}

/** Resolves when nothing lags in two looks, one after the other, and windows are closed so far. */
async function passed({ say }: Bench, { admin, sql }: Site, judgedFromMicros: number): Promise<void> {
  let missing: string | undefined;
  let doneBefore = false;
  let toldMs = performance.now();
  const done = await waitFor(async () => {
    missing = heldUpBy(await lookAtPipeline(admin, sql), judgedFromMicros);
    if (performance.now() - toldMs > TELL_MS) {
      toldMs = performance.now();
      say(`  ${missing ?? 'all has passed'}`);
    }
    const twice = doneBefore && missing === undefined;
    doneBefore = missing === undefined;
    return twice;
  }, DEADLINE_MS);
  if (!done) throw drainTimedOut(DEADLINE_MS, missing ?? 'nothing');
}

async function compared(
  bench: Bench,
  site: Site,
  filled: Filled,
  used: CpuUse,
  watch: ReturnType<typeof stopwatch>,
): Promise<DrainResult> {
  bench.say('Re-reading the same logs in memory …');
  const written = await writtenDetections(site);
  const fromMeasures = await judgeMeasures(site);
  const fromEvents = await judgeEvents(site, fromMeasures.marks);
  watch.lap('reference');
  const ofAgents = written.where(({ detector }) => detector === 'anomaly-detector');
  const ofSessions = written.where(({ detector }) => detector !== 'anomaly-detector');
  const [row] = await site.sql.rows<{ n: string }>('SELECT uniqExact(detection_id) AS n FROM detections');
  const seconds = watch.laps['drain'] ?? Infinity;
  return {
    events: filled.events,
    sessions: filled.sessions,
    faultySessions: filled.faultySessions,
    eventsPerSecond: Math.round(filled.events / seconds),
    cpuPerMillion: perMillion(used, filled.events),
    measuresPerEvent: Math.round((fromMeasures.sums.measures / filled.events) * 1000) / 1000,
    detections: {
      sessions: compareDetections(fromEvents.detections, ofSessions),
      agents: compareDetections(fromMeasures.detections, ofAgents),
      readable: Number(row?.n ?? 0),
    },
    measures: {
      count: fromMeasures.sums.measures,
      events: fromMeasures.sums.events,
      differing: fromEvents.sums.differences(fromMeasures.sums).slice(0, 20),
    },
    stages: watch.laps,
  };
}
