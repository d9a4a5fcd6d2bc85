// One block into ClickHouse: sort, send what cannot become a row to the dead letters, insert the rest under the block's token.

import { randomUUID } from 'node:crypto';
import type { BadRecord, DeadLetters, Metrics, Clock } from '@watchkeeper/runtime';
import { readWireHeader, schemaFiles, WatchkeeperError, type SchemaIds } from '@watchkeeper/schemas';
import type { Schema, Type } from 'avsc';
import type { Block } from './block.js';
import { buildContainer, containerHeader, type RawRow } from './container.js';
import { firstLine, insertRefused, notAloneYet, readBackRefused, rowsMissing, stillRunning } from './errors.js';
import { clampMillis, insertSqlOf, type InsertSql } from './insert-sql.js';
import { blockToken } from './intent.js';
import { findPoison } from './poison.js';
import type { LandBlock, Landed, Try } from './protocol.js';
import { recordSorter, type Refused, type RowGroup } from './rows.js';
import { outcomeOf } from './store-errors.js';
import type { BlockPlace, Store, StoreOutcome } from './store.js';
import type { Target } from './targets.js';

export interface LandOptions {
  readonly target: Target;
  readonly partition: number;
  readonly database: string;
  readonly store: Pick<Store, 'insert' | 'parse' | 'readBack'>;
  readonly deadLetters: DeadLetters;
  readonly schemas: Pick<SchemaIds, 'writerTypeOf' | 'prefetch'>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** A block that was begun before was read back, for its tokens were in doubt. */
  readonly onReadBack?: (found: ReadBackFound) => void;
}

/** What reading a block back came to. */
export interface ReadBackFound {
  readonly first: number;
  readonly last: number;
  readonly why: string;
  /** Rows that were there. */
  readonly stored: number;
  /** Keys of rollups that were short of them. */
  readonly mended: number;
}

/** The way of a target's blocks; one per partition, for it remembers what it noted to the share limit. */
export function landInto(options: LandOptions): LandBlock {
  const { target, partition, store, deadLetters, metrics, clock } = options;
  const { readBack } = store;
  const sort = recordSorter(recordNameOf(target), options.schemas.writerTypeOf);
  const writers = new Map<string, { header: Buffer; sql: InsertSql }>();
  const labels = { role: 'landing', table: target.table };
  /** Last offset that the share limit has heard of, by who refused: a block tried again is not counted twice. */
  const noted = new Map<string, number>();
  /** The block that was refused last though all of it parses. */
  let puzzledAt = -1;

  function writerOf(group: RowGroup, logId: string): { header: Buffer; sql: InsertSql } {
    const key = `${group.schemaId} ${logId}`;
    let writer = writers.get(key);
    if (writer === undefined) {
      const schema = plainSchema(group.writer);
      writer = { header: containerHeader(schema), sql: insertSqlOf(target, schema, options.database, logId) };
      writers.set(key, writer);
    }
    return writer;
  }

  async function refuse(
    block: Block,
    refused: readonly Refused[],
    { logId, by, judged }: { logId: string; by: string; judged: number },
  ): Promise<void> {
    if (block.last > (noted.get(by) ?? -1)) {
      deadLetters.note(target.topic, partition, judged, refused.length);
      noted.set(by, block.last);
    }
    for (const { reason } of refused) metrics.count('recordsBad', { role: 'landing', topic: target.topic, reason });
    await deadLetters.send(
      refused.map((one): BadRecord => ({
        topic: target.topic,
        partition,
        record: one.record,
        reason: one.reason,
        error: one.error,
        schemaId: one.schemaId,
        logId,
      })),
    );
  }

  async function insert(sql: InsertSql, body: Buffer, token: string): Promise<StoreOutcome> {
    const startedMs = clock.nowMs();
    const background = target.lane === 'events';
    const outcome = await store.insert({ table: target.table, sql: sql.insert, body, token, background });
    if (outcome.kind === 'away') metrics.count('insertRetries', labels);
    metrics.observe('insertSeconds', labels, (clock.nowMs() - startedMs) / 1e3);
    return outcome;
  }

  /** What of a block that was begun before is stored; undefined: its tokens stand for it, and it goes in again under them. */
  async function lookBack(block: Block, logId: string, attempt: Try): Promise<ReadonlySet<number> | undefined> {
    if (!attempt.again || block.records.length === 0) return undefined;
    const place = placeOf(block, logId);
    const name = tokenOf(block, logId);
    // An insert at work may have its token remembered and its rows not yet stored: ClickHouse would take this one for its repetition, and may die before either is there.
    await mustNotRun(name);
    // One that failed may have left its token without its rows: a full disk, a query that was cancelled.
    const why = attempt.failed ? 'a try of it has failed' : await readBack.doubt(place);
    if (why === undefined) return undefined;
    // What is absent now must not come later from an insert that somebody has yet to begin, or has begun since.
    if (!attempt.alone) throw notAloneYet(target.topic, partition);
    await mustNotRun(name);
    const stored = await readBack.offsetsIn(place);
    // Rows stored before whose views may have missed them; those that go in now take their views along.
    const mended = stored.size === 0 ? 0 : await readBack.mend(place, name, attempt.beforeInsert);
    metrics.count('blocksReadBack', labels);
    options.onReadBack?.({ first: block.first, last: block.last, why, stored: stored.size, mended });
    return stored;
  }

  /** The rows that the tokens of a block stood for are there: an insert that another holder had begun may be at work still, or have failed. */
  async function mustBeStored(block: Block, logId: string, rows: number): Promise<void> {
    await mustNotRun(tokenOf(block, logId));
    if ((await readBack.offsetsIn(placeOf(block, logId))).size < rows) throw rowsMissing(target.table);
  }

  /** No insert under a token that begins so is at work. */
  async function mustNotRun(tokenStart: string): Promise<void> {
    if (await readBack.isRunning(tokenStart)) throw stillRunning(target.table);
  }

  const tokenOf = ({ first, last }: Block, logId: string, what = ''): string =>
    blockToken(logId, target.topic, partition, first, last, what);

  function placeOf({ first, last, records }: Block, logId: string): BlockPlace {
    let [fromMs, toMs] = [Infinity, 0];
    for (const { timestampMs } of records) {
      fromMs = Math.min(fromMs, timestampMs);
      toMs = Math.max(toMs, timestampMs);
    }
    const { table, topic } = target;
    return { table, topic, logId, partition, first, last, fromMs: clampMillis(fromMs), toMs: clampMillis(toMs) };
  }

  /** A refusal that no row explains gets a second try: a table may have been altered meanwhile, a body cut short by a proxy. */
  function onceMore(block: Block, error: Error): Landed {
    if (puzzledAt === block.first) throw insertRefused(target.table, error);
    puzzledAt = block.first;
    return { kind: 'away', error };
  }

  /** Inserts rows of one writer under one token, without those that only the engine finds bad. */
  async function insertGroup(
    block: Block,
    logId: string,
    { group, rows, token, attempt }: { group: RowGroup; rows: readonly RawRow[]; token: string; attempt: Try },
  ): Promise<Landed> {
    const { header, sql } = writerOf(group, logId);
    await attempt.beforeInsert();
    const outcome = await insert(sql, buildContainer(header, partition, rows), token);
    if (outcome.kind === 'away') return outcome;
    if (outcome.kind === 'stored') return { kind: 'landed', rows: rows.length, deadLetters: 0 };
    const search = await findPoison(rows, (part) =>
      store.parse(sql.parseOnly, buildContainer(header, partition, part)),
    );
    if (search.kind === 'away') return search;
    if (search.bad.length === 0) return onceMore(block, outcome.error);
    const poison = new Map<RawRow, string>(search.bad.map(({ row, error }) => [row, firstLine(error)]));
    await refuse(block, invalidOnes(block, poison, group.schemaId), {
      logId,
      by: `engine, of schema ${group.schemaId}`,
      // The sorter has counted them.
      judged: 0,
    });
    const good = rows.filter((row) => !poison.has(row));
    if (good.length > 0) {
      await attempt.beforeInsert();
      const second = await insert(sql, buildContainer(header, partition, good), token);
      if (second.kind === 'refused') throw insertRefused(target.table, second.error);
      if (second.kind === 'away') return second;
    }
    return { kind: 'landed', rows: good.length, deadLetters: poison.size };
  }

  return async function landBlock(block, logId, attempt) {
    const unasked = await learnSchemas(block, options.schemas);
    if (unasked !== undefined) return { kind: 'away', error: unasked };
    const { groups, refused } = sort(block.records);
    await refuse(block, refused, { logId, by: 'sorter', judged: block.records.length });
    const back = await answerOf(target.table, () => lookBack(block, logId, attempt));
    if (back.kind === 'away') return back;
    const stored = back.found;
    let rows = 0;
    let deadLettersSent = refused.length;
    // Under a name of its own: no try, failed or not, has left that one behind.
    const suffix = stored === undefined ? '' : `:absent:${randomUUID()}`;
    for (const group of groups) {
      const absent = stored === undefined ? group.rows : group.rows.filter((row) => !stored.has(row.offset));
      rows += group.rows.length - absent.length;
      if (absent.length === 0) continue;
      const token = tokenOf(block, logId, String(group.schemaId)) + suffix;
      const landed = await insertGroup(block, logId, { group, rows: absent, token, attempt });
      if (landed.kind === 'away') return landed;
      rows += landed.rows;
      deadLettersSent += landed.deadLetters;
      metrics.count('insertRows', labels, landed.rows);
    }
    const newest = block.records.at(-1);
    if (attempt.again && stored === undefined && newest !== undefined) {
      const kept = await answerOf(target.table, () => mustBeStored(block, logId, rows));
      if (kept.kind === 'away') return kept;
    }
    if (newest !== undefined)
      metrics.observe(
        'endToEndSeconds',
        { role: 'landing', topic: target.topic },
        Math.max(0, clock.nowMs() - newest.timestampMs) / 1e3,
      );
    return { kind: 'landed', rows, deadLetters: deadLettersSent };
  };
}

/** An answer of ClickHouse's, or that it is away. Throws WK_READ_BACK where it refuses, and whatever is not ClickHouse's. */
async function answerOf<T>(
  table: string,
  ask: () => Promise<T>,
): Promise<{ kind: 'answer'; found: T } | Extract<StoreOutcome, { kind: 'away' }>> {
  try {
    return { kind: 'answer', found: await ask() };
  } catch (cause) {
    if (cause instanceof WatchkeeperError) throw cause;
    const outcome = outcomeOf(cause);
    if (outcome.kind === 'refused') throw readBackRefused(table, outcome.error);
    return outcome;
  }
}

function invalidOnes(block: Block, poison: ReadonlyMap<RawRow, string>, schemaId: number): Refused[] {
  const byOffset = new Map(block.records.map((record) => [record.offset, record]));
  const invalid: Refused[] = [];
  for (const [row, error] of poison) {
    const record = byOffset.get(row.offset);
    if (record !== undefined) invalid.push({ record, reason: 'invalid', error, schemaId });
  }
  return invalid;
}

/** The full name that a topic's records must have. */
export function recordNameOf(target: Target): string {
  const { namespace, name } = schemaFiles[target.schema] as unknown as { namespace?: string; name: string };
  return namespace === undefined ? name : `${namespace}.${name}`;
}

/** The writer's schema without prose: it stands in every container. */
export function plainSchema(writer: Type): Schema {
  return JSON.parse(
    JSON.stringify(writer.schema({ exportAttrs: true }), (key, value: unknown) => (key === 'doc' ? undefined : value)),
  ) as Schema;
}

/** Asks the registry for ids that are new here. The error where it is away: then nobody can say which records are bad. */
async function learnSchemas(block: Block, schemas: LandOptions['schemas']): Promise<Error | undefined> {
  const unknown = new Set<number>();
  for (const record of block.records) {
    const header = readWireHeader(record.value);
    if (header.kind === 'ok' && schemas.writerTypeOf(header.schemaId) === undefined) unknown.add(header.schemaId);
  }
  try {
    for (const schemaId of unknown) await schemas.prefetch(schemaId);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}
