// Every error of the command line is made here: a code and one sentence (what happened, to what, what to do).

import { shownUrl } from '@watchkeeper/runtime';
import { WatchkeeperError } from '@watchkeeper/schemas';

export function roleNotReady(roles: readonly string[], waitedMs: number, logFile: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_ROLE_NOT_READY',
    `${roles.join(', ')} did not become ready within ${waitedMs / 1000} s: its log is ${logFile}.`,
  );
}

export function processEnded(
  roles: readonly string[],
  code: number | null,
  signal: string | null,
  logFile: string,
): WatchkeeperError {
  const how = signal === null ? `with exit code ${String(code)}` : `by ${signal}`;
  return new WatchkeeperError('WK_ROLE_ENDED', `${roles.join(', ')} ended ${how}: its log is ${logFile}.`);
}

export function unknownRole(name: string, known: readonly string[]): WatchkeeperError {
  return new WatchkeeperError('WK_UNKNOWN_ROLE', `There is no role '${name}': the roles are ${known.join(', ')}.`, {
    exitCode: 2,
  });
}

export function nothingToBackfill(role: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_NO_BACKFILL',
    `${role} keeps no state of what it reads, so there is nothing to judge anew: backfill a detector or the meter.`,
    { exitCode: 2 },
  );
}

export function stackRuns(pid: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_STACK_RUNS',
    `Watchkeeper already runs here (process ${pid}): stop it with 'watchkeeper down' first.`,
    { exitCode: 2 },
  );
}

export function drainTimedOut(waitedMs: number, missing: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_DRAIN_TIMEOUT',
    `After ${Math.round(waitedMs / 1000)} s not everything had passed the pipeline: ${missing}. The logs are in the data folder.`,
  );
}

export function noSuchLetter(name: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_NO_LETTER',
    `There is no dead letter '${name}': name it as topic/partition/offset, as 'watchkeeper dlq ls' does.`,
    { exitCode: 2 },
  );
}

export function topicStays(topic: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_TOPIC_STAYS',
    `Kafka was told to change ${topic}, but still lists it as before: look at the brokers, then run this again.`,
    { exitCode: 3 },
  );
}

export function badOption(option: string, value: string, want: string): WatchkeeperError {
  return new WatchkeeperError('WK_BAD_OPTION', `${option} is '${value}': give ${want}.`, { exitCode: 2 });
}

export function clickhouseAway(url: string, cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_CLICKHOUSE_AWAY',
    `ClickHouse does not answer at ${shownUrl(url)}: start it ('watchkeeper up'), or set CLICKHOUSE_URL to yours.`,
    { exitCode: 3, cause },
  );
}

export function sqlFailed(reason: string, cause: unknown): WatchkeeperError {
  return new WatchkeeperError('WK_SQL', `ClickHouse refused the statement: ${reason}`, { exitCode: 2, cause });
}

export function noBackend(what: string, variable: string, dataDir: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_NO_BACKEND',
    `No ${what} runs for the data folder ${dataDir}, and ${variable} is not set: run 'npm start' or 'watchkeeper up' first, or set ${variable} to yours.`,
    { exitCode: 3 },
  );
}

export function interrupted(): WatchkeeperError {
  return new WatchkeeperError(
    'WK_INTERRUPTED',
    'Stopped before the end: what had landed is kept, nothing is summed up.',
  );
}

export function benchUndecodable(schema: string, offset: number, why: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_BENCH_UNDECODABLE',
    `A ${schema} at offset ${offset} that this bench's own run wrote cannot be decoded: ${why}.`,
  );
}

export function benchNotLanded(events: number, landed: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_BENCH_NOT_LANDED',
    `All groups are at the end, but of ${events} events ${landed} rows are in ClickHouse: look for dead letters and into the logs.`,
  );
}

export function labelMalformed(file: string, line: number, why: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_LABEL_MALFORMED',
    `Line ${line} of ${file} is not a label: ${why}. Nothing was judged; mend or remove the line.`,
    { exitCode: 2 },
  );
}
