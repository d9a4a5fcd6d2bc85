// What the ledger asks of ClickHouse. Every question is bounded by offsets or by append time, so that its cost follows the time asked about.

import type { ClickHouseClient } from '@clickhouse/client';
import type { Audited } from './audited.js';
import { ledgerUnreadable } from './errors.js';
import type { ReceiptSums, StoredSums } from './ledger.js';

/** First offset to look at, by partition. */
export type OffsetBounds = ReadonlyMap<number, number>;

export interface Receipts extends ReceiptSums {
  /** First offset of the receipts whose rows TTL has left alone. */
  readonly checkableFirst: number;
  /** Append time of their oldest record, milliseconds. */
  readonly oldestMs: number;
}

/** One life of a topic: what its rows carry, and Kafka's id of it ('': unknown). */
export interface Life {
  readonly cluster: string;
  readonly topic: string;
  readonly logId: string;
  readonly topicId: string;
}

export type LedgerQueries = ReturnType<typeof ledgerQueries>;

/** The questions, in `database` through `client`. All throw WK_LEDGER. */
export function ledgerQueries(client: ClickHouseClient, database: string) {
  async function rows<T>(query: string, params: Record<string, unknown>): Promise<T[]> {
    try {
      const result = await client.query({ query, query_params: params, format: 'JSONEachRow' });
      return await result.json<T>();
    } catch (cause) {
      throw ledgerUnreadable(cause);
    }
  }

  async function byPartition<T extends object>(
    query: string,
    params: Record<string, unknown>,
  ): Promise<Map<number, T>> {
    const found = await rows<Record<string, string | number>>(query, params);
    // 64-bit integers come as text; offsets and counts are below 2^53.
    const numbers = found.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])),
    );
    return new Map(numbers.map((row) => [row['partition'] ?? -1, row as unknown as T]));
  }

  return {
    database,
    rows,

    /** The present life of every topic of every cluster; of databases from before topics had lives, of the cluster (topic ''). */
    lives: () =>
      rows<Life>(
        `SELECT l.cluster_id AS cluster, l.topic AS topic, argMax(l.log_id, l.epoch) AS logId, argMax(l.topic_id, l.epoch) AS topicId FROM ${database}.topic_lives AS l GROUP BY l.cluster_id, l.topic
         UNION ALL SELECT l.cluster_id, '', argMax(l.log_id, l.epoch), '' FROM ${database}.log_lives AS l GROUP BY l.cluster_id`,
        {},
      ),

    /** The first offset of the block that holds each of these offsets (or the offset itself): receipts are read from there. */
    async blockStarts(logId: string, topic: string, from: OffsetBounds): Promise<OffsetBounds> {
      if (from.size === 0) return from;
      // One backwards read of the primary key each.
      const each = [...from].map(
        ([partition, offset]) =>
          `SELECT * FROM (SELECT kafka_partition AS partition, first_offset AS start FROM ${database}.ledger WHERE log_id = {logId: String} AND topic = {topic: String} AND kafka_partition = ${partition} AND first_offset <= ${offset} ORDER BY log_id DESC, ledger.topic DESC, kafka_partition DESC, first_offset DESC LIMIT 1)`,
      );
      const found = await byPartition<{ start: number }>(each.join(' UNION ALL '), { logId, topic });
      return new Map([...from].map(([partition, offset]) => [partition, found.get(partition)?.start ?? offset]));
    },

    async receipts(
      logId: string,
      { topic, table }: Audited,
      bounds: OffsetBounds | undefined,
    ): Promise<Map<number, Receipts>> {
      const sql = `
        WITH ${ttlCutoff('table', 'cutoff')}, ${ttlCutoff('letters', 'letters_cutoff')}
        SELECT kafka_partition AS partition, min(first_offset) AS first, max(last_offset) + 1 AS next,
               sum(greatest(first_offset - before - 1, 0)) AS skipped, sum(greatest(least(before, last_offset) - first_offset + 1, 0)) AS overlap,
               sum(landed_rows) AS rows, sum(dead_letters) AS deadLetters, sum(r.holes) AS holes, sum(r.lost) AS lost,
               any(checkable_from) AS checkableFirst, sumIf(landed_rows, first_offset >= checkable_from) AS checkableRows,
               sumIf(dead_letters, first_timestamp >= letters_cutoff) AS checkableLetters,
               toUnixTimestamp64Milli(minIf(first_timestamp, first_offset >= checkable_from)) AS oldestMs
        FROM
        (
          SELECT *, ifNull(max(toNullable(last_offset)) OVER (PARTITION BY kafka_partition ORDER BY first_offset ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), first_offset - 1) AS before,
                 maxIf(last_offset + 1, first_timestamp < cutoff) OVER (PARTITION BY kafka_partition) AS checkable_from
          FROM ${database}.ledger FINAL WHERE log_id = {logId: String} AND topic = {topic: String} AND (${within(bounds, 'first_offset')})
        ) AS r GROUP BY kafka_partition`;
      return byPartition<Receipts>(sql, { logId, topic, database, table, letters: 'dead_letters' });
    },

    /** Rows of the offsets that the checkable receipts speak of. */
    async stored(
      logId: string,
      { table }: Audited,
      receipts: ReadonlyMap<number, Receipts>,
    ): Promise<Map<number, StoredSums>> {
      const looked = [...receipts].filter(([, { checkableFirst, next }]) => checkableFirst < next);
      if (looked.length === 0) return new Map();
      const oldestMs = Math.min(...looked.map(([, { oldestMs: ms }]) => ms));
      const ranges = looked.map(
        ([partition, { first, checkableFirst, next }]) =>
          `(kafka_partition = ${partition} AND kafka_offset >= ${Math.max(first, checkableFirst)} AND kafka_offset < ${next})`,
      );
      // A bitmap of offsets that lie close together takes a bit each, where a set would take a word.
      const sql = `
        SELECT kafka_partition AS partition, count() AS rows, groupBitmap(toUInt64(kafka_offset)) AS distinct
        FROM ${database}.${table}
        WHERE log_id = {logId: String} AND kafka_timestamp >= fromUnixTimestamp64Milli(toInt64(${oldestMs}), 'UTC') AND (${ranges.join(' OR ')})
        GROUP BY kafka_partition`;
      return byPartition<StoredSums>(sql, { logId });
    },

    /** Different records of a topic among landing's dead letters, by partition. */
    async letters(
      logId: string,
      topic: string,
      receipts: ReadonlyMap<number, Receipts>,
    ): Promise<ReadonlyMap<number, number>> {
      const sent = [...receipts].filter(([, { checkableLetters }]) => checkableLetters > 0);
      if (sent.length === 0) return new Map();
      const ranges = sent.map(
        ([partition, { first, next }]) =>
          `(source_partition = ${partition} AND source_offset >= ${first} AND source_offset < ${next})`,
      );
      const sql = `
        SELECT source_partition AS partition, uniqExact(source_offset) AS letters FROM ${database}.dead_letters
        WHERE topic = {topic: String} AND source_log_id = {logId: String} AND service = 'landing' AND (${ranges.join(' OR ')}) GROUP BY source_partition`;
      const found = await byPartition<{ letters: number }>(sql, { logId, topic });
      return new Map([...found].map(([partition, { letters }]) => [partition, letters]));
    },

    async repeated(logId: string, sinceMs: number | undefined): Promise<number> {
      const since =
        sinceMs === undefined ? '1' : `kafka_timestamp >= fromUnixTimestamp64Milli(toInt64(${sinceMs}), 'UTC')`;
      const sql = `SELECT toString(uniqExact(kafka_partition, kafka_offset) - uniqExact(sipHash64(tenant_id, event_id))) AS n FROM ${database}.events WHERE log_id = {logId: String} AND ${since}`;
      return Number((await rows<{ n: string }>(sql, { logId }))[0]?.n ?? 0);
    },
  };
}

function within(bounds: OffsetBounds | undefined, column: string): string {
  if (bounds === undefined) return '1';
  const each = [...bounds].map(([partition, offset]) => `(kafka_partition = ${partition} AND ${column} >= ${offset})`);
  return each.length === 0 ? '0' : each.join(' OR ');
}

/** `WITH` expression: the time before which TTL may have taken rows of the table that parameter `name` names; a day of grace. */
function ttlCutoff(name: string, as: string): string {
  const days = `(SELECT toUInt32OrZero(extract(create_table_query, 'TTL .*toIntervalDay\\\\((\\\\d+)\\\\)')) FROM system.tables WHERE database = {database: String} AND name = {${name}: String})`;
  return `if(${days} = 0, toDateTime(0), now() - toIntervalDay(greatest(${days}, 2) - 1)) AS ${as}`;
}
