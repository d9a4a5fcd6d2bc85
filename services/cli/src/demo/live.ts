// npm start: the stack, two days of history, then a fleet that lives on; or a second look at one that runs already.

import { shownUrl, systemClock, sleep } from '@watchkeeper/runtime';
import { stopLocalBackends } from '@watchkeeper/local';
import { openSql, type Sql } from '../clickhouse.js';
import { processEnded } from '../errors.js';
import { realTime, thenLive, twoDays, type FleetOptions } from '../simulate/index.js';
import { findBackends, type Backends } from '../stack/backends.js';
import { placeOf, type Place } from '../stack/environment.js';
import { logAt } from '../stack/log.js';
import { untilStopped } from '../stack/signals.js';
import { claimStack, releaseStack, stackOwner } from '../stack/stack-file.js';
import { startStack, type Stack } from '../stack/stack.js';
import { DetectionWatch, type SeenDetection } from './detection-watch.js';
import { lookAtPipeline } from './drain.js';
import { runFleet } from './fleet-source.js';
import { LiveView } from './live-view.js';
import { RollingRate } from './rolling-rate.js';
import { watchLoop } from './watch-loop.js';

const HISTORY_SECONDS = 30;
const DRAW_MS = 1_000;
const RECENT_KEPT = 50;

export interface LiveOptions {
  readonly seed: string;
  readonly eventsPerSecond: number;
}

/** Runs until Ctrl-C, then stops all that it started. */
export async function live(dataDir: string, options: LiveOptions, say: (line: string) => void): Promise<void> {
  const place = placeOf(process.env);
  if (!claimStack(dataDir)) {
    say(`Watchkeeper already runs here (process ${String(stackOwner(dataDir))}); this is a second look at it.`);
    const backends = await findBackends(process.env, dataDir);
    await show(backends, place, untilStopped(), () => '');
    return;
  }
  const stopped = untilStopped();
  try {
    const starting = startStack(process.env, dataDir, place, say);
    const stack = await Promise.race([starting, stopped]);
    if (stack === undefined) {
      // Ctrl-C while things start: let the start come to its end, so that nothing is left behind.
      await (await starting).stop();
      return;
    }
    await runAndShow(stack, options, stopped, say);
  } finally {
    say('Stopping what was started …');
    await stopLocalBackends({ dataDir });
    releaseStack(dataDir);
  }
}

async function runAndShow(
  stack: Stack,
  options: LiveOptions,
  stopped: Promise<undefined>,
  say: (line: string) => void,
): Promise<void> {
  const { backends, place } = stack;
  const stopping = new AbortController();
  const fleet = await fleetFor(backends, place, options);
  say(whereToLook(backends, place));
  let fleetTime = '';
  const running = runFleet({
    brokers: backends.brokers,
    place,
    fleet,
    historySeconds: HISTORY_SECONDS,
    signal: stopping.signal,
    onProgress: ({ fleetMicros }) => (fleetTime = new Date(fleetMicros / 1000).toISOString().slice(0, 19)),
  });
  const ended = Promise.race([stopped, stack.firstEnd, running.then(() => undefined)]);
  try {
    await show(backends, place, ended, () => fleetTime);
    const process = await ended;
    if (process) throw processEnded(process.roles, (await process.ended) ?? null, null, process.logFile);
  } finally {
    stopping.abort();
    await running.catch(() => undefined);
    await stack.stop();
  }
}

/** Two days of history first, unless this place has a past already. */
async function fleetFor(backends: Backends, place: Place, options: LiveOptions): Promise<FleetOptions> {
  const { seed, eventsPerSecond } = options;
  const nowMicros = systemClock.nowMicros();
  const history = twoDays(seed, nowMicros + HISTORY_SECONDS * 1_000_000);
  const admin = await logAt(backends.brokers, place).admin();
  try {
    const past = (await admin.ranges('agent.events')).some(({ end }) => end > 0);
    if (!past) return thenLive(history, eventsPerSecond);
    return realTime({ seed, agents: history.agents, eventsPerSecond, seconds: 0, startMicros: nowMicros });
  } finally {
    await admin.close();
  }
}

async function show(backends: Backends, place: Place, until: Promise<unknown>, fleetTime: () => string): Promise<void> {
  const sql = openSql({ url: backends.clickhouseUrl, database: place.database });
  const admin = await logAt(backends.brokers, place).admin();
  const recent: SeenDetection[] = [];
  const watching = watchLoop(new DetectionWatch(sql), (seen) => {
    recent.push(...seen.filter(({ revision }) => revision === 1));
    recent.splice(0, recent.length - RECENT_KEPT);
  });
  const view = new LiveView(process.stdout);
  const over = new AbortController();
  void until.then(
    () => over.abort(),
    () => over.abort(),
  );
  const rate = new RollingRate();
  try {
    while (!over.signal.aborted) {
      await sleep(DRAW_MS, over.signal);
      const progress = await lookAtPipeline(admin, sql).catch(() => undefined);
      if (progress === undefined) continue;
      const nowMs = systemClock.nowMs();
      const eventsPerSecond = Math.round(rate.perSecond(progress.landed, nowMs));
      view.draw(
        { fleetTime: fleetTime(), eventsPerSecond, progress, sessionsLastHour: await sessions(sql), recent },
        nowMs,
      );
    }
  } finally {
    await watching.stop().catch(() => undefined);
    await Promise.all([sql.close(), admin.close()]);
  }
}

async function sessions(sql: Sql): Promise<number> {
  const [row] = await sql
    .rows<{ n: string }>('SELECT uniq(session_id) AS n FROM events WHERE occurred_at > now64(6) - INTERVAL 1 HOUR')
    .catch(() => []);
  return Number(row?.n ?? 0);
}

function whereToLook(backends: Backends, place: Place): string {
  const sql = 'npx --no-install watchkeeper sql';
  return [
    '',
    `Kafka ${backends.brokers}   ClickHouse ${shownUrl(backends.clickhouseUrl)} (database ${place.database})`,
    'In another terminal:',
    `  curl '${shownUrl(backends.clickhouseUrl)}/?database=${place.database}' --data-binary 'SELECT * FROM fleet_now FORMAT PrettyCompact'`,
    `  ${sql} 'SELECT detector, kind, count() FROM detections GROUP BY ALL ORDER BY ALL'`,
    `  ${sql} 'SELECT agent_id, explanation FROM detections ORDER BY detected_at DESC LIMIT 5'`,
    `  ${sql} 'SELECT * FROM pipeline_freshness'`,
    'Ctrl-C stops all of it; the data stays.',
    '',
  ].join('\n');
}
