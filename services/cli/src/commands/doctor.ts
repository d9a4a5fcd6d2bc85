// watchkeeper doctor: do the backends answer and do the groups follow; `doctor ledger`: is all there, once.

import { openSql } from '../clickhouse.js';
import { lookAtPipeline } from '../demo/drain.js';
import { badOption } from '../errors.js';
import { findBackends, type Backends } from '../stack/backends.js';
import { placeOf, type Place } from '../stack/environment.js';
import { logAt } from '../stack/log.js';
import { auditLedger, type Ledger } from '@watchkeeper/scheduler';
import { databaseClient } from '../stack/database.js';

export interface DoctorFlags {
  readonly dataDir: string;
  readonly json?: boolean;
  readonly database?: string;
  readonly topicPrefix?: string;
}

/** Exit 1 where something is missing or twice. */
export async function doctor(what: string | undefined, flags: DoctorFlags): Promise<void> {
  if (what !== undefined && what !== 'ledger') throw badOption('doctor', what, "'ledger' or nothing");
  const backends = await findBackends(process.env, flags.dataDir);
  const plain = placeOf(process.env);
  const place = { topicPrefix: flags.topicPrefix ?? plain.topicPrefix, database: flags.database ?? plain.database };
  if (what === 'ledger') printLedger(await ledgerAt(backends, place), flags.json === true);
  else await printPipeline(backends, place, flags.json === true);
}

/** Compares log and tables of a place. */
export async function ledgerAt(backends: Backends, place: Place): Promise<Ledger> {
  const admin = await logAt(backends.brokers, place).admin();
  const client = databaseClient(process.env, backends.clickhouseUrl);
  try {
    return await auditLedger({
      admin,
      client,
      database: place.database,
      topicPrefix: place.topicPrefix,
      repeated: true,
    });
  } finally {
    await Promise.all([admin.close(), client.close()]);
  }
}

function printLedger(report: Ledger, json: boolean): void {
  if (report.gaps + report.duplicates > 0) process.exitCode = 1;
  if (json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  for (const row of report.partitions) {
    process.stdout.write(
      `${row.topic}/${row.partition}  produced ${row.produced}  landed ${row.landed}  dead letters ${row.deadLettered}  gaps ${row.gaps}  duplicates ${row.duplicates}  lag ${row.lag}\n`,
    );
  }
  process.stdout.write(
    `gaps ${report.gaps}, duplicates ${report.duplicates}, repeated events ${report.repeatedEvents}\n`,
  );
}

async function printPipeline(backends: Backends, place: Place, json: boolean): Promise<void> {
  const admin = await logAt(backends.brokers, place).admin();
  const sql = openSql({ url: backends.clickhouseUrl, database: place.database });
  try {
    const { lag, produced, landed, judgedToMicros } = await lookAtPipeline(admin, sql);
    const judgedTo = judgedToMicros === 0 ? 'nothing yet' : new Date(judgedToMicros / 1000).toISOString();
    if (json) {
      process.stdout.write(
        `${JSON.stringify({ ...backends, produced, landed, judgedTo, lag: Object.fromEntries(lag) }, null, 2)}\n`,
      );
      return;
    }
    process.stdout.write(`Kafka answers at ${backends.brokers}, ClickHouse at ${backends.clickhouseUrl}\n`);
    process.stdout.write(`${produced} events produced, ${landed} landed; windows are closed up to ${judgedTo}\n`);
    for (const [group, records] of lag) process.stdout.write(`  ${group.padEnd(18)} ${records} records behind\n`);
  } finally {
    await Promise.all([admin.close(), sql.close()]);
  }
}
