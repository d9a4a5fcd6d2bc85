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
