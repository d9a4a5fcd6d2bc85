// Migrations on the real engine: twice, two at once, changed afterwards, TTL proved by reading back, lives of the log.

import { testBackends } from '@watchkeeper/local';
import { noTopic } from '@watchkeeper/runtime';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClickHouse } from './clickhouse.js';
import { beginTopicLife, openTopicLives, topicLives } from './log-life.js';
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

describe('lives of topics', () => {
  const at = (cluster: string, ids: Record<string, string>, topicPrefix = 'fleet.') => ({
    client,
    database,
    topicPrefix,
    topics: ['agent.events', 'agent.detections'],
    admin: {
      clusterId: () => Promise.resolve(cluster),
      lifeOf: (topic: string) => {
        const id = ids[topic];
        return id === undefined ? Promise.reject(noTopic(topic)) : Promise.resolve(id);
      },
    },
  });
  const first = () => at('one', { 'agent.events': 'a', 'agent.detections': 'b' });

  it('begin with one, go on over restarts, and stop where a topic was made anew, until a person says so', async () => {
    for (let starts = 0; starts < 2; starts += 1) {
      const logIdOf = await openTopicLives(first());
      expect([logIdOf('agent.events'), logIdOf('agent.detections')]).toEqual(['one/fleet.@1', 'one/fleet.@1']);
    }
    const again = at('one', { 'agent.events': 'a2', 'agent.detections': 'b' });
    await expect(openTopicLives(again)).rejects.toMatchObject({ code: 'WK_LOG_REPLACED' });
    const [events] = await topicLives(again);
    expect(await beginTopicLife(again, events!)).toBe('one/fleet.@2');
    const logIdOf = await openTopicLives(again);
    expect([logIdOf('agent.events'), logIdOf('agent.detections')]).toEqual(['one/fleet.@2', 'one/fleet.@1']);
    // The old one again, say by a broker restored from a copy: it is not the life that goes on.
    await expect(openTopicLives(first())).rejects.toMatchObject({ code: 'WK_LOG_REPLACED' });
  });

  it('are begun once by members that start together', async () => {
    const together = at('one', { 'agent.detections': 'b' });
    const fresh = { ...together, topicPrefix: 'fresh.' };
    const [seen] = await topicLives(fresh, true);
    expect(seen?.kind).toBe('none');
    expect([await beginTopicLife(fresh, seen!), await beginTopicLife(fresh, seen!)]).toEqual([
      'one/fresh.@1',
      'one/fresh.@1',
    ]);
    expect((await openTopicLives(fresh))('agent.detections')).toBe('one/fresh.@1');
  });

  it('refuse another Kafka beside rows of the first, but not another fleet on it', async () => {
    const other = at('two', { 'agent.events': 'z' });
    await expect(openTopicLives(other)).rejects.toMatchObject({ code: 'WK_OTHER_CLUSTER' });
    expect((await openTopicLives(at('two', { 'agent.events': 'y' }, '')))('agent.events')).toBe('two@1');
    const [events] = await topicLives(other, true);
    expect(await beginTopicLife(other, events!)).toBe('two/fleet.@1');
    expect((await openTopicLives(other))('agent.events')).toBe('two/fleet.@1');
  });

  it('go on with the epoch of a database from before topics had lives', async () => {
    await client.command({
      query: `INSERT INTO ${database}.log_lives (cluster_id, epoch) SELECT 'old/fleet.', 3`,
      clickhouse_settings: { async_insert: 0 },
    });
    expect((await openTopicLives(at('old', { 'agent.events': 'c' })))('agent.events')).toBe('old/fleet.@3');
  });
});
