// Sorting a block's records: rows by writer schema, and those that cannot become rows, with why.

import {
  bodyFault,
  bodyWalker,
  readWireHeader,
  WIRE_HEADER_BYTES,
  type BodyWalker,
  type WriterTypeOf,
} from '@watchkeeper/schemas';
import type { LogRecord } from '@watchkeeper/runtime';
import type { Type } from 'avsc';
import type { RawRow } from './container.js';

/** A record that cannot become a row. */
export interface Refused {
  readonly record: LogRecord;
  readonly reason: 'not_confluent' | 'unknown_schema' | 'wrong_schema' | 'undecodable' | 'trailing_bytes' | 'invalid';
  readonly error: string;
  readonly schemaId: number;
}

/** Rows of one writer schema, in offset order. */
export interface RowGroup {
  readonly schemaId: number;
  readonly writer: Type;
  readonly rows: readonly RawRow[];
}

export interface SortedRecords {
  readonly groups: readonly RowGroup[];
  readonly refused: readonly Refused[];
}

type Writer =
  | { readonly kind: 'ok'; readonly type: Type; readonly walk: BodyWalker }
  | { readonly kind: 'wrong'; readonly name: string };

/** Sorts records of a topic whose values must be records named `recordName`, e.g. watchkeeper.AgentEvent. */
export function recordSorter(
  recordName: string,
  writerTypeOf: WriterTypeOf,
): (records: readonly LogRecord[]) => SortedRecords {
  const writers = new Map<number, Writer>();
  function writerOf(schemaId: number): Writer | undefined {
    const known = writers.get(schemaId);
    if (known !== undefined) return known;
    const type = writerTypeOf(schemaId);
    if (type === undefined) return undefined;
    const name = (type as { readonly name?: string }).name ?? '';
    const writer: Writer = name === recordName ? { kind: 'ok', type, walk: bodyWalker(type) } : { kind: 'wrong', name };
    writers.set(schemaId, writer);
    return writer;
  }
  return function sortRecords(records) {
    const groups = new Map<number, { schemaId: number; writer: Type; rows: RawRow[] }>();
    const refused: Refused[] = [];
    for (const record of records) {
      const header = readWireHeader(record.value);
      if (header.kind === 'foreign' || record.value === null) {
        const why = header.kind === 'foreign' ? header.why : 'the value is null';
        refused.push({
          record,
          reason: 'not_confluent',
          error: `Not in the Confluent wire format: ${why}.`,
          schemaId: -1,
        });
        continue;
      }
      const { schemaId } = header;
      const writer = writerOf(schemaId);
      if (writer?.kind !== 'ok') {
        refused.push(
          writer === undefined
            ? {
                record,
                reason: 'unknown_schema',
                error: `Schema id ${schemaId} is unknown: register it, or mend the producer.`,
                schemaId,
              }
            : {
                record,
                reason: 'wrong_schema',
                error: `Schema id ${schemaId} is ${writer.name}; this topic holds ${recordName}.`,
                schemaId,
              },
        );
        continue;
      }
      const fault = bodyFault(writer.walk(record.value, WIRE_HEADER_BYTES), record.value.length);
      if (fault !== undefined) {
        const error =
          fault.kind === 'undecodable'
            ? `The body cannot be decoded: ${fault.why}.`
            : `The body holds ${fault.bytes} bytes beyond its record.`;
        refused.push({ record, reason: fault.kind, error, schemaId });
        continue;
      }
      let group = groups.get(schemaId);
      if (group === undefined) groups.set(schemaId, (group = { schemaId, writer: writer.type, rows: [] }));
      group.rows.push({
        offset: record.offset,
        timestampMs: record.timestampMs,
        value: record.value,
        bodyStart: WIRE_HEADER_BYTES,
      });
    }
    return { groups: [...groups.values()], refused };
  };
}
