// The database of a place: a client for it, and bringing it to this version.

import type { ClickHouseClient } from '@clickhouse/client';
import { migrate, openClickHouse, ttlSettings, type Migrated } from '@watchkeeper/landing';
import { accessSettings, clickhouseTls, loadSettings } from '@watchkeeper/runtime';

// Below what load balancers cut; longer statements than this have no place in a command.
const REQUEST_TIMEOUT_MS = 30_000;

/** A client with the rights of CLICKHOUSE_USER; the caller closes it. */
export function databaseClient(
  env: NodeJS.ProcessEnv,
  url: string,
  requestTimeoutMs = REQUEST_TIMEOUT_MS,
): ClickHouseClient {
  return openClickHouse({
    url,
    user: env['CLICKHOUSE_USER'] ?? 'default',
    password: env['CLICKHOUSE_PASSWORD'] ?? '',
    tls: clickhouseTls(loadSettings(accessSettings, env)),
    requestTimeoutMs,
  });
}

/** Applies the migrations that are missing and the TTLs that were set. Throws the migration's own errors. */
export async function migrateAt(env: NodeJS.ProcessEnv, url: string, database: string): Promise<Migrated> {
  const client = databaseClient(env, url);
  try {
    const ttl = loadSettings(ttlSettings, env);
    return await migrate(client, { database, cluster: env['CLICKHOUSE_CLUSTER'], ttl });
  } finally {
    await client.close();
  }
}
