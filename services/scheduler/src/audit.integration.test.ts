// The whole way on real backends: records in Kafka, the landing role, rows in ClickHouse, the audit, and the scheduler's gauges.

import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { landingRole } from '@watchkeeper/landing';
import { testBackends } from '@watchkeeper/local';
import {
  createMetrics,
  hostRoles,
  kafkaLog,
  silentLogger,
  type Host,
  type LogAdmin,
  type LogProducer,
} from '@watchkeeper/runtime';
import { catalogueIds, encodeWire, tupleKey, writerTypes, type AgentEvent } from '@watchkeeper/schemas';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditLedger } from './audit.js';
import { AUDITED, DEAD_LETTERS } from './audited.js';
import { isClean } from './ledger.js';
import { schedulerRole } from './service.js';

let client: ClickHouseClient;
let admin: LogAdmin;
let producer: LogProducer;
let env: Record<string, string>;
let database: string;
let topicPrefix: string;

const eventsId = catalogueIds().idOf('AgentEvent');
const empty = writerTypes.AgentEvent.random() as unknown as AgentEvent;
const anEvent = (seq: number, session: string): Buffer =>
  encodeWire(eventsId, writerTypes.AgentEvent, {
    ...empty,
    event_id: `event-${session}-${seq}`,
    tenant_id: 't',
    session_id: session,
    agent_id: 'a',
    seq,
    occurred_at: Date.now() * 1000,
    kind: 'TOOL_CALL',
    phase: 'POINT',
    name: 'search',
    status: 'OK',
    duration_ms: 5,
    time_to_first_token_ms: null,
    score: null,
    attributes: {},
  });

beforeAll(async () => {
  const backends = await testBackends();
  ({ database, topicPrefix } = backends);
  env = {
    KAFKA_BROKERS: backends.brokers,
    CLICKHOUSE_URL: backends.clickhouseUrl,
    CLICKHOUSE_DATABASE: database,
    TOPIC_PREFIX: topicPrefix,
    LANDING_LINGER_MS: '100',
    SCHEDULER_LEDGER_CRON: '*/2 * * * * *',
    SCHEDULER_ROLLUP_PAUSE_MS: '250',
    LOG_LEVEL: 'silent',
  };
  client = createClient({ url: backends.clickhouseUrl });
  const log = kafkaLog({
    brokers: backends.brokers.split(','),
    clientId: 'test',
    prefix: topicPrefix,
    logger: silentLogger,
  });
  [admin, producer] = await Promise.all([log.admin(), log.producer()]);
  await admin.createTopics([
    ...AUDITED.map(({ topic }) => ({ name: topic, partitions: topic === 'agent.events' ? 3 : 1, config: {} })),
    { name: 'watchkeeper.once', partitions: 1, config: {} },
  ]);
});

afterAll(async () => {
  await client.command({ query: `DROP DATABASE IF EXISTS ${database}` });
  await admin.deleteTopics([...AUDITED.map(({ topic }) => topic), 'watchkeeper.once']);
  await Promise.all([client.close(), admin.close(), producer.close()]);
});

const audit = (sinceMs?: number, through: typeof admin = admin) =>
  auditLedger({
    client,
    admin: through,
    database,
    topicPrefix,
    repeated: true,
    rollups: true,
    ...(sinceMs === undefined ? {} : { sinceMs }),
  });
const HOUR_MS = 3_600_000;

describe('the ledger on real backends', () => {
  it(
    'is clean after landing, counts repeated sends and dead letters, and finds what is removed or doubled',
    { timeout: 180_000 },
    async () => {
      const sessions = Array.from({ length: 20 }, (_, i) => `session-${i}`);
      const records = sessions.flatMap((session) =>
        Array.from({ length: 25 }, (_, seq) => ({ key: tupleKey('t', session), value: anEvent(seq, session) })),
      );
      await producer.send('agent.events', [...records, records[0]!, { key: 'bad', value: Buffer.from('not avro') }]);
      const metrics = createMetrics();
      const host: Host = await hostRoles([landingRole, schedulerRole], env, { metrics, logger: silentLogger });
      try {
        await host.ready;
        const clean = await vi.waitFor(
          async () => {
            const ledger = await audit();
            expect(ledger).toMatchObject({ lag: 0, landed: 502 });
            return ledger;
          },
          { timeout: 30_000, interval: 200 },
        );
        // 501 events (one twice) and the dead letter of the 502nd record, itself a row of its own topic.
        expect(clean).toMatchObject({ gaps: 0, duplicates: 0, beyondEnd: 0, repeatedEvents: 1, rollups: [] });
        expect(isClean(clean)).toBe(true);
        expect(await audit(Date.now() - HOUR_MS)).toMatchObject({ ...clean, since: expect.any(String) as string });
        expect(clean.partitions.filter((line) => line.deadLettered > 0)).toMatchObject([
          { topic: 'agent.events', deadLettered: 1 },
        ]);
        await vi.waitFor(
          async () => expect(await metrics.valueOf('jobRuns', { job: 'ledger', outcome: 'clean' })).toBeGreaterThan(0),
          { timeout: 30_000, interval: 200 },
        );
        const command = (query: string) => client.command({ query: query.replaceAll('{db}', database) });
        // A letter that lands while the audit looks, between its record's receipt and its own topic's commit.
        await command(`CREATE TABLE {db}.letters_under_way AS {db}.dead_letters ENGINE = Memory`);
        await command(`INSERT INTO {db}.letters_under_way SELECT * FROM {db}.dead_letters`);
        await command(`TRUNCATE TABLE {db}.dead_letters`);
        const landsMeanwhile: LogAdmin = {
          ...admin,
          committed: async (group, topic) => {
            if (topic === DEAD_LETTERS)
              await command(`INSERT INTO {db}.dead_letters SELECT * FROM {db}.letters_under_way`);
            return admin.committed(group, topic);
          },
        };
        expect(await audit(undefined, landsMeanwhile)).toMatchObject({ gaps: 0, landed: 502 });
        // A rollup alone that counted a block twice, found by both ways of looking.
        await command(`INSERT INTO {db}.agent_minute SELECT * FROM {db}.agent_minute LIMIT 1`);
        const [twice] = (await audit()).rollups ?? [];
        expect(twice).toMatchObject({ table: 'agent_minute', missing: 0, keys: 1 });
        expect(twice!.extra).toBeGreaterThan(0);
        expect((await audit(Date.now() - HOUR_MS)).rollups).toContainEqual({ ...twice, keys: null });
        // A row twice, and what the views made of it; then rows gone.
        await command(`INSERT INTO {db}.events SELECT * FROM {db}.events WHERE seq = 3 AND session_id = 'session-1'`);
        const doubled = await audit();
        expect(doubled).toMatchObject({ gaps: 0, duplicates: 1 });
        expect(isClean(doubled)).toBe(false);
        await command(`ALTER TABLE {db}.events DELETE WHERE seq = 3 SETTINGS mutations_sync = 1`);
        const gone = await audit();
        expect(gone).toMatchObject({ gaps: 20, duplicates: 0 });
        expect(gone.rollups?.find((fault) => fault.table === 'session_parts')).toMatchObject({ extra: 21, keys: 20 });
        const faults = await client.query({ query: `SELECT * FROM ${database}.ledger_faults`, format: 'JSONEachRow' });
        expect((await faults.json<{ receipt_rows: string; rows_there: string }>()).length).toBeGreaterThan(0);
        // A letter that a receipt speaks of and that is nowhere.
        await command(`ALTER TABLE {db}.dead_letters DELETE WHERE topic = 'agent.events' SETTINGS mutations_sync = 1`);
        const letterless = await audit();
        expect(letterless.gaps).toBe(22);
        // Receipts gone.
        await command(`ALTER TABLE {db}.ledger DELETE WHERE topic = 'agent.events' SETTINGS mutations_sync = 1`);
        expect((await audit()).gaps).toBeGreaterThanOrEqual(502);
        await vi.waitFor(
          async () =>
            expect(await metrics.valueOf('ledgerGaps', { topic: 'agent.events', scope: 'recent' })).toBeGreaterThan(
              500,
            ),
          { timeout: 30_000, interval: 200 },
        );
        expect(await metrics.valueOf('rollupFaults', { table: 'session_parts', scope: 'recent' })).toBeGreaterThan(0);
      } finally {
        await host.stop();
      }
    },
  );
});
