// Every fault of the scheduler that a person reads, in one place.

import { WatchkeeperError } from '@watchkeeper/schemas';

export function clickhouseNotSet(): WatchkeeperError {
  return new WatchkeeperError('WK_CLICKHOUSE_URL', 'The scheduler has no ClickHouse to audit: set CLICKHOUSE_URL.', {
    exitCode: 2,
  });
}

export function ledgerUnreadable(cause: unknown): WatchkeeperError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new WatchkeeperError(
    'WK_LEDGER',
    `The ledger cannot be read from ClickHouse: ${text.split('\n', 1)[0] ?? ''} Is it running, and did 'watchkeeper migrate' make the tables?`,
    { cause, exitCode: 3 },
  );
}

export function otherCluster(cluster: string, known: readonly string[]): WatchkeeperError {
  return new WatchkeeperError(
    'WK_OTHER_CLUSTER',
    `ClickHouse holds rows of ${known.join(', ')} and none of this Kafka, ${cluster}: nothing can be compared. Kafka was made anew, or KAFKA_BROKERS or CLICKHOUSE_DATABASE names another one than before; 'watchkeeper topics --new-log' begins its log beside the old rows.`,
  );
}
