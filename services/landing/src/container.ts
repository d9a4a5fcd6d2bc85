// A block of raw record bodies as an Avro object container that ClickHouse parses: no body is decoded here.
//
// Bodies do not delimit themselves, so each message is an Avro block of its own (count 1, its size, sync), and
// each row ends with its offset again: a body that is shorter or longer than its schema says shows there.

import type { Schema } from 'avsc';
import { longBytes, writeLong } from './varint.js';

/** A record's place and its Avro body, `value` from `bodyStart` on. */
export interface RawRow {
  readonly offset: number;
  readonly timestampMs: number;
  readonly value: Buffer;
  readonly bodyStart: number;
}

const MAGIC = Buffer.from('Obj\u0001', 'latin1');
// Any 16 bytes do: each message is read within its own size, so a body that forges the marker gains nothing by it.
const SYNC = Buffer.from('watchkeeper-sync', 'latin1');
// count, size, partition, offset twice, timestamp: the longest varints, and the marker.
const MAX_OVERHEAD_BYTES = 1 + 5 + 5 + 8 + 8 + 8 + SYNC.length;

interface RecordSchema {
  readonly type: string;
  readonly name: string;
  readonly fields: readonly unknown[];
}

/**
 * The container's schema: kafka_partition, kafka_offset, kafka_timestamp (ms), the writer's own fields, offset_again.
 * Throws where `writer` is not a record schema.
 */
export function compositeSchema(writer: Schema): Schema {
  const record = writer as unknown as RecordSchema;
  if (record.type !== 'record')
    throw new TypeError(`A topic's writer schema must be a record; this one is ${record.type}.`);
  const fields = [
    { name: 'kafka_partition', type: 'int' },
    { name: 'kafka_offset', type: 'long' },
    { name: 'kafka_timestamp', type: 'long' },
    ...record.fields,
    { name: 'offset_again', type: 'long' },
  ];
  return { ...record, name: `${record.name}Row`, fields } as unknown as Schema;
}

/** The container's header for a writer schema; made once per schema and reused. */
export function containerHeader(writer: Schema): Buffer {
  const entries: readonly [string, string][] = [
    ['avro.schema', JSON.stringify(compositeSchema(writer))],
    ['avro.codec', 'null'],
  ];
  const parts: Buffer[] = [MAGIC, varint(entries.length)];
  for (const [key, value] of entries) {
    parts.push(varint(Buffer.byteLength(key)), Buffer.from(key), varint(Buffer.byteLength(value)), Buffer.from(value));
  }
  parts.push(varint(0), SYNC);
  return Buffer.concat(parts);
}

/** One container of `rows` of one partition and one writer schema. Each body is copied once. */
export function buildContainer(header: Buffer, partition: number, rows: readonly RawRow[]): Buffer {
  let bound = header.length;
  for (const row of rows) bound += row.value.length - row.bodyStart + MAX_OVERHEAD_BYTES;
  const out = Buffer.allocUnsafeSlow(bound);
  header.copy(out, 0);
  let at = header.length;
  const partitionBytes = longBytes(partition);
  for (const { value, bodyStart, offset, timestampMs } of rows) {
    const size = partitionBytes + 2 * longBytes(offset) + longBytes(timestampMs) + value.length - bodyStart;
    at = writeLong(out, at, 1);
    at = writeLong(out, at, size);
    at = writeLong(out, at, partition);
    at = writeLong(out, at, offset);
    at = writeLong(out, at, timestampMs);
    at += value.copy(out, at, bodyStart);
    at = writeLong(out, at, offset);
    at += SYNC.copy(out, at);
  }
  return out.subarray(0, at);
}

function varint(value: number): Buffer {
  const bytes = Buffer.alloc(10);
  return bytes.subarray(0, writeLong(bytes, 0, value));
}
