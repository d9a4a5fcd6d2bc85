// watchkeeper simulate: a fleet with planted faults, the truth about them, and how much of it was found.

import { systemClock } from '@watchkeeper/runtime';
import { openSql } from '../clickhouse.js';
import { DetectionWatch } from '../demo/detection-watch.js';
import { runFleet } from '../demo/fleet-source.js';
import { badOption } from '../errors.js';
import { history, realTime, score, writeTruth, type FleetOptions, type Score } from '../simulate/index.js';
import { findBackends } from '../stack/backends.js';
import { placeOf } from '../stack/environment.js';
import { stopSignal } from '../stack/signals.js';
import { waitFor } from '../stack/wait.js';

export interface SimulateFlags {
  readonly agents: string;
  readonly rate: string;
  readonly seconds: string;
  readonly seed: string;
  readonly hours?: string;
  readonly truth?: string;
  readonly score?: boolean;
  readonly dataDir: string;
}

/** How long detections may take after the last event: windows close 5 s after it. */
const SETTLE_MS = 20_000;
const QUIET_MS = 8_000;

/** Prints what was sent, and with --score what was found of it. */
export async function simulate(flags: SimulateFlags): Promise<void> {
  const fleet = fleetOf(flags);
  const place = placeOf(process.env);
  const { brokers, clickhouseUrl } = await findBackends(process.env, flags.dataDir);
  const signal = stopSignal();
  const report = await runFleet({
    brokers,
    place,
    fleet,
    signal,
    ...(flags.hours === undefined ? {} : { historySeconds: positive('--seconds', flags.seconds) }),
  });
  process.stdout.write(`${report.events} events of ${report.sessions} sessions in ${report.seconds.toFixed(1)} s\n`);
  if (flags.truth !== undefined) await writeTruth(flags.truth, report.truth);
  if (flags.score !== true) return;
  const sql = openSql({ url: clickhouseUrl, database: place.database });
  try {
    const watch = new DetectionWatch(sql);
    await settle(watch);
    process.stdout.write(scoreText(score(report.truth, watch.detections)));
  } finally {
    await sql.close();
  }
}

function fleetOf(flags: SimulateFlags): FleetOptions {
  const common = { seed: flags.seed, agents: positive('--agents', flags.agents) };
  const eventsPerSecond = positive('--rate', flags.rate);
  const nowMicros = systemClock.nowMicros();
  if (flags.hours === undefined) {
    const seconds = flags.seconds === '0' ? 0 : positive('--seconds', flags.seconds);
    return realTime({ ...common, eventsPerSecond, seconds, startMicros: nowMicros });
  }
  const events = eventsPerSecond * positive('--seconds', flags.seconds);
  return history({ ...common, hours: positive('--hours', flags.hours), events, endMicros: nowMicros });
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw badOption(option, text, 'a number above 0');
  return value;
}

/** Polls until nothing new has come for a while. */
async function settle(watch: DetectionWatch): Promise<void> {
  let lastNewMs = systemClock.nowMs();
  await waitFor(async () => {
    if ((await watch.poll(Date.now)).length > 0) lastNewMs = systemClock.nowMs();
    return systemClock.nowMs() - lastNewMs > QUIET_MS;
  }, SETTLE_MS);
}

function scoreText(scores: Score): string {
  return (['loop', 'drift', 'anomaly'] as const)
    .map((kind) => {
      const { found, planted, falseAlarms, clean } = scores[kind];
      return `${kind}: ${found} of ${planted} found, ${falseAlarms} false alarms on ${clean} clean\n`;
    })
    .join('');
}
