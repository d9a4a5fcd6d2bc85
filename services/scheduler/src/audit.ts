// The audit: asks Kafka and ClickHouse what the ledger compares.

import type { ClickHouseClient } from '@clickhouse/client';
import type { LogAdmin } from '@watchkeeper/runtime';
import { AUDITED, type Audited } from './audited.js';
import { ledgerUnreadable } from './errors.js';
import { ledgerOf, type Ledger, type PartitionFacts, type ReceiptSums, type StoredSums } from './ledger.js';

export interface AuditOptions {
  readonly client: ClickHouseClient;
  readonly admin: Pick<LogAdmin, 'clusterId' | 'topics' | 'ranges' | 'committed'>;
  readonly database: string;
  readonly topicPrefix: string;
  /** Rows this young are compared offset by offset, older ones by count. Default: all. */
  readonly compareHours?: number;
  /** Also counts events whose id lies at several offsets, among rows as young: reads every id. */
  readonly repeated?: boolean;
  readonly topics?: readonly Audited[];
}

/**
 * Compares the log with ClickHouse, while landing goes on. Landing writes rows, then the receipt, then commits; so commits are
 * read first, then receipts, rows and the log's end: what lands meanwhile shows as lag, never as a gap. Throws WK_LEDGER where ClickHouse does not answer, and the admin's errors.
 */
export async function auditLedger(options: AuditOptions): Promise<Ledger> {
  const { admin, topics = AUDITED } = options;
  const there = await admin.topics();
  const cluster = await admin.clusterId();
  const ask = asker(options);
  const logId = await ask.logId(options.topicPrefix === '' ? cluster : `${cluster}/${options.topicPrefix}`);
  const facts: PartitionFacts[] = [];
  for (const audited of topics.filter(({ topic }) => there.has(topic))) {
    const committed = await admin.committed(audited.group, audited.topic);
    const receipts = await ask.receipts(logId, audited);
    const stored = await ask.stored(logId, audited, receipts);
    for (const { partition, begin, end } of await admin.ranges(audited.topic)) {
      facts.push({
        topic: audited.topic,
        partition,
        begin,
        end,
        committed: committed.get(partition)?.offset,
        receipts: receipts.get(partition),
        stored: stored.get(partition) ?? { rows: 0, comparedRows: 0, comparedDistinct: 0 },
      });
    }
  }
  return ledgerOf(facts, options.repeated ? await ask.repeated(logId) : undefined);
}

interface Sums extends ReceiptSums {
  readonly checkableFirst: number;
}

function asker({ client, database, compareHours }: AuditOptions) {
  const recent = compareHours === undefined ? '1' : `kafka_timestamp >= now() - toIntervalHour(${compareHours})`;

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
    async logId(cluster: string): Promise<string> {
      const sql = `SELECT argMax(log_id, epoch) AS logId FROM ${database}.log_lives WHERE cluster_id = {cluster: String}`;
      return (await rows<{ logId: string }>(sql, { cluster }))[0]?.logId ?? '';
    },

    async receipts(logId: string, { topic, table }: Audited): Promise<Map<number, Sums>> {
      const sql = `
        WITH (SELECT toUInt32OrZero(extract(create_table_query, 'TTL .*toIntervalDay\\\\((\\\\d+)\\\\)')) FROM system.tables WHERE database = {database: String} AND name = {table: String}) AS ttlDays,
             first_timestamp >= if(ttlDays = 0, toDateTime(0), now() - toIntervalDay(greatest(ttlDays, 2) - 1)) AS checkable
        SELECT kafka_partition AS partition, min(first_offset) AS first, max(last_offset) + 1 AS next, sum(last_offset - first_offset + 1) AS covered,
               sum(landed_rows) AS rows, sum(dead_letters) AS deadLetters, sum(ledger.holes) AS holes, sum(ledger.lost) AS lost,
               sumIf(landed_rows, checkable) AS checkableRows, if(countIf(checkable) = 0, next, minIf(first_offset, checkable)) AS checkableFirst
        FROM ${database}.ledger FINAL WHERE log_id = {logId: String} AND topic = {topic: String} GROUP BY kafka_partition`;
      return byPartition<Sums>(sql, { logId, topic, table, database });
    },

    async stored(
      logId: string,
      { table }: Audited,
      receipts: ReadonlyMap<number, Sums>,
    ): Promise<Map<number, StoredSums>> {
      const partitions = Math.max(0, ...[...receipts.keys()].map((partition) => partition + 1));
      const bound = (of: (sums: Sums) => number): string =>
        `[${Array.from({ length: partitions }, (_, partition) => {
          const sums = receipts.get(partition);
          return sums === undefined ? 0 : of(sums);
        }).join(',')}]`;
      const sql = `
        SELECT kafka_partition AS partition, count() AS rows, countIf(${recent}) AS comparedRows, uniqExactIf(kafka_offset, ${recent}) AS comparedDistinct
        FROM ${database}.${table}
        WHERE log_id = {logId: String} AND kafka_partition < ${partitions}
          AND kafka_offset >= arrayElement(CAST(${bound((sums) => sums.checkableFirst)} AS Array(Int64)), kafka_partition + 1)
          AND kafka_offset < arrayElement(CAST(${bound((sums) => sums.next)} AS Array(Int64)), kafka_partition + 1)
        GROUP BY kafka_partition`;
      return byPartition<StoredSums>(sql, { logId });
    },

    async repeated(logId: string): Promise<number> {
      const sql = `SELECT toString(uniqExact(kafka_partition, kafka_offset) - uniqExact(sipHash64(tenant_id, event_id))) AS n FROM ${database}.events WHERE log_id = {logId: String} AND ${recent}`;
      return Number((await rows<{ n: string }>(sql, { logId }))[0]?.n ?? 0);
    },
  };
}
