// Which Kafka and ClickHouse a command talks to: the given ones, or those of this machine.

import { ensureClickHouse, ensureKafka, status } from '@watchkeeper/local';
import { noBackend } from '../errors.js';

export interface Backends {
  readonly brokers: string;
  readonly clickhouseUrl: string;
}

/** KAFKA_BROKERS and CLICKHOUSE_URL where set; what is not given is started (or found again) under `dataDir`. */
export async function openBackends(
  env: NodeJS.ProcessEnv,
  dataDir: string,
  say: (line: string) => void,
): Promise<Backends> {
  const [brokers, clickhouseUrl] = await Promise.all([
    env['KAFKA_BROKERS'] ?? ensureKafka({ dataDir, log: say }).then((kafka) => kafka.brokers),
    env['CLICKHOUSE_URL'] ?? ensureClickHouse({ dataDir, log: say }).then((clickhouse) => clickhouse.url),
  ]);
  return { brokers, clickhouseUrl };
}

/** The same, but starts nothing. Throws WK_NO_BACKEND where one is neither given nor running. */
export async function findBackends(env: NodeJS.ProcessEnv, dataDir: string): Promise<Backends> {
  const [brokers, clickhouseUrl] = await Promise.all([findKafka(env, dataDir), findClickHouse(env, dataDir)]);
  return { brokers, clickhouseUrl };
}

/** Bootstrap brokers, for what needs no more. Throws WK_NO_BACKEND. */
export async function findKafka(env: NodeJS.ProcessEnv, dataDir: string): Promise<string> {
  const brokers = env['KAFKA_BROKERS'] ?? (await status({ dataDir })).kafka?.brokers;
  if (brokers === undefined) throw noBackend('Kafka', 'KAFKA_BROKERS', dataDir);
  return brokers;
}

/** A URL, for what needs no more. Throws WK_NO_BACKEND. */
export async function findClickHouse(env: NodeJS.ProcessEnv, dataDir: string): Promise<string> {
  const url = env['CLICKHOUSE_URL'] ?? (await status({ dataDir })).clickhouse?.url;
  if (url === undefined) throw noBackend('ClickHouse', 'CLICKHOUSE_URL', dataDir);
  return url;
}
