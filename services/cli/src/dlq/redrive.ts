// Driving dead letters again: into the topic they were refused from, each at most once, whatever stops in between.
//
// Invariant: a record and the journal's word that it was driven are one transaction under one transactional id, opened before the journal is
// read. So whoever reads the journal reads the word of every record that earlier runs have put into the log, and of no other; and two runs
// at once fence each other.

import { recordNameOf, recordSorter, TARGETS } from '@watchkeeper/landing';
import type { Clock, LogAdapter, OutgoingRecord } from '@watchkeeper/runtime';
import { readWireHeader, type SchemaIds } from '@watchkeeper/schemas';
import { JOURNAL, journalRecord, originKey, redriven } from './journal.js';
import { isCut, nameOf, recordOf, type Letter } from './letters.js';

export const REDRIVEN_FROM = 'watchkeeper-redriven-from';
const TRANSACTIONAL_ID = 'dlq.redrive';
/** Of one transaction. With a last record of 256 kB, its key and headers it stays below the 1 MB that most topics take at once. */
const MOST_RECORDS = 200;
const MOST_BYTES = 512 * 1024;

export interface RedriveOptions {
  readonly log: LogAdapter;
  readonly schemas: SchemaIds;
  readonly clock: Clock;
  readonly letters: AsyncIterable<Letter>;
  /** Says what would be done, and does nothing. */
  readonly dryRun: boolean;
  /** Drives also what would be refused again for the same reason. */
  readonly force: boolean;
}

export interface RedriveReport {
  readonly dryRun: boolean;
  /** Letters looked at. */
  readonly letters: number;
  /** Driven now; with dryRun: would be. */
  readonly redriven: number;
  /** Driven by an earlier run. */
  readonly already: number;
  /** Only the beginning of the record was kept: it cannot be driven whole. */
  readonly cut: number;
  /** Would be refused again, and were left. */
  readonly stillBad: number;
  /** By reason, of those that are still bad. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** Throws WK_FENCED where another run began meanwhile, WK_NO_TOPIC, and Kafka's own errors; what was driven until then is in the journal. */
export async function redrive(options: RedriveOptions): Promise<RedriveReport> {
  const { log, clock, dryRun, force } = options;
  const transactor = dryRun ? undefined : await log.transactor(TRANSACTIONAL_ID);
  try {
    const done = await redriven(log);
    const judge = judgement(options.schemas);
    const counts = { letters: 0, redriven: 0, already: 0, cut: 0, stillBad: 0 };
    const reasons: Record<string, number> = {};
    let pending: Letter[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      if (pending.length === 0) return;
      await transactor?.appendTo(appendsOf(pending, clock.nowMs()));
      counts.redriven += pending.length;
      pending = [];
      bytes = 0;
    };
    for await (const letter of options.letters) {
      counts.letters += 1;
      if (done.has(originKey(letter))) counts.already += 1;
      else if (isCut(letter)) counts.cut += 1;
      else {
        const reason = force ? undefined : await judge(letter);
        if (reason !== undefined) {
          counts.stillBad += 1;
          reasons[reason] = (reasons[reason] ?? 0) + 1;
          continue;
        }
        done.add(originKey(letter));
        pending.push(letter);
        bytes += letter.value.length + letter.key.length;
        if (pending.length >= MOST_RECORDS || bytes >= MOST_BYTES) await flush();
      }
    }
    await flush();
    return { dryRun, ...counts, reasons };
  } finally {
    await transactor?.close();
  }
}

/** The records under their topics, and the journal's word of each. */
function appendsOf(letters: readonly Letter[], nowMs: number): { topic: string; records: OutgoingRecord[] }[] {
  const topics = new Map<string, OutgoingRecord[]>();
  for (const letter of letters) {
    const records = topics.get(letter.topic) ?? [];
    topics.set(letter.topic, records);
    const { key, value, headers } = recordOf(letter);
    records.push({ key, value, headers: { ...headers, [REDRIVEN_FROM]: `${letter.logId}/${nameOf(letter)}` } });
  }
  return [
    ...[...topics].map(([topic, records]) => ({ topic, records })),
    { topic: JOURNAL, records: letters.map((letter) => journalRecord(letter, letter.sha256, nowMs)) },
  ];
}

/** Why landing would refuse a letter's record as of now; undefined: as far as can be told without the engine, it would not. */
function judgement(schemas: SchemaIds): (letter: Letter) => Promise<string | undefined> {
  const sorters = new Map(
    TARGETS.map((target) => [target.topic, recordSorter(recordNameOf(target), schemas.writerTypeOf)]),
  );
  return async (letter) => {
    const record = recordOf(letter);
    const header = readWireHeader(record.value);
    if (header.kind === 'ok' && schemas.writerTypeOf(header.schemaId) === undefined)
      await schemas.prefetch(header.schemaId);
    return sorters.get(letter.topic)?.([record]).refused[0]?.reason;
  };
}
