// Dead letters as ClickHouse holds them: which there are, by filters, one per record that was refused.

import type { LogRecord } from '@watchkeeper/runtime';
import type { Sql } from '../clickhouse.js';
import { noSuchLetter } from '../errors.js';

/** What to look at. */
export interface LetterFilter {
  readonly topic?: string | undefined;
  readonly reason?: string | undefined;
  readonly service?: string | undefined;
  /** By the time at which the record was refused, milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** Where the refused record lies; names a letter. */
export interface Origin {
  readonly logId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A dead letter; `value` is what was kept of the record's. */
export interface Letter extends Origin {
  readonly service: string;
  readonly reason: string;
  readonly error: string;
  readonly schemaId: number;
  readonly appendedAt: string;
  readonly failedAt: string;
  readonly key: Buffer;
  readonly value: Buffer;
  /** Length of the record's value. */
  readonly bytes: number;
  readonly sha256: string;
  readonly headers: Readonly<Record<string, Buffer>>;
}

/** How many there are of one topic, reason and service. */
export interface LetterGroup {
  readonly topic: string;
  readonly reason: string;
  readonly service: string;
  readonly letters: number;
  readonly first: string;
  readonly last: string;
  readonly example: string;
}

/** Letters a page holds: each is up to 256 kB, and travels as hex. */
const PAGE = 40;

const ORIGIN = 'source_log_id, topic, source_partition, source_offset';

/** topic/partition/offset, and the log's life where it is not the only one. */
export const nameOf = ({ topic, partition, offset }: Origin): string => `${topic}/${partition}/${offset}`;

export async function letterGroups(sql: Sql, filter: LetterFilter): Promise<LetterGroup[]> {
  const { where, params } = conditions(filter);
  const rows = await sql.rows<Record<keyof LetterGroup, string>>(
    `SELECT topic, reason, service, uniqExact(${ORIGIN}) AS letters, toString(min(failed_at)) AS first, toString(max(failed_at)) AS last,
            argMax(concat(dead_letters.topic, '/', toString(source_partition), '/', toString(source_offset)), failed_at) AS example
     FROM dead_letters WHERE ${where} GROUP BY topic, reason, service ORDER BY letters DESC, topic, reason, service`,
    params,
  );
  return rows.map((row) => ({ ...row, letters: Number(row.letters) }));
}

/** All letters of the filter, one per refused record, in the order of where they lie. */
export async function* lettersOf(sql: Sql, filter: LetterFilter): AsyncGenerator<Letter> {
  const { where, params } = conditions(filter);
  let after: Origin | undefined;
  for (;;) {
    const beyond: string =
      after === undefined
        ? '1'
        : `(${ORIGIN}) > ({afterLog: String}, {afterTopic: String}, {afterPartition: Int32}, {afterOffset: Int64})`;
    const page: Letter[] = await query(sql, `(${where}) AND ${beyond}`, {
      ...params,
      ...(after && {
        afterLog: after.logId,
        afterTopic: after.topic,
        afterPartition: after.partition,
        afterOffset: after.offset,
      }),
    });
    yield* page;
    after = page.at(-1);
    if (after === undefined || page.length < PAGE) return;
  }
}

/** The letter named topic/partition/offset, of the newest life of the log. Throws WK_NO_LETTER. */
export async function letterNamed(sql: Sql, name: string): Promise<Letter> {
  const parts = /^(.+)\/(\d+)\/(\d+)$/.exec(name);
  if (!parts) throw noSuchLetter(name);
  const found = await query(
    sql,
    'topic = {topic: String} AND source_partition = {partition: Int32} AND source_offset = {offset: Int64}',
    { topic: parts[1] ?? '', partition: Number(parts[2]), offset: Number(parts[3]) },
  );
  const letter = found.reduce<Letter | undefined>(
    (newest, one) => (newest && newest.failedAt > one.failedAt ? newest : one),
    undefined,
  );
  if (letter === undefined) throw noSuchLetter(name);
  return letter;
}

/** True where only the beginning of the record was kept. Keys are kept up to 64 KiB. */
export const isCut = ({ bytes, value, key }: Letter): boolean => bytes > value.length || key.length >= 64 * 1024;

/** The record as it was. */
export function recordOf(letter: Letter): LogRecord {
  const { offset, appendedAt, key, value, headers } = letter;
  return {
    offset,
    timestampMs: Date.parse(`${appendedAt.replace(' ', 'T')}Z`),
    key: key.length === 0 ? null : key,
    value,
    headers,
  };
}

async function query(sql: Sql, where: string, params: Record<string, unknown>): Promise<Letter[]> {
  interface Row extends Record<string, unknown> {
    readonly partition: number;
    readonly offset: string;
    readonly schemaId: number;
    readonly bytes: string;
    readonly key: string;
    readonly value: string;
    readonly headers: Readonly<Record<string, string>>;
  }
  // Bytes travel as hex: JSON has none.
  const rows = await sql.rows<Row>(
    `SELECT source_log_id AS logId, topic, source_partition AS partition, toString(source_offset) AS offset, service, reason, error, schema_id AS schemaId,
            toString(source_timestamp) AS appendedAt, toString(failed_at) AS failedAt, hex(record_key) AS key, hex(payload) AS value, toString(payload_bytes) AS bytes,
            payload_sha256 AS sha256, mapApply((name, text) -> (name, hex(text)), dead_letters.headers) AS headers
     FROM dead_letters WHERE ${where} ORDER BY ${ORIGIN}, failed_at LIMIT 1 BY ${ORIGIN} LIMIT ${PAGE}`,
    params,
  );
  return rows.map(
    (row) =>
      ({
        ...row,
        offset: Number(row.offset),
        bytes: Number(row.bytes),
        key: Buffer.from(row.key, 'hex'),
        value: Buffer.from(row.value, 'hex'),
        headers: Object.fromEntries(
          Object.entries(row.headers).map(([name, text]) => [name, Buffer.from(text, 'hex')]),
        ),
      }) as unknown as Letter,
  );
}

function conditions(filter: LetterFilter): { where: string; params: Record<string, unknown> } {
  const where: string[] = ['1'];
  const params: Record<string, unknown> = {};
  for (const name of ['topic', 'reason', 'service'] as const) {
    const value = filter[name];
    if (value === undefined) continue;
    where.push(`dead_letters.${name} = {${name}: String}`);
    params[name] = value;
  }
  const time = (ms: number): string => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;
  if (filter.sinceMs !== undefined) where.push(`failed_at >= ${time(filter.sinceMs)}`);
  if (filter.untilMs !== undefined) where.push(`failed_at < ${time(filter.untilMs)}`);
  return { where: where.join(' AND '), params };
}
