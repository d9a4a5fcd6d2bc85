// What a chaos run is made of: backends of its own behind gates, roles that are kept going, and a place.

import { join, resolve } from 'node:path';
import { ensureClickHouse, ensureKafka, freePort, purge, stopLocalBackends } from '@watchkeeper/local';
import type { LogProducer } from '@watchkeeper/runtime';
import { openSql, type Sql } from '../clickhouse.js';
import type { Backends } from '../stack/backends.js';
import { migrateAt } from '../stack/database.js';
import { roleEnvironment, type Place } from '../stack/environment.js';
import { openTopics } from '../stack/log.js';
import { startRoles } from '../stack/role-processes.js';
import { waitFor } from '../stack/wait.js';
import { openClickHouseGate, type ClickHouseGate } from './clickhouse-gate.js';
import { keepRoles, type RoleKeeper } from './role-keeper.js';
import { mountSmallDisk, unmountSmallDisk, type SmallDisk } from './small-disk.js';
import { openTcpGate, type TcpGate } from './tcp-gate.js';
import type { Weakening } from './weakened/index.js';

/** Any that is free: one that every run prefers is given away while a run has killed who holds it. */
const ANY_PORT = 0;
/** Kafka allows no less. */
export const SESSION_TIMEOUT_MS = 6_000;
/** An insert that takes longer is tried again. */
export const INSERT_TIMEOUT_MS = 5_000;
const GONE_MS = 20_000;

/** A backend's process. */
export interface BackendProcess {
  readonly pid: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the data that it left, and resolves when it answers. */
  restart(): Promise<void>;
}

export interface Rig {
  readonly place: Place;
  /** Past the gates. */
  readonly backends: Backends;
  readonly broker: BackendProcess;
  readonly clickhouse: BackendProcess;
  readonly kafkaGate: TcpGate;
  readonly clickhouseGate: ClickHouseGate;
  /** The engine's disk, or why it has none that can be filled. */
  readonly disk: SmallDisk | string;
  readonly keeper: RoleKeeper;
  readonly sql: Sql;
  readonly producer: LogProducer;
  readonly signal: AbortSignal;
}

/** A rig before its load: no producer yet. */
export type BareRig = Omit<Rig, 'producer' | 'signal'>;

export interface RigOptions {
  readonly dataDir: string;
  /** One process each. */
  readonly groups: readonly (readonly string[])[];
  /** A safeguard to do without. */
  readonly weakening?: Weakening;
  readonly say: (line: string) => void;
}

/** Starts everything from nothing, hands it to `work`, and leaves nothing behind but the roles' logs. */
export async function withRig<T>(options: RigOptions, work: (rig: BareRig) => Promise<T>): Promise<T> {
  const dataDir = resolve(options.dataDir);
  const engineData = join(dataDir, 'clickhouse', 'data');
  const closers: (() => Promise<unknown>)[] = [];
  const { say, weakening = {} } = options;
  try {
    const sweep = async (): Promise<void> => {
      await stopLocalBackends({ dataDir });
      await unmountSmallDisk(engineData);
      await purge({ dataDir });
    };
    await sweep();
    closers.push(sweep);
    const disk = await mountSmallDisk(engineData);
    const listen = await freePort();
    const kafkaGate = await openTcpGate(listen);
    closers.push(() => kafkaGate.close());
    const proxied = { listen, advertise: kafkaGate.port };
    const startKafka = (): ReturnType<typeof ensureKafka> =>
      ensureKafka({ dataDir, preferredPort: ANY_PORT, proxied, log: say });
    const startClickHouse = (): ReturnType<typeof ensureClickHouse> =>
      ensureClickHouse({ dataDir, preferredPort: ANY_PORT, log: say });
    let [kafka, clickhouse] = await Promise.all([startKafka(), startClickHouse()]);
    const clickhouseGate = await openClickHouseGate(() => Number(new URL(clickhouse.url).port), weakening.rewriteUrl);
    closers.push(() => clickhouseGate.close());
    const place = { topicPrefix: 'chaos.', database: 'chaos' };
    const backends = { brokers: kafka.brokers, clickhouseUrl: clickhouse.url };
    await Promise.all([openTopics(kafka.brokers, place), migrateAt({}, clickhouse.url, place.database)]);
    const sql = openSql({ url: clickhouse.url, database: place.database });
    closers.push(() => sql.close());
    say('Starting the roles …');
    const through = { brokers: `127.0.0.1:${kafkaGate.port}`, clickhouseUrl: clickhouseGate.url };
    const env = {
      ...roleEnvironment(through, place),
      KAFKA_SESSION_TIMEOUT_MS: String(SESSION_TIMEOUT_MS),
      LANDING_INSERT_TIMEOUT_MS: String(INSERT_TIMEOUT_MS),
      ...weakening.env,
    };
    const keeper = keepRoles(options.groups, (roles) => startRoles(roles, env, dataDir, weakening.nodeOptions));
    closers.push(() => keeper.stop());
    await keeper.ready();
    return await work({
      place,
      backends,
      kafkaGate,
      clickhouseGate,
      disk,
      keeper,
      sql,
      broker: {
        get pid() {
          return kafka.pid;
        },
        kill: () => killed(kafka.pid),
        restart: async () => void (kafka = await startKafka()),
      },
      clickhouse: {
        get pid() {
          return clickhouse.pid;
        },
        kill: () => killed(clickhouse.pid),
        restart: async () => void (clickhouse = await startClickHouse()),
      },
    });
  } finally {
    for (const close of closers.reverse())
      await close().catch((error: unknown) => say(`  at the end: ${String(error)}`));
  }
}

async function killed(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await waitFor(() => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  }, GONE_MS);
}
