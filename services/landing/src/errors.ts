// Every fault of landing that a person reads, in one place.

import { WatchkeeperError } from '@watchkeeper/schemas';

export function migrationChanged(name: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_MIGRATION_CHANGED',
    `Migration ${name} differs from what was applied to this database: restore the file, and put the change into a new migration with the next number.`,
  );
}

export function migrationFailed(name: string, cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_MIGRATION_FAILED',
    `Migration ${name} failed: ${firstLine(cause)} Mend the cause and run 'watchkeeper migrate' again; what was applied is skipped.`,
    { cause },
  );
}

export function ttlNotApplied(table: string, wantedDays: number, found: number | undefined): WatchkeeperError {
  return new WatchkeeperError(
    'WK_TTL',
    `Table ${table} should keep rows for ${wantedDays} days, but reads back ${found === undefined ? 'no TTL' : `${found} days`}: look at SHOW CREATE TABLE ${table}.`,
  );
}

export function clickhouseNotSet(): WatchkeeperError {
  return new WatchkeeperError('WK_CLICKHOUSE_URL', 'Landing has no ClickHouse to write to: set CLICKHOUSE_URL.', {
    exitCode: 2,
  });
}

export function insertRefused(table: string, cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_INSERT_REFUSED',
    `ClickHouse refused a block for ${table}, though every row of it parses: ${firstLine(cause)} Nothing was committed; run 'watchkeeper migrate' if tables are older than this program.`,
    { cause },
  );
}

export function logReplaced(topic: string, partition: number, landedTo: number, end: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_LOG_REPLACED',
    `Partition ${partition} of ${topic} ends at ${end}, but ClickHouse holds rows up to offset ${landedTo}: Kafka was made anew. Run 'watchkeeper topics --new-log' to begin a new life of the log beside the old rows.`,
  );
}

export function leaseTooOld(topic: string, partition: number, ageMs: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_FENCED',
    `The group last confirmed partition ${partition} of ${topic} ${Math.round(ageMs)} ms ago, longer than the session lasts: nothing is inserted, and the next holder goes on.`,
  );
}

export function blockIncomplete(topic: string, partition: number, first: number, last: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_BLOCK',
    `Block ${first}-${last} of partition ${partition} of ${topic} cannot be cut from what was read: the adapter skipped offsets.`,
  );
}

/** The engine's first sentence: its messages go on with the query and a version. */
export function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return (text.split('\n', 1)[0] ?? '').slice(0, 400);
}
