// Reading back what a block that was begun before has left in ClickHouse, and bringing rollups up to their table.

import { createHash, randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { sleep } from '@watchkeeper/runtime';
import { ONE_BLOCK } from './clickhouse.js';
import { rollupUnsettled } from './errors.js';
import { blockOfToken } from './intent.js';
import { quote } from './quote.js';
import { rollupSql, type BlockRows, type RollupColumn, type RollupView } from './rollup-sql.js';
import type { BlockPlace, ReadBack } from './store.js';
import { tokenDoubt, type TokenEvidence } from './token-doubt.js';

// What other inserts have on its way into a view is there within a fraction of a second, unless the engine is busy.
const BETWEEN_LOOKS_MS = 400;
const PATIENCE_MS = 30_000;

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
    return {
      database,
      table,
      isOfBlock: `${isOfLog(logId, partition)} AND kafka_offset BETWEEN ${first} AND ${last} AND kafka_timestamp BETWEEN ${at(fromMs)} AND ${at(toMs)}`,
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

  /**
   * A condition that holds for rows whose inserts have ended, well or not: what they lack in a rollup is lost, and not on its way. Rows are seen
   * before the inserts at work are asked for, so an insert whose rows were seen is either among those or over.
   */
  async function settledRows(topic: string, { table, isNear }: BlockRows): Promise<string> {
    const seen = await rows<{ log: string; partition: number; last: string }>(
      `SELECT log_id AS log, kafka_partition AS partition, toString(max(kafka_offset)) AS last FROM ${database}.${table} WHERE ${isNear} GROUP BY log_id, kafka_partition`,
    );
    const running = await rows<{ token: string }>(
      "SELECT Settings['insert_deduplication_token'] AS token FROM system.processes WHERE position(token, {topic: String}) > 0",
      { topic: `:${topic}:` },
    );
    const lastSeen = seen.map(({ log, partition, last }) => `${isOfLog(log, partition)}, ${last}, `);
    const atWork = running.flatMap(({ token }) => {
      const block = blockOfToken(token, topic);
      if (block === undefined) return [];
      return ` AND NOT (${isOfLog(block.logId, block.partition)} AND kafka_offset BETWEEN ${block.first} AND ${block.last})`;
    });
    return `kafka_offset <= multiIf(${lastSeen.join('')}-1)${atWork.join('')}`;
  }

  /** One at a time of each `queryId`: ClickHouse refuses a query while another of that id is at work. */
  async function put(sql: string, token: string, queryId: string, beforeInsert: () => Promise<void>): Promise<void> {
    await beforeInsert();
    await client.command({
      query: sql,
      query_id: queryId,
      clickhouse_settings: { ...ONE_BLOCK, insert_deduplication_token: token, max_query_size: '67108864' },
    });
  }

  /** Keys that lack settled rows get them; until none lacks any row. */
  async function mendOne(
    view: RollupView,
    place: BlockPlace,
    token: string,
    beforeInsert: () => Promise<void>,
  ): Promise<number> {
    const block = rowsOf(place);
    const sql = rollupSql(view, block);
    if (sql.kind === 'copies') {
      await put(sql.insert, `${token}:copies:${view.target}`, randomUUID(), beforeInsert);
      return 0;
    }
    let mended = 0;
    const untilMs = performance.now() + PATIENCE_MS;
    for (let round = 0; performance.now() < untilMs; round++) {
      const isSettled = await settledRows(place.topic, block);
      const short = await look(sql.short(isSettled));
      if (short.size === 0) return mended;
      const lost = new Map([...short].filter(([, lacking]) => lacking > 0));
      if (lost.size === 0) {
        await sleep(betweenLooksMs * (0.5 + Math.random()));
        continue;
      }
      const list = createHash('sha256')
        .update(JSON.stringify([...lost]))
        .digest('hex');
      // Two that mend one rollup at once would both find the same rows lost.
      const queryId = `watchkeeper-mend:${database}.${view.target}`;
      await put(sql.insert(isSettled, lost), `${token}:mend:${view.target}:${round}:${list}`, queryId, beforeInsert);
      mended += lost.size;
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
      for (const view of await viewsOf(place.table)) mended += await mendOne(view, place, token, beforeInsert);
      return mended;
    },
  };
}

const isOfLog = (logId: string, partition: number): string =>
  `log_id = ${quote(logId)} AND kafka_partition = ${partition}`;
