// Golden bytes of one record per version of each topic's schema (fixtures/wire.json): what is on the log must stay readable. UPDATE_GOLDEN=1 writes them anew.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalogue, type SchemaName } from './schema-files.js';
import { defaultRecord } from './testing/default-record.js';
import { catalogueIds } from './schema-ids.js';
import { fullView, viewDecoder } from './view.js';
import { encodeWire, readWireHeader } from './wire.js';

interface Golden {
  readonly schema: SchemaName;
  readonly topic: string;
  readonly id: number;
  readonly record: Record<string, unknown>;
  readonly hex: string;
}

const file = fileURLToPath(new URL('../fixtures/wire.json', import.meta.url));
const ids = catalogueIds();

/** A record whose every field has a value of its own, made from the schema: a moved field moves bytes. */
function recordOf(id: number): Record<string, unknown> {
  const { fields } = ids.schemaOf(id) as unknown as { fields: { name: string; type: unknown }[] };
  return Object.fromEntries(fields.map(({ name, type }, index) => [name, valueOf(type, name, index)]));
}

function valueOf(type: unknown, name: string, index: number): unknown {
  if (Array.isArray(type)) return index % 2 === 0 ? null : valueOf(type[1], name, index);
  if (typeof type === 'object' && type !== null) {
    const complex = type as { type: string; symbols?: string[]; size?: number; items?: unknown; values?: unknown };
    if (complex.type === 'enum') return complex.symbols?.at(-1);
    if (complex.type === 'fixed') return Buffer.alloc(complex.size ?? 0, index);
    if (complex.type === 'array') return [valueOf(complex.items, name, index), valueOf(complex.items, name, index + 1)];
    if (complex.type === 'map')
      return { [name]: valueOf(complex.values, name, index), 'é😀': valueOf(complex.values, '', 0) };
    return valueOf(complex.type, name, index);
  }
  switch (type) {
    case 'string':
      return `${name} é😀\u0000`;
    case 'bytes':
      return Buffer.from([0, index, 255]);
    case 'boolean':
      return true;
    case 'int':
      return -index;
    case 'long':
      return index % 2 === 0 ? 2 ** 52 - 1 - index : -index;
    case 'double':
      return index + 0.25;
    default:
      // The one type that is mentioned by name alone.
      return type === 'Fingerprint' ? Buffer.alloc(16, index) : undefined;
  }
}

/** What a reader of today makes of a record that lacks everything that may be absent. */
const defaultsOf = (schema: SchemaName): object => plain(defaultRecord(schema)) as object;

/** Buffers as hex, both in the file and when compared. */
const plain = (record: object): unknown =>
  JSON.parse(
    JSON.stringify(record, (_key, value: unknown) =>
      (value as { type?: string } | null)?.type === 'Buffer'
        ? { hex: Buffer.from((value as { data: number[] }).data).toString('hex') }
        : value,
    ),
  );

if (process.env['UPDATE_GOLDEN'] === '1') {
  const goldens = catalogue.map(({ id, schema, subject }) => {
    const topic = subject.replace(/-value$/, '');
    const record = recordOf(id);
    return {
      schema,
      topic,
      id,
      record: plain(record),
      hex: encodeWire(id, ids.writerTypeOf(id)!, record).toString('hex'),
    };
  });
  writeFileSync(file, `${JSON.stringify(goldens, null, 2)}\n`);
}

const goldens = JSON.parse(readFileSync(file, 'utf8')) as Golden[];

it('cover every version', () => {
  expect(goldens.map(({ id }) => id)).toEqual(catalogue.map(({ id }) => id));
});

describe.each(goldens)('$topic under id $id', ({ schema, id, record, hex }) => {
  it('is written as it always was', () => {
    const writer = ids.writerTypeOf(id)!;
    expect(encodeWire(id, writer, recordOf(id)).toString('hex')).toBe(hex);
  });

  it('is read as it always was', () => {
    const bytes = Buffer.from(hex, 'hex');
    expect(readWireHeader(bytes)).toEqual({ kind: 'ok', schemaId: id });
    const decoded = viewDecoder(fullView(schema), ids.writerTypeOf)(bytes);
    expect(decoded.kind === 'ok' && plain(decoded.value as object)).toEqual({ ...defaultsOf(schema), ...record });
  });
});
