// Reading back what a block that was begun before has left in ClickHouse, and bringing rollups up to their table.

import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { sleep } from '@watchkeeper/runtime';
import { ONE_BLOCK } from './clickhouse.js';
import { rollupUnsettled } from './errors.js';
import { least, rollupSql, type BlockRows, type RollupColumn, type RollupView } from './rollup-sql.js';
import type { BlockPlace, ReadBack } from './store.js';
import { tokenDoubt, type TokenEvidence } from './token-doubt.js';

// What other inserts have on its way into a view is there within a fraction of a second; what lacks in all looks is lost.
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 400;
const MOST_ROUNDS = 20;

export interface ReadBackOptions {
  readonly client: ClickHouseClient;
  readonly database: string;
  /** Default 400. */
  readonly betweenLooksMs?: number;
}

/** Over a client that waits long enough for a look at a month of events. */
export function clickhouseReadBack(options: ReadBackOptions): ReadBack {
  const { client, database } = options;
  const betweenLooksMs = options.betweenLooksMs ?? BETWEEN_LOOKS_MS;

  async function rows<T>(query: string, params: Record<string, unknown> = {}): Promise<T[]> {
    const result = await client.query({
      query,
      query_params: params,
      format: 'JSONEachRow',
      // A list of keys that lack something may be long.
      clickhouse_settings: { max_query_size: '67108864' },
    });
    return result.json<T>();
  }

  async function one<T>(query: string, params: Record<string, unknown>): Promise<T | undefined> {
    return (await rows<T>(query, params))[0];
  }

  const rowsOf = ({ table, logId, partition, first, last, fromMs, toMs }: BlockPlace): BlockRows => {
    const at = (ms: number): string => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;
    const month = (ms: number): string => `toStartOfMonth(${at(ms)})`;
    const ofLog = `log_id = '${logId.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}' AND kafka_partition = ${partition}`;
    return {
      database,
      table,
      isOfBlock: `${ofLog} AND kafka_offset BETWEEN ${first} AND ${last} AND kafka_timestamp BETWEEN ${at(fromMs)} AND ${at(toMs)}`,
      isNear: `kafka_timestamp >= ${month(fromMs)} AND kafka_timestamp < ${month(toMs)} + INTERVAL 1 MONTH`,
    };
  };

  /** Whatever views the migrations have put on a table. */
  async function viewsOf(table: string): Promise<RollupView[]> {
    const views = await rows<{ select: string; target: string }>(
      `SELECT as_select AS select, extract(create_table_query, ' TO \`?\\\\w+\`?\\\\.\`?(\\\\w+)') AS target FROM system.tables
       WHERE database = {database: String} AND engine = 'MaterializedView' AND has(
         (SELECT any(dependencies_table) FROM system.tables WHERE database = {database: String} AND name = {table: String}), name)
       ORDER BY name`,
      { database, table },
    );
    return Promise.all(
      views.map(async (view) => {
        const columns = await rows<{ name: string; type: string; key: number }>(
          `SELECT name, type, is_in_sorting_key OR is_in_partition_key AS key FROM system.columns
           WHERE database = {database: String} AND table = {target: String} AND default_kind != 'ALIAS' ORDER BY position`,
          { database, target: view.target },
        );
        return {
          ...view,
          columns: columns.map(({ name, type, key }): RollupColumn => ({ name, type, isKey: key === 1 })),
        };
      }),
    );
  }

  async function evidence({ table, topic, logId, partition, first }: BlockPlace): Promise<TokenEvidence> {
    const before = await one<{ at: string }>(
      `SELECT toString(toUnixTimestamp64Micro(stored_at)) AS at FROM ${database}.ledger
       WHERE log_id = {logId: String} AND topic = {topic: String} AND kafka_partition = {partition: Int32} AND first_offset < {first: Int64}
       ORDER BY first_offset DESC, stored_at LIMIT 1 BY first_offset LIMIT 1`,
      { logId, topic, partition, first },
    );
    const since = before === undefined ? undefined : Number(before.at);
    const tables = [table, ...(await viewsOf(table)).map(({ target }) => target)];
    const now = await one<
      Record<'blocks' | 'places' | 'seconds' | 'changed' | 'started' | 'at' | 'replicated', string>
    >(
      `SELECT toString((SELECT count() FROM ${database}.ledger WHERE topic = {topic: String} AND stored_at >= fromUnixTimestamp64Micro({since: Int64}, 'UTC'))) AS blocks,
         toString(min(toUInt64OrZero(extract(engine_full, 'replicated_deduplication_window = (\\\\d+)')))) AS places,
         toString(min(toUInt64OrZero(extract(engine_full, 'replicated_deduplication_window_seconds = (\\\\d+)')))) AS seconds,
         toString(max(toUnixTimestamp(metadata_modification_time))) AS changed, toString(toUnixTimestamp(now()) - uptime()) AS started,
         toString(toUnixTimestamp(now())) AS at, toString(max(startsWith(engine, 'Replicated'))) AS replicated
       FROM system.tables WHERE database = {database: String} AND name IN ({tables: Array(String)})`,
      { topic, since: since ?? 0, database, tables },
    );
    const number = (name: keyof NonNullable<typeof now>): number => Number(now?.[name] ?? 0);
    const replicated = number('replicated') > 0;
    return {
      receiptBeforeMicros: since,
      blocksSince: number('blocks'),
      windowBlocks: number('places'),
      windowSeconds: replicated ? number('seconds') : undefined,
      tablesChangedMicros: number('changed') * 1e6,
      engineStartedMicros: replicated ? undefined : number('started') * 1e6,
      nowMicros: number('at') * 1e6,
    };
  }

  async function look(sql: string): Promise<Map<string, number>> {
    const short = await rows<{ hash: string; lacking: string }>(sql);
    return new Map(short.map(({ hash, lacking }) => [hash, Number(lacking)]));
  }

  async function put(sql: string, token: string, beforeInsert: () => Promise<void>): Promise<void> {
    await beforeInsert();
    await client.command({
      query: sql,
      clickhouse_settings: { ...ONE_BLOCK, insert_deduplication_token: token, max_query_size: '67108864' },
    });
  }

  /** Keys whose lack lasted over all looks get what they lack. */
  async function mendOne(
    view: RollupView,
    block: BlockRows,
    token: string,
    beforeInsert: () => Promise<void>,
  ): Promise<number> {
    const sql = rollupSql(view, block);
    if (sql.kind === 'copies') {
      await put(sql.insert, `${token}:copies:${view.target}`, beforeInsert);
      return 0;
    }
    let mended = 0;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      let short: ReadonlyMap<string, number> = await look(sql.short);
      for (let n = 1; n < LOOKS && short.size > 0; n++) {
        await sleep(betweenLooksMs * (0.5 + Math.random()));
        short = least(short, await look(sql.short));
      }
      if (short.size === 0) return mended;
      const list = createHash('sha256')
        .update(JSON.stringify([...short]))
        .digest('hex');
      await put(sql.insert(short), `${token}:mend:${view.target}:${round}:${list}`, beforeInsert);
      mended += short.size;
    }
    throw rollupUnsettled(view.target);
  }

  return {
    doubt: async (place) => tokenDoubt(await evidence(place)),
    async isRunning(tokenStart) {
      const running = await one<{ n: string }>(
        "SELECT toString(count()) AS n FROM system.processes WHERE startsWith(Settings['insert_deduplication_token'], {tokenStart: String})",
        { tokenStart },
      );
      return Number(running?.n ?? 0) > 0;
    },
    async offsetsIn(place) {
      const found = await rows<{ offset: string }>(
        `SELECT DISTINCT toString(kafka_offset) AS offset FROM ${database}.${place.table} WHERE ${rowsOf(place).isOfBlock}`,
      );
      return new Set(found.map(({ offset }) => Number(offset)));
    },
    async mend(place, token, beforeInsert) {
      let mended = 0;
      for (const view of await viewsOf(place.table)) mended += await mendOne(view, rowsOf(place), token, beforeInsert);
      return mended;
    },
  };
}
