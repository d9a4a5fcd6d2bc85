// watchkeeper doctor: do the backends answer and do the groups follow; `doctor ledger`: is all there, once.

import { shownUrl, systemClock } from '@watchkeeper/runtime';
import { openSql } from '../clickhouse.js';
import { lookAtPipeline } from '../demo/drain.js';
import { badOption } from '../errors.js';
import { findBackends, type Backends } from '../stack/backends.js';
import { placeOf, type Place } from '../stack/environment.js';
import { logAt } from '../stack/log.js';
import { auditLedger, isClean, type Ledger } from '@watchkeeper/scheduler';
import { databaseClient } from '../stack/database.js';
import { sinceMsOf } from './since.js';

/** Without --since a large store is read whole. */
const AUDIT_TIMEOUT_MS = 600_000;

export interface DoctorFlags {
  readonly dataDir: string;
  readonly json?: boolean;
  /** Of `ledger`: a time (ISO) or an age such as 30m, 6h, 2d. */
  readonly since?: string;
  readonly database?: string;
  readonly topicPrefix?: string;
}

/** Exit 1 where something is missing or twice. */
export async function doctor(what: string | undefined, flags: DoctorFlags): Promise<void> {
  if (what !== undefined && what !== 'ledger') throw badOption('doctor', what, "'ledger' or nothing");
  const backends = await findBackends(process.env, flags.dataDir);
  const plain = placeOf(process.env);
  const place = { topicPrefix: flags.topicPrefix ?? plain.topicPrefix, database: flags.database ?? plain.database };
  if (what === 'ledger') {
    const sinceMs = flags.since === undefined ? undefined : sinceMsOf(flags.since, systemClock.nowMs());
    printLedger(await ledgerAt(backends, place, sinceMs), flags.json === true);
  } else await printPipeline(backends, place, flags.json === true);
}

/** Compares log and tables of a place: all there is, or what was appended since. */
export async function ledgerAt(backends: Backends, place: Place, sinceMs?: number): Promise<Ledger> {
  const admin = await logAt(backends.brokers, place).admin();
  const client = databaseClient(process.env, backends.clickhouseUrl, AUDIT_TIMEOUT_MS);
  try {
    return await auditLedger({
      admin,
      client,
      database: place.database,
      topicPrefix: place.topicPrefix,
      repeated: true,
      rollups: true,
      ...(sinceMs === undefined ? {} : { sinceMs }),
    });
  } finally {
    await Promise.all([admin.close(), client.close()]);
  }
}

function printLedger(report: Ledger, json: boolean): void {
  if (!isClean(report)) process.exitCode = 1;
  if (json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (report.since !== null) say(`what was appended since ${report.since}`);
  for (const row of report.partitions) {
    say(
      `${row.topic}/${row.partition}  produced ${row.produced}  landed ${row.landed}  dead letters ${row.deadLettered}  accepted gaps ${row.acceptedGaps}  gaps ${row.gaps}  duplicates ${row.duplicates}  lag ${row.lag}`,
    );
    if (row.beyondEnd > 0)
      say(
        `  ${row.topic}/${row.partition} ends at ${row.end}, and ${row.beyondEnd} offsets beyond that were landed or committed: this is another log. Run 'watchkeeper topics --new-log' if Kafka was made anew.`,
      );
  }
  for (const { table, extra, missing, keys } of report.rollups ?? [])
    say(
      `${table} counts ${extra} too many and ${missing} too few beside the events${keys === null ? '' : `; ${keys} of its keys differ`}`,
    );
  say(`gaps ${report.gaps}, duplicates ${report.duplicates}, repeated events ${report.repeatedEvents}`);
}

async function printPipeline(backends: Backends, place: Place, json: boolean): Promise<void> {
  const admin = await logAt(backends.brokers, place).admin();
  const sql = openSql({ url: backends.clickhouseUrl, database: place.database });
  try {
    const { lag, produced, landed, judgedToMicros } = await lookAtPipeline(admin, sql);
    const judgedTo = judgedToMicros === 0 ? 'nothing yet' : new Date(judgedToMicros / 1000).toISOString();
    if (json) {
      process.stdout.write(
        `${JSON.stringify({ ...backends, clickhouseUrl: shownUrl(backends.clickhouseUrl), produced, landed, judgedTo, lag: Object.fromEntries(lag) }, null, 2)}\n`,
      );
      return;
    }
    process.stdout.write(`Kafka answers at ${backends.brokers}, ClickHouse at ${shownUrl(backends.clickhouseUrl)}\n`);
    process.stdout.write(`${produced} events produced, ${landed} landed; windows are closed up to ${judgedTo}\n`);
    for (const [group, records] of lag) process.stdout.write(`  ${group.padEnd(18)} ${records} records behind\n`);
  } finally {
    await Promise.all([admin.close(), sql.close()]);
  }
}
