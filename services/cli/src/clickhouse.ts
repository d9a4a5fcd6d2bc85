// The CLI's way into ClickHouse: one client, rows as objects, errors as sentences.

import { createClient, ClickHouseError, ClickHouseLogLevel, type ClickHouseClient } from '@clickhouse/client';
import { accessSettings, clickhouseTls, loadSettings } from '@watchkeeper/runtime';
import { clickhouseAway, sqlFailed } from './errors.js';

export interface ClickHouseTarget {
  readonly url: string;
  readonly database: string;
  readonly username?: string;
  readonly password?: string;
}

/** A named user with its own password; else the environment's. */
function userOf({ username, password }: ClickHouseTarget, env: NodeJS.ProcessEnv): object {
  const named = username ?? env['CLICKHOUSE_USER'];
  const word = username === undefined ? env['CLICKHOUSE_PASSWORD'] : password;
  return { ...(named && { username: named }), ...(word && { password: word }) };
}

/** Runs SQL and closes. Throws WK_CLICKHOUSE_AWAY (exit 3) or WK_SQL (exit 2). */
export interface Sql {
  rows<T>(query: string, params?: Record<string, unknown>): Promise<T[]>;
  /** The answer in a named format, as ClickHouse wrote it. */
  text(query: string, format: string): Promise<NodeJS.ReadableStream>;
  command(query: string): Promise<void>;
  close(): Promise<void>;
}

export function openSql(target: ClickHouseTarget, env: NodeJS.ProcessEnv = process.env): Sql {
  const tls = clickhouseTls(loadSettings(accessSettings, env));
  const client: ClickHouseClient = createClient({
    url: target.url,
    database: target.database,
    request_timeout: 30_000,
    log: { level: ClickHouseLogLevel.OFF },
    ...userOf(target, env),
    ...(tls && { tls }),
  });
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof ClickHouseError) throw sqlFailed(error.message.split('\n')[0] ?? '', error);
      throw clickhouseAway(target.url, error);
    }
  };
  return {
    rows: async <T>(query: string, params: Record<string, unknown> = {}) =>
      told(client.query({ query, query_params: params, format: 'JSONEachRow' }).then((answer) => answer.json<T>())),
    text: async (query, format) =>
      told(
        client
          .exec({ query: `${query.trim().replace(/;+\s*$/, '')}\nFORMAT ${format}` })
          .then((answer) => answer.stream),
      ),
    command: async (query) => {
      await told(client.command({ query }));
    },
    close: () => client.close(),
  };
}
