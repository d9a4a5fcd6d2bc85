// Rollups against the events: a rollup that counted twice is as wrong as a row that is there twice.
//
// What a rollup must hold is what the view that feeds it says of the events: the view's own statement is asked, so no second
// definition can go stale.

import { isDeepStrictEqual } from 'node:util';
import { sleep } from '@watchkeeper/runtime';
import type { RollupFault } from './ledger.js';
import type { LedgerQueries } from './ledger-queries.js';

interface Rollup {
  readonly table: string;
  readonly feed: string;
  /** The column that counts events or calls. */
  readonly count: string;
}

const ROLLUPS: readonly Rollup[] = [
  { table: 'agent_minute', feed: 'agent_minute_feed', count: 'events' },
  { table: 'tool_minute', feed: 'tool_minute_feed', count: 'calls' },
  { table: 'model_hour', feed: 'model_hour_feed', count: 'calls' },
  { table: 'session_parts', feed: 'session_feed', count: 'events' },
];

export const ROLLUP_TABLES: readonly string[] = ROLLUPS.map(({ table }) => table);

// An insert's rows and those of its views become readable one after the other: a difference that is no fault is gone, or another one, at a later look.
const LOOKS = 8;
const ENOUGH_ALIKE = 3;
/** An insert that goes through takes milliseconds for it. */
const PAUSE_MS = 250;

/** How the looks at the rollups are spaced. */
export interface Patience {
  /** Between two looks; default 250. One that is tried again after a fault takes seconds. */
  readonly pauseMs?: number;
  /** Aborted: no further look is worth its time. */
  readonly signal?: AbortSignal;
}

/**
 * Compares the rollups with the events. Without `sinceMs` key by key and column by column, over all months of which every event is still there;
 * with it by totals of the months since then, from the rollups and the number of events alone.
 */
export async function rollupFaults(
  ask: LedgerQueries,
  sinceMs: number | undefined,
  { pauseMs = PAUSE_MS, signal }: Patience = {},
): Promise<RollupFault[]> {
  let least: readonly RollupFault[] | undefined;
  let alike = 0;
  for (let look = 1; ; look += 1) {
    const found = sinceMs === undefined ? await byKey(ask) : await byMonth(ask, sinceMs);
    const next = least === undefined ? found : least.map((before) => leastOf(before, found));
    alike = isDeepStrictEqual(next, least) ? alike + 1 : 1;
    least = next.filter(({ extra, missing, keys }) => extra + missing + (keys ?? 0) > 0);
    if (least.length === 0 || alike === ENOUGH_ALIKE || look === LOOKS || signal?.aborted === true) return [...least];
    await sleep(pauseMs, signal);
  }
}

function leastOf(before: RollupFault, found: readonly RollupFault[]): RollupFault {
  const now = found.find(({ table }) => table === before.table);
  return {
    table: before.table,
    extra: Math.min(before.extra, now?.extra ?? 0),
    missing: Math.min(before.missing, now?.missing ?? 0),
    keys: before.keys === null ? null : Math.min(before.keys, now?.keys ?? 0),
  };
}

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly isKey: number;
}

async function byKey(ask: LedgerQueries): Promise<RollupFault[]> {
  const { database, rows } = ask;
  const columns = await rows<Column>(
    `SELECT table, name, type, toUInt8(is_in_sorting_key OR is_in_partition_key) AS isKey FROM system.columns
     WHERE database = {database: String} AND table IN {tables: Array(String)} ORDER BY table, position`,
    { database, tables: ROLLUPS.map(({ table }) => table) },
  );
  const feeds = new Map(
    (
      await rows<{ name: string; statement: string }>(
        `SELECT name, as_select AS statement FROM system.tables WHERE database = {database: String} AND name IN {feeds: Array(String)}`,
        { database, feeds: ROLLUPS.map(({ feed }) => feed) },
      )
    ).map(({ name, statement }) => [name, statement]),
  );
  const from = await firstWholeMonth(ask);
  const faults: RollupFault[] = [];
  for (const { table, feed, count } of ROLLUPS) {
    const own = columns.filter((column) => column.table === table);
    const keys = own.filter(({ isKey }) => isKey === 1).map(({ name }) => name);
    const values = own.filter(({ isKey }) => isKey === 0);
    const statement = feeds.get(feed);
    if (statement === undefined) continue;
    const folded = values.map(({ name, type }) => `${foldOf(type)}(${name}) AS ${name}`).join(', ');
    // As the table's own types: a view may say 1 where the column says true.
    const names = values.map(({ name, type }) => `toString(CAST(${name}, ${text(plainType(type))}))`).join(', ');
    const [found] = await rows<{ extra: string; missing: string; keys: string }>(
      `SELECT sum(greatest(held - wanted, 0)) AS extra, sum(greatest(wanted - held, 0)) AS missing, countIf(looks < 2 OR hash_least != hash_most) AS keys
       FROM
       (
         SELECT ${keys.join(', ')}, sumIf(n, is_rollup) AS held, sumIf(n, NOT is_rollup) AS wanted, count() AS looks, min(hash) AS hash_least, max(hash) AS hash_most
         FROM
         (
           SELECT ${keys.join(', ')}, toInt64(${count}) AS n, sipHash64(${names}) AS hash, true AS is_rollup
           FROM (SELECT ${keys.join(', ')}, ${folded} FROM ${database}.${table} GROUP BY ${keys.join(', ')})
           UNION ALL
           SELECT ${keys.join(', ')}, toInt64(${count}) AS n, sipHash64(${names}) AS hash, false AS is_rollup FROM (${statement})
         )
         WHERE kafka_month >= toDate({from: String}) GROUP BY ${keys.join(', ')}
       )`,
      { from },
    );
    faults.push({
      table,
      extra: Number(found?.extra ?? 0),
      missing: Number(found?.missing ?? 0),
      keys: Number(found?.keys ?? 0),
    });
  }
  return faults;
}

async function byMonth(ask: LedgerQueries, sinceMs: number): Promise<RollupFault[]> {
  const { database, rows } = ask;
  const sinceMonth = `${new Date(sinceMs).toISOString().slice(0, 7)}-01`;
  const whole = await firstWholeMonth(ask);
  const from = sinceMonth > whole ? sinceMonth : whole;
  // Partitions of events are days, so their number is read from no column.
  const [found] = await rows<Record<string, string>>(
    `SELECT ${differences('agent_minute', 'minutes', 'landed')}, ${differences('session_parts', 'parts', 'landed')},
            ${differences('tool_minute', 'tools', 'tool_calls')}, ${differences('model_hour', 'models', 'llm_calls')}
     FROM
     (
       SELECT month, sum(a) AS minutes, sum(b) AS parts, sum(c) AS tools, sum(d) AS models, sum(e) AS landed, sum(f) AS tool_calls, sum(g) AS llm_calls
       FROM
       (
         SELECT kafka_month AS month, toInt64(events) AS a, 0 AS b, 0 AS c, 0 AS d, 0 AS e, toInt64(tool_calls) AS f, toInt64(llm_calls) AS g FROM ${database}.agent_minute
         UNION ALL SELECT kafka_month, 0, toInt64(events), 0, 0, 0, 0, 0 FROM ${database}.session_parts
         UNION ALL SELECT kafka_month, 0, 0, toInt64(calls), 0, 0, 0, 0 FROM ${database}.tool_minute
         UNION ALL SELECT kafka_month, 0, 0, 0, toInt64(calls), 0, 0, 0 FROM ${database}.model_hour
         UNION ALL SELECT toStartOfMonth(toDate(concat(substring(_partition_id, 1, 4), '-', substring(_partition_id, 5, 2), '-01'))), 0, 0, 0, 0, toInt64(count()), 0, 0
           FROM ${database}.events WHERE _partition_id >= {day: String} GROUP BY _partition_id
       )
       WHERE month >= toDate({from: String}) GROUP BY month
     )`,
    { from, day: from.replaceAll('-', '') },
  );
  return ROLLUPS.map(({ table }) => ({
    table,
    extra: Number(found?.[`${table}_extra`] ?? 0),
    missing: Number(found?.[`${table}_missing`] ?? 0),
    keys: null,
  }));
}

const differences = (table: string, held: string, wanted: string): string =>
  `sum(greatest(${held} - ${wanted}, 0)) AS ${table}_extra, sum(greatest(${wanted} - ${held}, 0)) AS ${table}_missing`;

/** SimpleAggregateFunction(sum, UInt64) → sum. */
const foldOf = (type: string): string => /^SimpleAggregateFunction\((\w+)/.exec(type)?.[1] ?? 'any';

/** SimpleAggregateFunction(sum, UInt64) → UInt64. */
const plainType = (type: string): string => /^SimpleAggregateFunction\(\w+, (.*)\)$/.exec(type)?.[1] ?? type;

const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The first month of which TTL has taken no event, as YYYY-MM-01. */
async function firstWholeMonth({ database, rows }: LedgerQueries): Promise<string> {
  const [found] = await rows<{ month: string }>(
    `SELECT if(days = 0, '1970-01-01', toString(toStartOfMonth(now() - toIntervalDay(greatest(days, 2) - 1) + toIntervalMonth(1)))) AS month
     FROM (SELECT toUInt32OrZero(extract(create_table_query, 'TTL .*toIntervalDay\\\\((\\\\d+)\\\\)')) AS days FROM system.tables WHERE database = {database: String} AND name = 'events')`,
    { database },
  );
  return found?.month ?? '1970-01-01';
}
