// (a) Drain: a topic filled beforehand, every role started at once, until all is landed and every detector is at the end.

import { sleep, type LogAdmin } from '@watchkeeper/runtime';
import { CONSUMERS, heldUpBy, lookAtPipeline } from '../demo/drain.js';
import { drainTimedOut } from '../errors.js';
import { processGroups } from '../roles.js';
import { compareDetections, type Comparison } from './compare.js';
import { perMillion, startCpu, type CpuUse } from './cpu.js';
import { fill, type Filled } from './fill.js';
import { startGroups, withSite, type Bench, type Site } from './place.js';
import { judgeEvents, judgeMeasures, writtenDetections } from './reference.js';
import { stopwatch } from './stopwatch.js';

const DEADLINE_MS = 900_000;
const TELL_MS = 10_000;
/** How often to look: far from the end, and near to it. */
const FAR_LOOK_MS = 2_000;
const NEAR_LOOK_MS = 250;
const NEAR_RECORDS = 60_000;

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

/**
 * Resolves when nothing lags in two looks, one after the other, and windows are closed so far. Looks are as rare as precision allows: they
 * cost processor time that is counted as the pipeline's.
 */
async function passed(bench: Bench, { admin, sql }: Site, judgedFromMicros: number): Promise<void> {
  const startedMs = performance.now();
  let toldMs = startedMs;
  let clearLooks = 0;
  let missing: string | undefined = 'nothing was looked at yet';
  while (clearLooks < 2) {
    if (performance.now() - startedMs > DEADLINE_MS) throw drainTimedOut(DEADLINE_MS, missing ?? 'nothing');
    const lag = await lagOf(admin);
    missing = lag > 0 ? `${lag} records are to be read` : heldUpBy(await lookAtPipeline(admin, sql), judgedFromMicros);
    clearLooks = missing === undefined ? clearLooks + 1 : 0;
    if (performance.now() - toldMs > TELL_MS) {
      toldMs = performance.now();
      bench.say(`  ${missing ?? 'all has passed'}`);
    }
    await sleep(lag > NEAR_RECORDS ? FAR_LOOK_MS : NEAR_LOOK_MS);
  }
}

/** Records of agent.events that the slowest of its readers has yet to read. */
async function lagOf(admin: LogAdmin): Promise<number> {
  const ranges = await admin.ranges('agent.events');
  const groups = CONSUMERS.filter(({ topics }) => topics.includes('agent.events')).map(({ group }) => group);
  const lags = await Promise.all(
    groups.map(async (group) => {
      const committed = await admin.committed(group, 'agent.events');
      return ranges.reduce(
        (sum, { partition, begin, end }) => sum + end - (committed.get(partition)?.offset ?? begin),
        0,
      );
    }),
  );
  return Math.max(...lags);
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
