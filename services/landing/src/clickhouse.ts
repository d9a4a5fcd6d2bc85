// The store over ClickHouse's HTTP interface.

import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ClickHouseLogLevel, createClient, type ClickHouseClient, type ClickHouseSettings } from '@clickhouse/client';
import type { ClickHouseTls } from '@watchkeeper/runtime';
import { blockToken } from './intent.js';
import { quote } from './quote.js';
import { outcomeOf } from './store-errors.js';
import type { ReadBack, Receipt, Store, StoreOutcome } from './store.js';

/** Where ClickHouse is and who asks. */
export interface ClickHouseAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Beyond what Node trusts. */
  readonly tls?: ClickHouseTls | undefined;
  /** A request without an answer for so long counts as away. */
  readonly requestTimeoutMs: number;
}

/** A client for bodies that are bytes already: no compression, connections kept. */
export function openClickHouse(access: ClickHouseAccess): ClickHouseClient {
  return createClient({
    url: access.url,
    username: access.user,
    password: access.password,
    request_timeout: access.requestTimeoutMs,
    ...(access.tls && { tls: access.tls }),
    compression: { request: false, response: false },
    application: 'watchkeeper',
    // Every failure comes back as a value or a throw; the client's own lines would say it again, on stderr.
    log: { level: ClickHouseLogLevel.OFF },
  });
}

// One part per block and table, synchronously, views included: then the token stands for the whole block.
export const ONE_BLOCK: ClickHouseSettings = {
  async_insert: 0,
  wait_end_of_query: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  insert_deduplicate: 1,
  min_insert_block_size_rows: '1000000',
  min_insert_block_size_bytes: '4294967296',
  min_insert_block_size_rows_for_materialized_views: '1000000',
  min_insert_block_size_bytes_for_materialized_views: '4294967296',
  max_block_size: '1000000',
  max_threads: 1,
  max_insert_threads: '1',
  max_partitions_per_insert_block: '0',
  materialized_views_ignore_errors: 0,
};

// Threads that stand back (nice 10) while others have work; without CAP_SYS_NICE the engine passes over it. The old name is known to every version.
const STANDING_BACK: ClickHouseSettings = { os_thread_priority: '10' };

/** The store in `database` through `client`. */
export function clickhouseStore(client: ClickHouseClient, database: string, readBack: ReadBack): Store {
  async function send(query: string, body: Buffer | undefined, settings: ClickHouseSettings): Promise<StoreOutcome> {
    try {
      const values = body === undefined ? {} : { values: Readable.from([body], { objectMode: false }) };
      const { stream } = await client.exec({ query, ...values, clickhouse_settings: settings });
      // Nothing of interest comes back, but the connection is free only once it is read.
      await finished(stream.resume());
      return { kind: 'stored' };
    } catch (cause) {
      return outcomeOf(cause);
    }
  }
  return {
    readBack,
    insert: ({ sql, body, token, background }) =>
      send(sql, body, { ...ONE_BLOCK, ...(background ? STANDING_BACK : {}), insert_deduplication_token: token }),
    parse: (sql, body) => send(sql, body, { max_threads: 1, wait_end_of_query: 1 }),
    putReceipt: (receipt) =>
      send(receiptSql(database, receipt), undefined, {
        ...ONE_BLOCK,
        insert_deduplication_token: blockToken(
          receipt.logId,
          receipt.topic,
          receipt.partition,
          receipt.first,
          receipt.last,
          'receipt',
        ),
      }),
    async landedTo(logId, topic) {
      const result = await client.query({
        query: `SELECT kafka_partition AS partition, toString(max(last_offset)) AS last FROM ${database}.ledger WHERE log_id = {logId: String} AND topic = {topic: String} GROUP BY kafka_partition`,
        query_params: { logId, topic },
        format: 'JSONEachRow',
      });
      const rows = await result.json<{ partition: number; last: string }>();
      return new Map(rows.map((row) => [row.partition, Number(row.last)]));
    },
  };
}

function receiptSql(database: string, receipt: Receipt): string {
  const time = (ms: number): string =>
    `fromUnixTimestamp64Milli(toInt64(${Math.min(Math.max(ms, 0), 4_291_747_199_999)}), 'UTC')`;
  const place = {
    log_id: quote(receipt.logId),
    topic: quote(receipt.topic),
    kafka_partition: receipt.partition,
    first_offset: receipt.first,
    last_offset: receipt.last,
  };
  const row = {
    ...place,
    landed_rows: receipt.rows,
    dead_letters: receipt.deadLetters,
    holes: receipt.holes,
    lost: receipt.lost,
    first_timestamp: time(receipt.firstTimestampMs),
    last_timestamp: time(receipt.lastTimestampMs),
  };
  const isPlace = Object.entries(place).map(([column, value]) => `${column} = ${value}`);
  // A SELECT, for the token of an insert of VALUES is made from its data, too, in some versions. And none where there is one: a holder that slept since
  // its insert would say that the block was stored now, and whatever took the tokens of the next one meanwhile had come before its announcement.
  return `INSERT INTO ${database}.ledger (${Object.keys(row).join(', ')}) SELECT ${Object.values(row).join(', ')}
    WHERE (SELECT count() FROM ${database}.ledger WHERE ${isPlace.join(' AND ')}) = 0`;
}
