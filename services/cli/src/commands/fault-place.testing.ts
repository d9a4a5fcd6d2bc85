// What tests of the broker's faults share: few topics of their own, roles in this process, and the ledger.

import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { testBackends } from '@watchkeeper/local';
import {
  hostRoles,
  kafkaLog,
  readTopics,
  silentLogger,
  type Compression,
  type Host,
  type HostOptions,
  type LogAdmin,
  type LogAdapter,
  type Role,
} from '@watchkeeper/runtime';
import { auditLedger, type Ledger } from '@watchkeeper/scheduler';
import { vi } from 'vitest';
import { migrateAt } from '../stack/database.js';

export interface FaultPlace {
  readonly admin: LogAdmin;
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly topicPrefix: string;
  readonly brokers: readonly string[];
  readonly clickhouseUrl: string;
  log(compression?: Compression): LogAdapter;
  /** Starts roles and waits until they have joined. */
  host(roles: readonly Role[], env?: Readonly<Record<string, string>>, options?: HostOptions): Promise<Host>;
  ledger(): Promise<Ledger>;
  /** Waits until `wanted` holds of the ledger. */
  settled(wanted: (ledger: Ledger) => void): Promise<Ledger>;
  count(what: string): Promise<number>;
  close(): Promise<void>;
}

/** What the ledger says where nothing is missing, twice or miscounted: to be matched, for a failure then says which figure it was. */
export const NOTHING_WRONG = { gaps: 0, duplicates: 0, beyondEnd: 0, rollups: [] };

/** Topics with `partitions` for agent.events and the changelogs over it, one for the others; tables made. */
export async function faultPlace(partitions = 2): Promise<FaultPlace> {
  const { brokers, clickhouseUrl, topicPrefix, database } = await testBackends();
  const log = (compression: Compression = 'none'): LogAdapter =>
    kafkaLog({
      brokers: brokers.split(','),
      clientId: 'test',
      prefix: topicPrefix,
      compression,
      logger: silentLogger,
    });
  const admin = await log().admin();
  const client = createClient({ url: clickhouseUrl });
  await migrateAt({}, clickhouseUrl, database);
  await admin.createTopics(
    readTopics().map((spec) => ({ ...spec, partitions: spec.name.includes('agent.events') ? partitions : 1 })),
  );
  const hosts: Host[] = [];
  const ledger = (): Promise<Ledger> => auditLedger({ client, admin, database, topicPrefix, rollups: true });
  return {
    admin,
    client,
    database,
    topicPrefix,
    brokers: brokers.split(','),
    clickhouseUrl,
    log,
    async host(roles, env = {}, options = {}) {
      const host = await hostRoles(
        roles,
        {
          KAFKA_BROKERS: brokers,
          CLICKHOUSE_URL: clickhouseUrl,
          CLICKHOUSE_DATABASE: database,
          TOPIC_PREFIX: topicPrefix,
          LANDING_LINGER_MS: '100',
          CHECKPOINT_MS: '200',
          LOG_LEVEL: 'silent',
          ...env,
        },
        { logger: silentLogger, ...options },
      );
      hosts.push(host);
      await host.ready;
      return host;
    },
    ledger,
    settled: (wanted) =>
      vi.waitFor(
        async () => {
          const found = await ledger();
          wanted(found);
          return found;
        },
        { timeout: 60_000, interval: 300 },
      ),
    async count(what) {
      const answer = await client.query({
        query: `SELECT count() AS n FROM ${database}.${what}`,
        format: 'JSONEachRow',
      });
      return Number((await answer.json<{ n: string }>())[0]?.n);
    },
    async close() {
      await Promise.all(hosts.map((host) => host.stop()));
      await client.command({ query: `DROP DATABASE IF EXISTS ${database}` });
      await admin.deleteTopics([...(await admin.topics()).keys()]);
      await Promise.all([admin.close(), client.close()]);
    },
  };
}
