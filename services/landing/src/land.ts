// One block into ClickHouse: sort, send what cannot become a row to the dead letters, insert the rest under the block's token.

import type { BadRecord, DeadLetters, Metrics, Clock } from '@watchkeeper/runtime';
import { readWireHeader, schemaFiles, type SchemaIds } from '@watchkeeper/schemas';
import type { Schema, Type } from 'avsc';
import type { Block } from './block.js';
import { buildContainer, containerHeader, type RawRow } from './container.js';
import { firstLine, insertRefused } from './errors.js';
import { insertSqlOf, type InsertSql } from './insert-sql.js';
import { blockToken } from './intent.js';
import { findPoison } from './poison.js';
import type { LandBlock } from './protocol.js';
import { recordSorter, type Refused, type RowGroup } from './rows.js';
import type { Store, StoreOutcome } from './store.js';
import type { Target } from './targets.js';

export interface LandOptions {
  readonly target: Target;
  readonly partition: number;
  readonly database: string;
  readonly store: Pick<Store, 'insert' | 'parse'>;
  readonly deadLetters: DeadLetters;
  readonly schemas: Pick<SchemaIds, 'writerTypeOf' | 'prefetch'>;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** The way of a target's blocks; one per partition, for it remembers what it noted to the share limit. */
export function landInto(options: LandOptions): LandBlock {
  const { target, partition, store, deadLetters, metrics, clock } = options;
  const sort = recordSorter(recordNameOf(target), options.schemas.writerTypeOf);
  const writers = new Map<string, { header: Buffer; sql: InsertSql }>();
  const labels = { role: 'landing', table: target.table };
  /** Last offset that the share limit has heard of: a block tried again is not counted twice. */
  let noted = -1;

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

  async function refuse(block: Block, refused: readonly Refused[], logId: string): Promise<void> {
    if (block.last > noted) deadLetters.note(target.topic, partition, block.records.length, refused.length);
    noted = Math.max(noted, block.last);
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

  return async function landBlock(block, logId, beforeInsert) {
    const unasked = await learnSchemas(block, options.schemas);
    if (unasked !== undefined) return { kind: 'away', error: unasked };
    const { groups, refused } = sort(block.records);
    await refuse(block, refused, logId);
    let rows = 0;
    let deadLettersSent = refused.length;
    for (const group of groups) {
      const { header, sql } = writerOf(group, logId);
      const token = blockToken(logId, target.topic, partition, block.first, block.last, String(group.schemaId));
      const body = buildContainer(header, partition, group.rows);
      await beforeInsert();
      let stored = group.rows.length;
      let outcome = await insert(sql, body, token);
      if (outcome.kind === 'refused') {
        const search = await findPoison(group.rows, (part) =>
          store.parse(sql.parseOnly, buildContainer(header, partition, part)),
        );
        if (search.kind === 'away') return search;
        if (search.bad.length === 0) throw insertRefused(target.table, outcome.error);
        const poison = new Map<RawRow, string>(search.bad.map(({ row, error }) => [row, firstLine(error)]));
        const byOffset = new Map(block.records.map((record) => [record.offset, record]));
        const invalid: Refused[] = [];
        for (const [row, error] of poison) {
          const record = byOffset.get(row.offset);
          if (record !== undefined) invalid.push({ record, reason: 'invalid', error, schemaId: group.schemaId });
        }
        await refuse(block, invalid, logId);
        deadLettersSent += invalid.length;
        const good = group.rows.filter((row) => !poison.has(row));
        stored = good.length;
        await beforeInsert();
        outcome =
          good.length === 0 ? { kind: 'stored' } : await insert(sql, buildContainer(header, partition, good), token);
        if (outcome.kind === 'refused') throw insertRefused(target.table, outcome.error);
      }
      if (outcome.kind === 'away') return outcome;
      rows += stored;
      metrics.count('insertRows', labels, stored);
    }
    const newest = block.records.at(-1);
    if (newest !== undefined)
      metrics.observe(
        'endToEndSeconds',
        { role: 'landing', topic: target.topic },
        Math.max(0, clock.nowMs() - newest.timestampMs) / 1e3,
      );
    return { kind: 'landed', rows, deadLetters: deadLettersSent };
  };
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
