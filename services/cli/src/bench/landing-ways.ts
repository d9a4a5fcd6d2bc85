// Three ways from a topic into ClickHouse: ours, decode + JSONEachRow, and ClickHouse's own Kafka engine.

import { fork } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { catalogueIds } from '@watchkeeper/schemas';
import { roleEnvironment } from '../stack/environment.js';
import type { Pids } from './cpu.js';
import { startGroups, type Bench, type Site } from './place.js';

export const NAIVE_GROUP = 'naive';

/** A way at work. */
export interface Way {
  readonly pids: Pids;
  stop(): Promise<void>;
}

/** The landing role alone. */
export function landingWay(bench: Bench, site: Site): Promise<Way> {
  return startGroups(bench, site.place, [['landing']]);
}

const bin = fileURLToPath(new URL('../../bin/watchkeeper.js', import.meta.url));

/** Decode, JSON, insert: naive.ts in a process of its own. */
export async function naiveWay(bench: Bench, site: Site): Promise<Way> {
  const child = fork(bin, ['bench-naive'], { env: { ...process.env, ...roleEnvironment(bench.backends, site.place) } });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', () => reject(new Error('The naive way ended before it was ready.')));
  });
  return {
    pids: { naive: child.pid ?? -1 },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** ClickHouse's Kafka engine with AvroConfluent and a view, two consumers. */
export async function engineWay(bench: Bench, { sql, place }: Site): Promise<Way> {
  const registry = await serveCatalogue();
  const { port } = registry.address() as AddressInfo;
  const columns = await sql.rows<{ name: string; type: string }>(
    `SELECT name, type FROM system.columns WHERE database = {database: String} AND table = 'events' AND default_kind = ''
     AND name NOT IN ('log_id', 'kafka_partition', 'kafka_offset', 'kafka_timestamp', 'occurred_at_raw') ORDER BY position`,
    { database: place.database },
  );
  const names = columns.map(({ name }) => `\`${name}\``).join(', ');
  const types = columns.map(({ name, type }) => `\`${name}\` ${plainType(type)}`).join(', ');
  await sql.command(`CREATE TABLE kafka_events (${types}) ENGINE = Kafka SETTINGS
    kafka_broker_list = '${bench.backends.brokers}', kafka_topic_list = '${place.topicPrefix}agent.events',
    kafka_group_name = '${place.topicPrefix}engine', kafka_format = 'AvroConfluent',
    format_avro_schema_registry_url = 'http://127.0.0.1:${port}',
    kafka_num_consumers = 2, kafka_thread_per_consumer = 1, kafka_max_block_size = 50000, kafka_poll_max_batch_size = 50000,
    kafka_flush_interval_ms = 2000`);
  await sql.command(`CREATE MATERIALIZED VIEW kafka_to_events TO events AS
    SELECT ${names}, 'bench' AS log_id, toInt32(_partition) AS kafka_partition, toInt64(_offset) AS kafka_offset,
      ifNull(_timestamp_ms, toDateTime64(0, 3, 'UTC')) AS kafka_timestamp FROM kafka_events`);
  return {
    pids: {},
    async stop() {
      await sql.command('DROP VIEW kafka_to_events SYNC');
      await sql.command('DROP TABLE kafka_events SYNC');
      registry.close();
    },
  };
}

function plainType(type: string): string {
  return type.replaceAll(/LowCardinality\(([^)]*)\)/g, '$1');
}

/** The catalogue at a registry's path, which is all that the engine asks. */
async function serveCatalogue(): Promise<Server> {
  const ids = catalogueIds();
  const server = createServer((request, response) => {
    const id = /^\/schemas\/ids\/(\d+)/.exec(request.url ?? '')?.[1];
    const schema = id === undefined ? undefined : ids.schemaOf(Number(id));
    response.writeHead(schema === undefined ? 404 : 200, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
    response.end(JSON.stringify(schema === undefined ? { error_code: 40403 } : { schema: JSON.stringify(schema) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
