// Where a bench runs: local backends in a folder of its own, and a prefix and a database per part.

import { ensureLocalBackends, freePort, purge } from '@watchkeeper/local';
import type { LogAdapter, LogAdmin } from '@watchkeeper/runtime';
import { openSql, type Sql } from '../clickhouse.js';
import { processEnded } from '../errors.js';
import type { Backends } from '../stack/backends.js';
import { migrateAt } from '../stack/database.js';
import { roleEnvironment, type Place } from '../stack/environment.js';
import { logAt, openTopics } from '../stack/log.js';
import { startRoles, type RoleProcess } from '../stack/role-processes.js';
import type { Pids } from './cpu.js';

/** A bench at work: its backends, and what it says on stderr. */
export interface Bench {
  readonly dataDir: string;
  readonly backends: Backends;
  /** Of the broker and of ClickHouse. */
  readonly pids: Pids;
  /** Names of this run's places begin so. */
  readonly id: string;
  /** Folder for the roles' CPU profiles. */
  readonly profileDir: string | undefined;
  readonly say: (line: string) => void;
  /** Stops of what runs here. */
  readonly running: Set<() => Promise<void>>;
}

/** Starts backends of its own, whatever KAFKA_BROKERS and CLICKHOUSE_URL say: CPU is counted per process. */
export async function openBench(options: Pick<Bench, 'dataDir' | 'profileDir' | 'say'>): Promise<Bench> {
  const { kafka, clickhouse } = await ensureLocalBackends({ dataDir: options.dataDir, log: options.say });
  return {
    ...options,
    running: new Set(),
    id: `bench_${Date.now().toString(36)}`,
    backends: { brokers: kafka.brokers, clickhouseUrl: clickhouse.url },
    pids: { broker: kafka.pid, clickhouse: clickhouse.pid },
  };
}

/** Stops the roles, wherever a part was interrupted, then the backends, and removes their data. */
export async function closeBench({ dataDir, running }: Bench): Promise<void> {
  await Promise.all([...running].map((stop) => stop()));
  await purge({ dataDir });
}

/** A part's topics and tables, and ways to them. */
export interface Site {
  readonly place: Place;
  readonly log: LogAdapter;
  readonly admin: LogAdmin;
  readonly sql: Sql;
}

/** Makes topics and tables for one part, hands them to `work`, and removes the tables whatever happens. */
export async function withSite<T>(bench: Bench, part: string, work: (site: Site) => Promise<T>): Promise<T> {
  const { brokers, clickhouseUrl } = bench.backends;
  const place = { topicPrefix: `${bench.id}_${part}.`, database: `${bench.id}_${part}` };
  await Promise.all([openTopics(brokers, place), migrateAt(process.env, clickhouseUrl, place.database)]);
  const log = logAt(brokers, place);
  const admin = await log.admin();
  const sql = openSql({ url: clickhouseUrl, database: place.database });
  try {
    return await work({ place, log, admin, sql });
  } finally {
    await sql.command(`DROP DATABASE IF EXISTS ${place.database} SYNC`).catch(() => undefined);
    await admin.deleteTopics([...(await admin.topics()).keys()]).catch(() => undefined);
    await Promise.all([sql.close(), admin.close()]);
  }
}

/** Role processes of a part. */
export interface Running {
  readonly processes: readonly RoleProcess[];
  /** By name. */
  readonly pids: Pids;
  /** Rejects with WK_ROLE_ENDED when one of them ends. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

/** Starts groups of roles, all at once, and resolves when all are ready; rejects, with none left, where one is not. */
export async function startGroups(
  bench: Bench,
  place: Place,
  groups: readonly (readonly string[])[],
  { withMetrics = false, env = {} }: { withMetrics?: boolean; env?: Readonly<Record<string, string>> } = {},
): Promise<Running> {
  const profile = bench.profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${bench.profileDir}`];
  const common = { ...roleEnvironment(bench.backends, place), LOG_LEVEL: 'warn', ...env };
  const ports = await Promise.all(groups.map(() => (withMetrics ? freePort() : Promise.resolve(0))));
  const started = await Promise.allSettled(
    groups.map((group, i) =>
      startRoles(group, { ...common, HTTP_PORT: String(ports[i] ?? 0) }, bench.dataDir, profile),
    ),
  );
  const processes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async (): Promise<void> => {
    bench.running.delete(stop);
    await Promise.all(processes.map((role) => role.stop()));
  };
  bench.running.add(stop);
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const ended = Promise.race(processes.map(endOf));
  ended.catch(() => undefined);
  return { processes, pids: Object.fromEntries(processes.map((role) => [nameOf(role), role.pid])), ended, stop };
}

async function endOf({ roles, ended, logFile }: RoleProcess): Promise<never> {
  const code = await ended;
  throw processEnded(roles, code ?? null, code === undefined ? 'a signal' : null, logFile);
}

export function nameOf({ roles }: RoleProcess): string {
  return roles.join('+');
}
