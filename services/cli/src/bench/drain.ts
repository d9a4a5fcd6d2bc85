// (a) Drain: a topic filled beforehand, every role started at once, until all is landed and every detector is at the end.

import { sleep, type LogAdmin, type PartitionRange } from '@watchkeeper/runtime';
import { CONSUMERS, lookAtPipeline } from '../demo/drain.js';
import { benchNotLanded, drainTimedOut } from '../errors.js';
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
const MARKS_MS = 60_000;
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
      await passed(bench, site, events);
      watch.lap('drain');
      used = cpu(roles.pids);
      await marked(site);
      watch.lap('settle');
    } finally {
      await roles.stop();
    }
    return compared(bench, site, filled, used, watch);
  });
}

/**
 * Resolves when what the topic held has gone all the way: read by every group to the end, then what came of it, topic by topic. Ends are taken
 * when the topic above has been read, for marks go on being written. Looks are as rare as precision allows: they cost processor time that
 * is counted as the pipeline's.
 */
export async function passed(bench: Bench, { admin, sql }: Site, events: number): Promise<void> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  let toldMs = performance.now();
  for (const topic of ['agent.events', 'agent.measures', 'agent.detections']) {
    const ends = await admin.ranges(topic);
    const groups = CONSUMERS.filter(({ topics }) => topics.includes(topic)).map(({ group }) => group);
    for (;;) {
      const lags = await Promise.all(groups.map((group) => lagOf(admin, group, topic, ends)));
      const lag = Math.max(...lags);
      if (lag === 0) break;
      const behind = groups.map((group, i) => `${group} ${lags[i] ?? 0}`).join(', ');
      if (performance.now() > deadlineMs) throw drainTimedOut(DEADLINE_MS, `records behind in ${topic}: ${behind}`);
      if (performance.now() - toldMs > TELL_MS) {
        toldMs = performance.now();
        bench.say(`  records behind in ${topic}: ${behind}`);
      }
      await sleep(lag > NEAR_RECORDS ? FAR_LOOK_MS : NEAR_LOOK_MS);
    }
  }
  const [row] = await sql.rows<{ n: string }>('SELECT count() AS n FROM events');
  if (Number(row?.n ?? 0) !== events) throw benchNotLanded(events, Number(row?.n ?? 0));
}

/** Records up to `ends` that a group has yet to read. */
async function lagOf(admin: LogAdmin, group: string, topic: string, ends: readonly PartitionRange[]): Promise<number> {
  const committed = await admin.committed(group, topic);
  return ends.reduce(
    (sum, { partition, begin, end }) => sum + Math.max(0, end - (committed.get(partition)?.offset ?? begin)),
    0,
  );
}

/** Resolves when every source partition has said how far its windows are closed: then there is something to compare. */
async function marked({ admin, sql }: Site): Promise<void> {
  const isMarked = async (): Promise<boolean> => (await lookAtPipeline(admin, sql)).judgedToMicros > 0;
  if (!(await waitFor(isMarked, MARKS_MS)))
    throw drainTimedOut(MARKS_MS, 'not every source partition has marked its windows');
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
