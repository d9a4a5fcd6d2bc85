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

export function readBackRefused(table: string, cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_READ_BACK',
    `ClickHouse would not say what an interrupted block left in ${table}: ${firstLine(cause)} Nothing was committed; landing must be allowed to read system.tables, system.columns and system.processes.`,
    { cause },
  );
}

export function rollupNotMendable(target: string, why: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_ROLLUP',
    `Rollup ${target} cannot be compared with its table: ${why}. Its view must read the table once and fold into sums, sumMaps, extremes and keys, with a count of rows (UInt64) as its first sum.`,
  );
}

/** A reason to try again, not to stop. */
export function notAloneYet(topic: string, partition: number): Error {
  return new Error(
    `Partition ${partition} of ${topic} was another's less than a session ago, and a block is to be compared with what is stored.`,
  );
}

/** A reason to try again, not to stop. */
export function rowsMissing(table: string): Error {
  return new Error(`A block for ${table} was taken for a repetition of one whose rows are not there.`);
}

/** A reason to try again, not to stop. */
export function stillRunning(table: string): Error {
  return new Error(`An earlier try of this block is still at work in ClickHouse, in ${table}.`);
}

/** A reason to try again, not to stop. */
export function rollupUnsettled(table: string): Error {
  return new Error(`Rollup ${table} changes faster than it can be compared with its events.`);
}

export function logReplaced(topic: string, partition: number, landedTo: number, end: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_LOG_REPLACED',
    `Partition ${partition} of ${topic} ends at ${end}, but ClickHouse holds rows up to offset ${landedTo}: Kafka was made anew. Run 'watchkeeper topics --new-log' to begin a new life of the log beside the old rows.`,
  );
}

export function otherCluster(cluster: string, known: readonly string[]): WatchkeeperError {
  return new WatchkeeperError(
    'WK_OTHER_CLUSTER',
    `The database holds rows of ${known.join(', ')} and none of this Kafka, ${cluster}: it was made anew, or KAFKA_BROKERS or CLICKHOUSE_DATABASE names another one than before. Run 'watchkeeper topics --new-log' to land it beside the old rows.`,
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
