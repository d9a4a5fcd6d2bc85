// watchkeeper dlq: what could not be used, why, and driving it again once the cause is mended.

import { writeFileSync } from 'node:fs';
import { systemClock } from '@watchkeeper/runtime';
import { openSchemaIds } from '@watchkeeper/schemas';
import { openSql, type Sql } from '../clickhouse.js';
import { redriven as readJournal, originKey } from '../dlq/journal.js';
import { isCut, letterGroups, letterNamed, lettersOf, type Letter, type LetterFilter } from '../dlq/letters.js';
import { redrive, type RedriveReport } from '../dlq/redrive.js';
import { badOption } from '../errors.js';
import { findBackends } from '../stack/backends.js';
import { placeOf, type Place } from '../stack/environment.js';
import { logAt } from '../stack/log.js';
import { sinceMsOf } from './since.js';

export interface DlqFlags {
  readonly dataDir: string;
  readonly topic?: string;
  readonly reason?: string;
  readonly service?: string;
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
  /** Of `show`: write the value there. */
  readonly out?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

/** `ls`, `show NAME` or `redrive`. */
export async function dlq(action: string, name: string | undefined, flags: DlqFlags): Promise<void> {
  if (!['ls', 'show', 'redrive'].includes(action)) throw badOption('dlq', action, "'ls', 'show' or 'redrive'");
  const { brokers, clickhouseUrl } = await findBackends(process.env, flags.dataDir);
  const place = placeOf(process.env);
  const sql = openSql({ url: clickhouseUrl, database: place.database });
  try {
    if (action === 'show') await show(sql, brokers, place, name ?? '', flags);
    else if (action === 'ls') await list(sql, flags);
    else printReport(await redriveAt(sql, brokers, place, flags), flags.json === true);
  } finally {
    await sql.close();
  }
}

async function list(sql: Sql, flags: DlqFlags): Promise<void> {
  const groups = await letterGroups(sql, filterOf(flags));
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(groups, null, 2)}\n`);
    return;
  }
  if (groups.length === 0) process.stdout.write('no dead letters\n');
  for (const { topic, reason, service, letters, first, last, example } of groups)
    process.stdout.write(
      `${String(letters).padStart(8)}  ${topic}  ${reason}  by ${service}  ${first.slice(0, 19)} to ${last.slice(0, 19)} UTC  e.g. ${example}\n`,
    );
}

async function show(sql: Sql, brokers: string, place: Place, name: string, flags: DlqFlags): Promise<void> {
  const letter = await letterNamed(sql, name);
  const driven = (await readJournal(logAt(brokers, place))).has(originKey(letter));
  if (flags.out !== undefined) writeFileSync(flags.out, letter.value);
  const told = { ...inWords(letter), cut: isCut(letter), redriven: driven };
  if (flags.json === true) process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  else for (const [what, value] of Object.entries(told)) process.stdout.write(`${what.padEnd(11)} ${String(value)}\n`);
}

/** A letter as a person reads it; bytes that are no text as hex. */
function inWords(letter: Letter): Record<string, string | number> {
  const { key, value, headers, ...rest } = letter;
  const headerTexts = Object.entries(headers).map(([header, bytes]) => `${header}=${readable(bytes)}`);
  return { ...rest, key: readable(key), headers: headerTexts.join(', '), value: readable(value.subarray(0, 512)) };
}

function readable(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  // A terminal must not be told what to do by a record.
  return /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd]/.test(text) ? `0x${bytes.toString('hex')}` : text;
}

async function redriveAt(sql: Sql, brokers: string, place: Place, flags: DlqFlags): Promise<RedriveReport> {
  const registryUrl = process.env['SCHEMA_REGISTRY_URL'];
  return redrive({
    log: logAt(brokers, place),
    schemas: await openSchemaIds(registryUrl === undefined ? {} : { registryUrl }),
    clock: systemClock,
    letters: lettersOf(sql, filterOf(flags)),
    dryRun: flags.dryRun === true,
    force: flags.force === true,
  });
}

function printReport(report: RedriveReport, json: boolean): void {
  if (report.cut + report.stillBad > 0) process.exitCode = 1;
  if (json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(`${report.redriven} of ${report.letters} dead letters ${report.dryRun ? 'would be' : 'were'} driven again`);
  if (report.already > 0) say(`${report.already} were driven before`);
  if (report.cut > 0)
    say(`${report.cut} were longer than the 256 kB that a dead letter keeps: send them again from their source`);
  if (report.stillBad > 0) {
    const why = Object.entries(report.reasons).map(([reason, count]) => `${reason} ${count}`);
    say(`${report.stillBad} would be refused again (${why.join(', ')}): mend the cause first, or --force`);
  }
}

function filterOf(flags: DlqFlags): LetterFilter {
  const nowMs = systemClock.nowMs();
  const { topic, reason, service, since, until } = flags;
  return {
    topic,
    reason,
    service,
    sinceMs: since === undefined ? undefined : sinceMsOf(since, nowMs),
    untilMs: until === undefined ? undefined : sinceMsOf(until, nowMs),
  };
}
