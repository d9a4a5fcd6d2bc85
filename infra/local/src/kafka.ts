// One Kafka broker on this machine: jars by Maven, KRaft, one node, data that survives.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { ensureDaemon, type Daemon, type Launch, type Log } from './daemon.js';
import { fetchOnce, findJava, sharedCacheDir } from './java.js';
import { isRecord, readJson, writeJson } from './json-file.js';
import { serverProperties, type MoreListeners } from './kafka-properties.js';
import { freePort } from './ports.js';

const run = promisify(execFile);
const version = '4.3.1';
const pom = fileURLToPath(new URL('../kafka/pom.xml', import.meta.url));

/** A broker that answers. */
export interface RunningKafka {
  /** `host:port`, as KAFKA_BROKERS takes it. */
  readonly brokers: string;
  readonly pid: number;
  /** False if it ran already. */
  readonly started: boolean;
}

/**
 * The Kafka of this data folder, started if it does not run.
 *
 * Ready means that the broker has answered a metadata request with this folder's cluster id.
 *
 * @throws WK_LOCAL_JAVA, WK_LOCAL_MAVEN, WK_LOCAL_FETCH, WK_LOCAL_START, WK_LOCAL_LOCK.
 */
export async function ensureKafka(
  options: {
    dataDir: string;
    log?: Log;
    preferredPort?: number;
    cacheDir?: string;
  } & MoreListeners,
): Promise<RunningKafka> {
  const running = await ensureDaemon(kafkaDaemon(options), options.log ?? (() => undefined));
  return { brokers: `127.0.0.1:${running.port}`, pid: running.pid, started: running.started };
}

/** How the broker of a data folder is started, found and stopped. */
export function kafkaDaemon(
  options: { dataDir: string; preferredPort?: number; cacheDir?: string } & MoreListeners,
): Daemon {
  const dir = join(resolve(options.dataDir), 'kafka');
  return {
    name: 'Kafka',
    dir,
    preferredPort: options.preferredPort ?? 19092,
    startTimeoutMs: 120_000, // 7 million messages on disk took 17 s to recover
    stopTimeoutMs: 20_000,
    prepare: (port, log) => prepare(dir, options, port, log),
    answers: async (port) => {
      const clusterId = await clusterIdAt(port);
      return clusterId !== undefined && clusterId === readClusterId(dir);
    },
  };
}

async function prepare(
  dir: string,
  { cacheDir = sharedCacheDir(), ...listeners }: { cacheDir?: string } & MoreListeners,
  port: number,
  log: Log,
): Promise<Launch> {
  const java = await findJava();
  const jars = await fetchOnce(
    { name: `kafka-${version}`, what: `Kafka ${version}`, cacheDir, fallbackDir: join(dir, '..', 'cache'), log },
    (target) => ['-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${target}`, '-DincludeScope=runtime'],
  );
  const classPath = join(jars, '*');
  const logDir = join(dir, 'log');
  const properties = join(dir, 'server.properties');
  mkdirSync(logDir, { recursive: true });
  writeFileSync(properties, serverProperties({ port, controllerPort: await freePort(port + 1), logDir }, listeners));
  if (!readdirSync(logDir).includes('meta.properties'))
    await format(java, classPath, properties, dir, listeners.secure?.users);
  log(`starting Kafka ${version} on port ${port}`);
  return {
    command: java,
    args: [
      '-Xms128m',
      '-Xmx512m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=4',
      `-Dkafka.logs.dir=${dir}`,
      '-cp',
      classPath,
      'kafka.Kafka',
      properties,
    ],
  };
}

async function format(
  java: string,
  classPath: string,
  properties: string,
  dir: string,
  users: Readonly<Record<string, string>> = {},
): Promise<void> {
  const clusterId = readClusterId(dir) ?? newClusterId();
  writeJson(clusterFile(dir), { clusterId });
  const scrams = Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((kind) => [
      '--add-scram',
      `${kind}=[name=${name},password=${password}]`,
    ]),
  );
  const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties];
  await run(java, [...tool, ...scrams]);
}

/** As Kafka makes them itself: one that begins with a dash would be read as an option. */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

const clusterFile = (dir: string): string => join(dir, 'cluster.json');

function readClusterId(dir: string): string | undefined {
  const value = readJson(clusterFile(dir));
  return isRecord(value) && typeof value['clusterId'] === 'string' ? value['clusterId'] : undefined;
}

/** The cluster id that a broker on this port gives, or undefined where none answers. */
async function clusterIdAt(port: number): Promise<string | undefined> {
  const admin = new Kafka({
    clientId: 'watchkeeper-local',
    brokers: [`127.0.0.1:${port}`],
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).clusterId;
  } catch {
    return undefined;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
