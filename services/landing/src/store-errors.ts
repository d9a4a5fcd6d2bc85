// Which errors mean that ClickHouse is away or busy, and which that it would not take the block.

import { ClickHouseError } from '@clickhouse/client';
import type { StoreOutcome } from './store.js';

/** By number, from ErrorCodes.cpp: what passes without anybody changing the data or the tables. */
export const PASSING: Readonly<Record<string, string>> = {
  // Of a broken connection; a truncated body is found before it is sent.
  3: 'UNEXPECTED_END_OF_FILE',
  // A disk that is full.
  75: 'CANNOT_WRITE_TO_FILE_DESCRIPTOR',
  159: 'TIMEOUT_EXCEEDED',
  // Of a replica that is being restored.
  164: 'READONLY',
  173: 'CANNOT_ALLOCATE_MEMORY',
  198: 'DNS_ERROR',
  201: 'QUOTA_EXCEEDED',
  202: 'TOO_MANY_SIMULTANEOUS_QUERIES',
  203: 'NO_FREE_CONNECTION',
  209: 'SOCKET_TIMEOUT',
  210: 'NETWORK_ERROR',
  // Another holder mends the same rollup.
  216: 'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING',
  225: 'NO_ZOOKEEPER',
  236: 'ABORTED',
  241: 'MEMORY_LIMIT_EXCEEDED',
  242: 'TABLE_IS_READ_ONLY',
  243: 'NOT_ENOUGH_SPACE',
  252: 'TOO_MANY_PARTS',
  279: 'ALL_CONNECTION_TRIES_FAILED',
  285: 'TOO_FEW_LIVE_REPLICAS',
  286: 'UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE',
  319: 'UNKNOWN_STATUS_OF_INSERT',
  394: 'QUERY_WAS_CANCELLED',
  439: 'CANNOT_SCHEDULE_TASK',
  473: 'DEADLOCK_AVOIDED',
  733: 'TABLE_IS_BEING_RESTARTED',
  735: 'QUERY_WAS_CANCELLED_BY_CLIENT',
  745: 'SERVER_OVERLOADED',
  749: 'TCP_CONNECTION_LIMIT_REACHED',
  999: 'KEEPER_EXCEPTION',
};

/** What a failed request to ClickHouse means. Anything that is not an answer of its own is the network's. */
export function outcomeOf(cause: unknown): Exclude<StoreOutcome, { kind: 'stored' }> {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  if (!(error instanceof ClickHouseError)) return { kind: 'away', error };
  return error.code in PASSING ? { kind: 'away', error } : { kind: 'refused', error };
}
