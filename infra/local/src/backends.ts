// Both local backends together: start, look, stop, remove.
import { join, resolve } from 'node:path';
import { clickhouseDaemon, ensureClickHouse, type RunningClickHouse } from './clickhouse.js';
import { findRunning, removeFolder, stopDaemon, type Log, type Running } from './daemon.js';
import { ensureKafka, kafkaDaemon, type RunningKafka } from './kafka.js';

/** Where local data lies unless told otherwise: beneath the working folder. */
export const defaultDataDir = '.watchkeeper';

/** Both backends of a folder, answering. */
export interface LocalBackends {
  readonly kafka: RunningKafka;
  readonly clickhouse: RunningClickHouse;
}

/** What runs of a folder's backends; undefined for one that does not answer. */
export interface LocalStatus {
  readonly kafka: (Running & { readonly brokers: string }) | undefined;
  readonly clickhouse: (Running & { readonly url: string }) | undefined;
}

/** Both backends of a folder, started where they do not run. @throws as ensureKafka and ensureClickHouse. */
export async function ensureLocalBackends(options: { dataDir?: string; log?: Log } = {}): Promise<LocalBackends> {
  const told = { dataDir: options.dataDir ?? defaultDataDir, ...(options.log && { log: options.log }) };
  const [kafka, clickhouse] = await Promise.all([ensureKafka(told), ensureClickHouse(told)]);
  return { kafka, clickhouse };
}

/** What of a folder's backends runs and answers. Starts nothing. */
export async function status(options: { dataDir?: string } = {}): Promise<LocalStatus> {
  const { kafka, clickhouse } = daemons(options.dataDir);
  const [broker, server] = await Promise.all([findRunning(kafka), findRunning(clickhouse)]);
  return {
    kafka: broker && { ...broker, brokers: `127.0.0.1:${broker.port}` },
    clickhouse: server && { ...server, url: `http://127.0.0.1:${server.port}` },
  };
}

/** Stops what this folder's state files name, and nothing else: SIGTERM, SIGKILL after a deadline. Data stays. */
export async function stopLocalBackends(options: { dataDir?: string } = {}): Promise<{ stopped: string[] }> {
  const all = Object.values(daemons(options.dataDir));
  const ended = await Promise.all(all.map((daemon) => stopDaemon(daemon.dir, daemon.stopTimeoutMs)));
  return { stopped: all.filter((_, i) => ended[i]).map((daemon) => daemon.name) };
}

/** Stops the folder's backends and removes their data. Fetched jars of other folders stay. */
export async function purge(options: { dataDir?: string } = {}): Promise<void> {
  await stopLocalBackends(options);
  for (const daemon of Object.values(daemons(options.dataDir))) removeFolder(daemon.dir);
}

function daemons(dataDir = defaultDataDir): {
  kafka: ReturnType<typeof kafkaDaemon>;
  clickhouse: ReturnType<typeof clickhouseDaemon>;
} {
  const dir = join(resolve(dataDir));
  return { kafka: kafkaDaemon({ dataDir: dir }), clickhouse: clickhouseDaemon({ dataDir: dir }) };
}
