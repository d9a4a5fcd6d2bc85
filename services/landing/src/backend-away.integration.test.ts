// ClickHouse stays away while records keep coming, and a rebalance falls into it: the role itself, on a real log and the real engine behind a proxy.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  hostRoles,
  kafkaLog,
  readTopics,
  silentLogger,
  type Host,
  type Lane,
  type LogAdapter,
  type Logger,
  type PartitionWorker,
} from '@watchkeeper/runtime';
import { testBackends } from '@watchkeeper/local';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openClickHouse } from './clickhouse.js';
import { faultyProxy, type FaultyProxy } from './faulty-proxy.testing.js';
import { migrate } from './migrate.js';
import { landingRole } from './service.js';
import { anEvent, eventBytes } from './test-support.js';
import { ttlSettings } from './ttl.js';

const MEBI = 1024 * 1024;
const TOPIC = 'agent.events';
const PARTITIONS = 4;
/** Kafka allows no less. */
const SESSION_MS = 6_000;
const EVENTS_AT_ONCE = 24;
/** 2.4 MB every time. */
const EVENT_BYTES = 100_000;
/** What a block takes of a partition, and so a fetch. */
const BLOCK_BYTES = MEBI;
/** A fetch of all partitions, the containers of two blocks, and what the process needs anyway. */
const MOST_HELD_BYTES = 12 * MEBI;
/** Far more comes than may be held. */
const SENT_BYTES = 2 * MOST_HELD_BYTES;
const PATIENCE = { timeout: 60_000, interval: 100 };

const backends = await testBackends();
const log = kafkaLog({
  brokers: backends.brokers.split(','),
  clientId: 'test',
  prefix: backends.topicPrefix,
  logger: silentLogger,
});
const client = openClickHouse({
  url: backends.clickhouseUrl,
  user: 'default',
  password: '',
  requestTimeoutMs: 60_000,
});
const admin = await log.admin();
const producer = await log.producer();
const warnings: string[] = [];
/** Batches that were handed to landing, by partition of agent.events. */
const deliveries = new Map<number, number>();
let proxy: FaultyProxy;
let host: Host;
let failed: unknown;
let sent = 0;

beforeAll(async () => {
  await admin.createTopics(readTopics().map((spec) => ({ ...spec, partitions: spec.name === TOPIC ? PARTITIONS : 1 })));
  await migrate(client, { database: backends.database, ttl: ttlSettings.parse({}) });
  proxy = await faultyProxy(backends.clickhouseUrl);
  const logger: Logger = Object.assign(Object.create(silentLogger) as Logger, {
    child: () => logger,
    warn: (_: unknown, message?: string) => void warnings.push(message ?? ''),
  });
  const env = {
    KAFKA_BROKERS: backends.brokers,
    TOPIC_PREFIX: backends.topicPrefix,
    KAFKA_SESSION_TIMEOUT_MS: String(SESSION_MS),
    CLICKHOUSE_URL: proxy.url,
    CLICKHOUSE_DATABASE: backends.database,
    LANDING_BLOCK_BYTES: String(BLOCK_BYTES),
    LANDING_LINGER_MS: '100',
    LANDING_INSERT_TIMEOUT_MS: '10000',
    LANDING_MIGRATE: 'false',
  };
  host = await hostRoles([landingRole], env, { logger, log: countingDeliveries(log) });
  host.done.catch((error: unknown) => (failed = error));
  await host.ready;
});

afterAll(async () => {
  await host.stop();
  await proxy.close();
  await client.command({ query: `DROP DATABASE IF EXISTS ${backends.database}` });
  await admin.deleteTopics([...(await admin.topics()).keys()]);
  await Promise.all([client.close(), producer.close(), admin.close()]);
});

function countingDeliveries(plain: LogAdapter): LogAdapter {
  const counted = (lane: Lane): Lane => ({
    ...lane,
    async open(assignment, lease) {
      const worker = await lane.open(assignment, lease);
      const { topic, partition } = assignment;
      return {
        ...worker,
        onBatch(batch) {
          if (topic === TOPIC) deliveries.set(partition, (deliveries.get(partition) ?? 0) + 1);
          return worker.onBatch(batch, lease);
        },
      };
    },
  });
  return { ...plain, consume: (options) => plain.consume({ ...options, lane: counted(options.lane) }) };
}

async function sendMore(): Promise<void> {
  const records = Array.from({ length: EVENTS_AT_ONCE }, (_, index) => ({
    key: null,
    partition: index % PARTITIONS,
    value: eventBytes(anEvent(sent + index, { output: 'x'.repeat(EVENT_BYTES) })),
  }));
  await producer.send(TOPIC, records);
  sent += EVENTS_AT_ONCE;
}

/** Bytes of buffers that somebody still holds. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

/** Rows, rows at different offsets, and what the rollup counts. */
async function stored(): Promise<unknown> {
  const query = `SELECT count() AS rows, uniqExact(kafka_partition, kafka_offset) AS offsets,
    (SELECT sum(events) FROM ${backends.database}.agent_minute) AS minutes FROM ${backends.database}.events`;
  const answer = await client.query({
    query,
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return (await answer.json())[0];
}

const everyRow = (): unknown => ({ rows: sent, offsets: sent, minutes: sent });
const generations = (): Promise<number> => host.metrics.valueOf('rebalances', { role: 'landing' });

it('holds no more than a fetch while ClickHouse is away for longer than a session, stays in its group, and says so once', async () => {
  await sendMore();
  await vi.waitFor(async () => expect(await stored()).toEqual(everyRow()), PATIENCE);
  const joined = await generations();
  const before = { heldBytes: heldBytes(), sent };
  let mostHeldBytes = 0;
  deliveries.clear();
  const awayMs = performance.now();
  proxy.hang();
  /** Away for longer than a session, and each partition tried again and again. */
  const isLong = (): boolean =>
    performance.now() - awayMs > SESSION_MS * 1.2 &&
    deliveries.size === PARTITIONS &&
    Math.min(...deliveries.values()) >= 5;
  await vi.waitFor(async () => {
    if ((sent - before.sent) * EVENT_BYTES < SENT_BYTES) await sendMore();
    mostHeldBytes = Math.max(mostHeldBytes, heldBytes() - before.heldBytes);
    if (performance.now() - awayMs > SESSION_MS / 2) await proxy.down();
    expect(isLong()).toBe(true);
  }, PATIENCE);
  expect((sent - before.sent) * EVENT_BYTES).toBeGreaterThanOrEqual(SENT_BYTES);
  expect.soft(mostHeldBytes).toBeLessThan(MOST_HELD_BYTES);
  // Each partition is paused for longer and longer: 0.2, 0.4, 0.8 … s, half of it by chance.
  expect.soft(Math.max(...deliveries.values())).toBeLessThan(12);
  expect.soft(warnings.filter((warning) => warning.includes('away'))).toHaveLength(1);
  expect(await generations(), 'nobody was thrown out').toBe(joined);
  expect(failed).toBeUndefined();
});

it('goes on from a rebalance that falls into it, and lands everything once when ClickHouse is back', async () => {
  const joined = await generations();
  const idle: PartitionWorker = {
    onBatch: () => Promise.resolve({ kind: 'again', afterMs: 60_000 }),
    close: () => Promise.resolve(),
  };
  const topics = (await admin.topics()).keys();
  const lane: Lane = {
    name: 'events',
    topics: [...topics].filter(isLanded),
    fetch: {},
    open: () => Promise.resolve(idle),
  };
  const other = await log.consume({ group: 'landing.events', lane });
  await other.joined;
  await other.stop();
  // With the other, and without it.
  await vi.waitFor(async () => expect(await generations()).toBeGreaterThanOrEqual(joined + 2), PATIENCE);
  deliveries.clear();
  await vi.waitFor(() => expect(deliveries.size).toBe(PARTITIONS), PATIENCE);
  expect(failed, 'partitions were opened with nobody to ask').toBeUndefined();
  await proxy.up();
  await vi.waitFor(async () => expect(await stored()).toEqual(everyRow()), PATIENCE);
  expect(failed).toBeUndefined();
});

/** Topics of the group landing.events. */
function isLanded(topic: string): boolean {
  return [TOPIC, 'agent.measures', 'agent.dead-letters'].includes(topic);
}
