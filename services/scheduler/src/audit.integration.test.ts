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
import { catalogue, encodeWire, tupleKey, writerTypes, type AgentEvent } from '@watchkeeper/schemas';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditLedger } from './audit.js';
import { AUDITED } from './audited.js';
import { schedulerRole } from './service.js';

let client: ClickHouseClient;
let admin: LogAdmin;
let producer: LogProducer;
let env: Record<string, string>;
let database: string;
let topicPrefix: string;

const eventsId = catalogue.find((entry) => entry.schema === 'AgentEvent')?.id ?? -1;
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
    SCHEDULER_LEDGER_CRON: '* * * * * *',
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

const audit = () => auditLedger({ client, admin, database, topicPrefix, repeated: true });

describe('the ledger on real backends', () => {
  it(
    'is clean after landing, counts repeated sends and dead letters, and finds what is removed or doubled',
    { timeout: 90_000 },
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
        expect(clean).toMatchObject({ gaps: 0, duplicates: 0, repeatedEvents: 1 });
        expect(clean.partitions.filter((line) => line.deadLettered > 0)).toMatchObject([
          { topic: 'agent.events', deadLettered: 1 },
        ]);
        await vi.waitFor(
          async () => expect(await metrics.valueOf('jobRuns', { job: 'ledger', outcome: 'clean' })).toBeGreaterThan(0),
          { timeout: 15_000, interval: 200 },
        );
        await client.command({
          query: `INSERT INTO ${database}.events SELECT * FROM ${database}.events WHERE seq = 3 AND session_id = 'session-1'`,
        });
        expect(await audit()).toMatchObject({ gaps: 0, duplicates: 1 });
        await client.command({
          query: `ALTER TABLE ${database}.events DELETE WHERE seq = 3 SETTINGS mutations_sync = 1`,
        });
        expect(await audit()).toMatchObject({ gaps: 20, duplicates: 0 });
        await vi.waitFor(async () => expect(await metrics.valueOf('ledgerGaps', { topic: 'agent.events' })).toBe(20), {
          timeout: 15_000,
          interval: 200,
        });
      } finally {
        await host.stop();
      }
    },
  );
});
