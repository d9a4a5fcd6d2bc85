// Which errors mean that ClickHouse is away or busy, and which that it would not take the block.

import { ClickHouseError } from '@clickhouse/client';
import type { StoreOutcome } from './store.js';

// By number, from ErrorCodes.cpp: what passes without anybody changing the data or the tables.
const PASSING = new Set([
  '3', // UNEXPECTED_END_OF_FILE of a broken connection; a truncated body is found before it is sent
  '159', // TIMEOUT_EXCEEDED
  '164', // READONLY, of a replica that is being restored
  '201', // QUOTA_EXCEEDED
  '202', // TOO_MANY_SIMULTANEOUS_QUERIES
  '203', // NO_FREE_CONNECTION
  '209', // SOCKET_TIMEOUT
  '210', // NETWORK_ERROR
  '225', // NO_ZOOKEEPER
  '236', // ABORTED
  '241', // MEMORY_LIMIT_EXCEEDED
  '242', // TABLE_IS_READ_ONLY
  '243', // NOT_ENOUGH_SPACE
  '252', // TOO_MANY_PARTS
  '279', // ALL_CONNECTION_TRIES_FAILED
  '285', // TOO_FEW_LIVE_REPLICAS
  '286', // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
  '319', // UNKNOWN_STATUS_OF_INSERT
  '394', // QUERY_WAS_CANCELLED
  '473', // DEADLOCK_AVOIDED
  '734', // QUERY_WAS_CANCELLED_BY_CLIENT
  '999', // KEEPER_EXCEPTION
]);

/** What a failed request to ClickHouse means. Anything that is not an answer of its own is the network's. */
export function outcomeOf(cause: unknown): Exclude<StoreOutcome, { kind: 'stored' }> {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  if (!(error instanceof ClickHouseError)) return { kind: 'away', error };
  return PASSING.has(error.code) ? { kind: 'away', error } : { kind: 'refused', error };
}
