// How long tables keep their rows: a setting each, applied by ALTER and proved by reading the table back.

import type { ClickHouseClient } from '@clickhouse/client';
import { z } from 'zod';
import { ttlNotApplied } from './errors.js';

const days = (standard: number, what: string) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(36_500)
    .default(standard)
    .describe(`${what} are kept for so many days; 0: for ever.`);

/** The settings, by the environment's names. */
export const ttlSettings = z.object({
  EVENTS_TTL_DAYS: days(190, 'Events (at least six months by the EU AI Act, Art. 19 and 26)'),
  ROLLUPS_TTL_DAYS: days(400, 'Rollups by minute, hour and session'),
  MEASURES_TTL_DAYS: days(30, 'Measures'),
  DETECTIONS_TTL_DAYS: days(400, 'Detections, alerts and orders'),
  DEAD_LETTERS_TTL_DAYS: days(90, 'Dead letters'),
  LEDGER_TTL_DAYS: days(800, 'Receipts of landing'),
});

export type TtlSettings = z.output<typeof ttlSettings>;

type Base = 'kafka_timestamp' | 'kafka_month' | 'last_timestamp';

// By the log's own time, never by the agent's: a row that claims 1970 would be gone at the first merge.
const TABLES: readonly (readonly [table: string, base: Base, setting: keyof TtlSettings])[] = [
  ['events', 'kafka_timestamp', 'EVENTS_TTL_DAYS'],
  ['agent_minute', 'kafka_month', 'ROLLUPS_TTL_DAYS'],
  ['tool_minute', 'kafka_month', 'ROLLUPS_TTL_DAYS'],
  ['model_hour', 'kafka_month', 'ROLLUPS_TTL_DAYS'],
  ['session_parts', 'kafka_month', 'ROLLUPS_TTL_DAYS'],
  ['measures', 'kafka_timestamp', 'MEASURES_TTL_DAYS'],
  ['detection_log', 'kafka_timestamp', 'DETECTIONS_TTL_DAYS'],
  ['detection_latest', 'kafka_timestamp', 'DETECTIONS_TTL_DAYS'],
  ['alert_log', 'kafka_timestamp', 'DETECTIONS_TTL_DAYS'],
  ['alert_latest', 'kafka_timestamp', 'DETECTIONS_TTL_DAYS'],
  ['control_log', 'kafka_timestamp', 'DETECTIONS_TTL_DAYS'],
  ['dead_letters', 'kafka_timestamp', 'DEAD_LETTERS_TTL_DAYS'],
  ['ledger', 'last_timestamp', 'LEDGER_TTL_DAYS'],
];

/** The ALTER that makes a table keep rows for `ttlDays`. */
export function ttlStatement(database: string, table: string, base: Base, ttlDays: number, onCluster: string): string {
  const head = `ALTER TABLE \`${database}\`.${table} ${onCluster}`;
  if (ttlDays === 0) return `${head} REMOVE TTL`;
  const end = base === 'kafka_month' ? 'kafka_month + toIntervalMonth(1)' : `toDateTime(${base})`;
  return `${head} MODIFY TTL ${end} + toIntervalDay(${ttlDays})`;
}

/** Days of the TTL in a CREATE TABLE statement as the server prints it; 0 where it has none. */
export function ttlDaysOf(createStatement: string): number {
  const match = /\bTTL [^\n]*?toIntervalDay\((\d+)\)/.exec(createStatement.slice(createStatement.indexOf('ENGINE =')));
  return match?.[1] === undefined ? 0 : Number(match[1]);
}

/** Makes every table's TTL what `settings` says; the tables that were changed. Throws WK_TTL where it does not read back. */
export async function applyTtl(
  client: ClickHouseClient,
  database: string,
  settings: TtlSettings,
  onCluster = '',
): Promise<string[]> {
  const before = await ttlByTable(client, database);
  const changed: string[] = [];
  for (const [table, base, setting] of TABLES) {
    if (before.get(table) === settings[setting]) continue;
    await client.command({ query: ttlStatement(database, table, base, settings[setting], onCluster) });
    changed.push(table);
  }
  const after = changed.length === 0 ? before : await ttlByTable(client, database);
  for (const [table, , setting] of TABLES) {
    const found = after.get(table);
    if (found !== settings[setting]) throw ttlNotApplied(table, settings[setting], found);
  }
  return changed;
}

/** Days by table, as the server has them. */
export async function ttlByTable(client: ClickHouseClient, database: string): Promise<ReadonlyMap<string, number>> {
  const result = await client.query({
    query: `SELECT name, create_table_query AS text FROM system.tables WHERE database = {database: String} AND engine LIKE '%MergeTree'`,
    query_params: { database },
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ name: string; text: string }>();
  return new Map(rows.map(({ name, text }) => [name, ttlDaysOf(text)]));
}
