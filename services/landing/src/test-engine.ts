// A database of its own on the real engine, for integration tests, and landers into it.

import { testBackends } from '@watchkeeper/local';
import { createMetrics, sleep, systemClock, type PartitionWorker } from '@watchkeeper/runtime';
import { catalogueIds } from '@watchkeeper/schemas';
import type { ClickHouseClient } from '@clickhouse/client';
import { clickhouseStore, openClickHouse } from './clickhouse.js';
import { landInto, type ReadBackFound } from './land.js';
import { migrate } from './migrate.js';
import { clickhouseReadBack } from './read-back.js';
import { blockLander } from './protocol.js';
import type { Store } from './store.js';
import { TARGETS } from './targets.js';
import { fakeDeadLetters, fakeLease, type FakeLease } from './test-support.js';
import { ttlSettings } from './ttl.js';

export interface TestEngine {
  readonly client: ClickHouseClient;
  readonly url: string;
  readonly database: string;
  readonly store: Store;
  /** `{db}` stands for the database. */
  query<T>(sql: string): Promise<T[]>;
  offsetsIn(partition: number): Promise<number[]>;
  /** The tables were altered longer ago than the second to which evidence is cut: receipts from now on prove something. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** An empty, migrated database. */
export async function testEngine(): Promise<TestEngine> {
  const { clickhouseUrl, database } = await testBackends();
  const client = openClickHouse({ url: clickhouseUrl, user: 'default', password: '', requestTimeoutMs: 60_000 });
  await migrate(client, { database, ttl: ttlSettings.parse({}) });
  async function query<T>(sql: string): Promise<T[]> {
    const result = await client.query({
      query: sql.replaceAll('{db}', database),
      format: 'JSONEachRow', // Quoted in some versions; the tests' numbers are below 2^53.
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<T>();
  }
  return {
    client,
    url: clickhouseUrl,
    database,
    store: clickhouseStore(client, database, clickhouseReadBack({ client, database, betweenLooksMs: 20 })),
    query,
    async offsetsIn(partition) {
      const sql = `SELECT toString(kafka_offset) AS o FROM {db}.events WHERE kafka_partition = ${partition} ORDER BY kafka_offset`;
      return (await query<{ o: string }>(sql)).map((row) => Number(row.o));
    },
    async settled() {
      const sql = `SELECT max(metadata_modification_time) + 1 < now() AS over FROM system.tables WHERE database = '{db}'`;
      while ((await query<{ over: number }>(sql))[0]?.over !== 1) await sleep(50);
    },
    async close() {
      await client.command({ query: `DROP DATABASE IF EXISTS ${database}` });
      await client.close();
    },
  };
}

export interface TestLander {
  readonly worker: PartitionWorker;
  readonly lease: FakeLease;
  readonly deadLetters: ReturnType<typeof fakeDeadLetters>;
}

/** A lander of one partition of `topic` into `engine`, that goes on from `lease`'s commit. */
export function landerInto(
  engine: Pick<TestEngine, 'database'>,
  store: Store,
  partition: number,
  options: {
    readonly topic?: string;
    readonly rows?: number;
    readonly lease?: FakeLease;
    readonly deadLetters?: ReturnType<typeof fakeDeadLetters>;
    readonly begin?: number;
    readonly onReadBack?: (found: ReadBackFound) => void;
  } = {},
): TestLander {
  const topic = options.topic ?? 'agent.events';
  const target = TARGETS.find((one) => one.topic === topic);
  if (target === undefined) throw new TypeError(`No target ${topic}.`);
  const deadLetters = options.deadLetters ?? fakeDeadLetters();
  const lease = options.lease ?? fakeLease();
  const { database } = engine;
  const worker = blockLander({
    topic,
    partition,
    logId: 'log@1',
    committed: lease.committed,
    begin: options.begin ?? 0,
    limits: { rows: options.rows ?? 50_000, bytes: 8 << 20 },
    land: landInto({
      target,
      partition,
      database,
      store,
      deadLetters,
      schemas: catalogueIds(),
      metrics: createMetrics(),
      clock: systemClock,
      ...(options.onReadBack ? { onReadBack: options.onReadBack } : {}),
    }),
    store,
    // Opened long ago: no holder before it can still be writing.
    clock: { ...systemClock, nowMs: longAgoOnce(lease.sessionTimeoutMs) },
    pauseMs: () => 1,
  });
  return { worker, lease, deadLetters };
}

/** The system's clock, but for its first answer. */
function longAgoOnce(byMs: number): () => number {
  let first = true;
  return () => {
    const nowMs = systemClock.nowMs() - (first ? byMs : 0);
    first = false;
    return nowMs;
  };
}
