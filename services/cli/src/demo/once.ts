// npm start -- --once: 48 hours of a fleet's life, compressed, through everything, to an end and a summary.

import { systemClock } from '@watchkeeper/runtime';
import { openSql, type Sql } from '../clickhouse.js';
import { ledgerAt } from '../commands/doctor.js';
import { drainTimedOut, interrupted, processEnded } from '../errors.js';
import { score, twoDays, type SimulationProgress, type SimulationReport } from '../simulate/index.js';
import { openBackends } from '../stack/backends.js';
import { logAt } from '../stack/log.js';
import { untilStopped } from '../stack/signals.js';
import { startStack, type Stack } from '../stack/stack.js';
import { waitFor } from '../stack/wait.js';
import { DetectionWatch } from './detection-watch.js';
import { heldUpBy, lookAtPipeline } from './drain.js';
import { runFleet } from './fleet-source.js';
import { newOncePlace, removeEndedRuns } from './once-place.js';
import { truthLines, type OnceSummary } from './summary.js';
import { watchLoop } from './watch-loop.js';

/** Fleet time is pressed into so many seconds; a slower machine takes longer and loses nothing. */
const HISTORY_SECONDS = 30;
const DRAIN_DEADLINE_MS = 300_000;
/** Windows that end later than this before the stream's end need not be judged: nothing was planted there. */
const UNJUDGED_MICROS = 600_000_000;

/** Runs it. Throws where a role ends or the pipeline does not drain. */
export async function once(dataDir: string, seed: string, say: (line: string) => void): Promise<OnceSummary> {
  const backends = await openBackends(process.env, dataDir, say);
  await removeEndedRuns(dataDir, backends);
  const place = newOncePlace(dataDir, systemClock.nowMs());
  const stack = await startStack(process.env, dataDir, place, say);
  const sql = openSql({ url: backends.clickhouseUrl, database: place.database });
  const giveUp = new AbortController();
  try {
    const roleEnded = stack.firstEnd.then(async (role) => {
      throw processEnded(role.roles, (await role.ended) ?? null, null, role.logFile);
    });
    const stopped = untilStopped().then(() => {
      throw interrupted();
    });
    return await Promise.race([measured(stack, sql, seed, say, giveUp.signal), roleEnded, stopped]);
  } finally {
    giveUp.abort();
    say('Stopping the roles …');
    await stack.stop();
    await sql.close();
  }
}

async function measured(
  stack: Stack,
  sql: Sql,
  seed: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<OnceSummary> {
  const { backends, place } = stack;
  const watch = new DetectionWatch(sql);
  const watching = watchLoop(watch);
  try {
    const fleet = twoDays(seed, systemClock.nowMicros());
    const startedMs = systemClock.nowMs();
    say('Simulating 48 hours of a fleet …');
    const onProgress = everyFewSeconds(({ events, sessions, fleetMicros }) => {
      const fleetTime = new Date(fleetMicros / 1000).toISOString().slice(0, 16);
      say(`  ${fleetTime}  ${events} events of ${sessions} sessions sent, ${watch.detections.length} detections`);
    });
    const { brokers } = backends;
    const report = await runFleet({ brokers, place, fleet, historySeconds: HISTORY_SECONDS, signal, onProgress });
    say(`  all ${report.events} events are sent; waiting until they are landed and judged …`);
    await drained(stack, sql, fleet.endMicros - UNJUDGED_MICROS, signal);
    const seconds = (systemClock.nowMs() - startedMs) / 1000;
    await watching.stop();
    const landed = Number((await sql.rows<{ n: string }>('SELECT count() AS n FROM events'))[0]?.n ?? 0);
    const ledger = await ledgerAt(backends, place);
    return summaryOf({ report, watch, landed, ledger, seconds, seed, database: place.database });
  } finally {
    await watching.stop().catch(() => undefined);
  }
}

function everyFewSeconds(tell: (progress: SimulationProgress) => void): (progress: SimulationProgress) => void {
  let toldMs = systemClock.nowMs();
  return (progress) => {
    if (systemClock.nowMs() - toldMs < 5_000) return;
    toldMs = systemClock.nowMs();
    tell(progress);
  };
}

async function drained(stack: Stack, sql: Sql, judgedFromMicros: number, signal: AbortSignal): Promise<void> {
  const admin = await logAt(stack.backends.brokers, stack.place).admin();
  let missing: string | undefined = 'nothing was looked at yet';
  try {
    const look = async (): Promise<boolean> => {
      if (signal.aborted) throw interrupted();
      missing = heldUpBy(await lookAtPipeline(admin, sql), judgedFromMicros);
      return missing === undefined;
    };
    // Twice: what the first look found done may have set off a last detection.
    const done = (await waitFor(look, DRAIN_DEADLINE_MS)) && (await waitFor(look, DRAIN_DEADLINE_MS));
    if (!done) throw drainTimedOut(DRAIN_DEADLINE_MS, missing);
  } finally {
    await admin.close();
  }
}

function summaryOf(run: {
  report: SimulationReport;
  watch: DetectionWatch;
  landed: number;
  ledger: { gaps: number; duplicates: number };
  seconds: number;
  seed: string;
  database: string;
}): OnceSummary {
  const { report, watch, landed, ledger, seconds, seed, database } = run;
  const count = (detector: string): number => watch.detections.filter((seen) => seen.detector === detector).length;
  return {
    events: report.events,
    landed,
    sessions: report.sessions,
    detections: {
      loop: count('loop-detector'),
      drift: count('drift-detector'),
      anomaly: count('anomaly-detector'),
    },
    ledger: { gaps: ledger.gaps, duplicates: ledger.duplicates },
    truth: truthLines(score(report.truth, watch.detections)),
    latencyMs: {
      loop: watch.latency('loop-detector'),
      drift: watch.latency('drift-detector'),
      anomaly: watch.latency('anomaly-detector'),
    },
    eventsPerSecond: Math.round(report.events / seconds),
    seed,
    database,
  };
}
