// Migrations on the real engine: twice, two at once, changed afterwards, TTL proved by reading back, lives of the log.

import { testBackends } from '@watchkeeper/local';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClickHouse } from './clickhouse.js';
import { beginLogLife, clusterName, currentLogId } from './log-life.js';
import { migrate, readMigrations } from './migrate.js';
import { ttlByTable, ttlSettings } from './ttl.js';

let client: ClickHouseClient;
let database: string;
const ttl = ttlSettings.parse({});
const names = readMigrations().map((migration) => migration.name);

beforeAll(async () => {
  const backends = await testBackends();
  database = backends.database;
  client = openClickHouse({ url: backends.clickhouseUrl, user: 'default', password: '', requestTimeoutMs: 60_000 });
});

afterAll(async () => {
  for (const name of [database, `${database}_pair`, `${database}_changed`])
    await client.command({ query: `DROP DATABASE IF EXISTS ${name}` });
  await client.close();
});

async function tablesOf(name: string): Promise<unknown[]> {
  const result = await client.query({
    query: `SELECT name, engine, create_table_query AS text FROM system.tables WHERE database = '${name}' ORDER BY name`,
    format: 'JSONEachRow',
  });
  return result.json();
}

describe('migrate', () => {
  it('applies all, and nothing the second time', async () => {
    expect((await migrate(client, { database, ttl })).applied).toEqual(names);
    const tables = await tablesOf(database);
    expect(await migrate(client, { database, ttl })).toEqual({ applied: [], ttlChanged: [] });
    expect(await tablesOf(database)).toEqual(tables);
  });

  it('ends in the same tables when two run at once', async () => {
    const pair = `${database}_pair`;
    await Promise.all([migrate(client, { database: pair, ttl }), migrate(client, { database: pair, ttl })]);
    const shape = async (name: string) =>
      (await tablesOf(name)).map((table) => JSON.stringify(table).replaceAll(name, 'db'));
    expect(await shape(pair)).toEqual(await shape(database));
    expect(await migrate(client, { database: pair, ttl })).toEqual({ applied: [], ttlChanged: [] });
  });

  it('refuses a file that was changed after it was applied', async () => {
    const changed = `${database}_changed`;
    const first = {
      name: '0001_first',
      number: 1,
      text: 'CREATE TABLE IF NOT EXISTS {{database}}.t (a Int8) ENGINE = {{MergeTree}} ORDER BY a;',
    };
    const run = (text: string) => migrate(client, { database: changed, ttl, migrations: [{ ...first, text }] });
    await expect(run(first.text)).rejects.toThrow('events');
    await expect(run(`${first.text} -- changed`)).rejects.toMatchObject({ code: 'WK_MIGRATION_CHANGED' });
    await expect(
      migrate(client, {
        database: changed,
        ttl,
        migrations: [first, { name: '0002_bad', number: 2, text: 'CREATE NONSENSE;' }],
      }),
    ).rejects.toMatchObject({ code: 'WK_MIGRATION_FAILED' });
  });

  it('changes a TTL by its setting, reads it back from the table, and removes it at 0', async () => {
    const settings = { ...ttl, EVENTS_TTL_DAYS: 30, LEDGER_TTL_DAYS: 0 };
    expect((await migrate(client, { database, ttl: settings })).ttlChanged).toEqual(['events', 'ledger']);
    const days = await ttlByTable(client, database);
    expect([days.get('events'), days.get('ledger'), days.get('agent_minute')]).toEqual([30, 0, 400]);
    expect((await migrate(client, { database, ttl })).ttlChanged).toEqual(['events', 'ledger']);
  });
});

describe('lives of the log', () => {
  it('begin with one, go on over restarts, and rise when a person says so', async () => {
    const cluster = clusterName('cluster', 'fleet.');
    expect(await currentLogId(client, database, cluster)).toBe('cluster/fleet.@1');
    expect(await currentLogId(client, database, cluster)).toBe('cluster/fleet.@1');
    expect(await beginLogLife(client, database, cluster)).toBe('cluster/fleet.@2');
    expect(await currentLogId(client, database, cluster)).toBe('cluster/fleet.@2');
    expect(await currentLogId(client, database, clusterName('cluster', ''))).toBe('cluster@1');
  });
});
