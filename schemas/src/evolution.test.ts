// Every published version against every other, both ways; and the rules that keep it so.

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import avro, { type Schema } from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enumsOf, evolutionFaults } from './evolution.js';
import { SCHEMA_NAMES, avroOptions, catalogue, publishedSchema, schemaFiles, type SchemaName } from './schema-files.js';
import { arbitraryRecord } from './testing/arbitrary-record.js';

const versionsOf = (name: SchemaName): number[] =>
  readdirSync(fileURLToPath(new URL(`../published/${name}/`, import.meta.url)))
    .map((file) => Number(/^v(\d+)\.avsc$/.exec(file)?.[1]))
    .sort((a, b) => a - b);

/** What the Avro specification lets a reader of `reader` make of a record that `writer` wrote. */
function roundTrip(writer: Schema, reader: Schema): void {
  const from = avro.Type.forSchema(writer, avroOptions());
  const to = avro.Type.forSchema(reader, avroOptions());
  const resolver = to.createResolver(from);
  const readerFields = (reader as unknown as { fields: { name: string; default?: unknown }[] }).fields;
  const writerFields = new Set((writer as unknown as { fields: { name: string }[] }).fields.map(({ name }) => name));
  const known = new Set(enumsOf(reader).flatMap(({ symbols }) => symbols));
  const written = new Set(enumsOf(writer).flatMap(({ symbols }) => symbols));
  fc.assert(
    fc.property(arbitraryRecord(writer), (record) => {
      const read = to.fromBuffer(from.toBuffer(record), resolver) as Record<string, unknown>;
      for (const { name } of readerFields) {
        const value = record[name];
        if (!writerFields.has(name)) expect(read).toHaveProperty(name);
        else if (typeof value === 'string' && written.has(value) && !known.has(value))
          expect(known).toContain(read[name]);
        else expect(read[name]).toEqual(value);
      }
    }),
    { numRuns: 30 },
  );
}

describe.each(SCHEMA_NAMES)('%s', (name) => {
  const versions = versionsOf(name);
  const pairs = versions.flatMap((writer) => versions.map((reader) => [writer, reader] as const));

  it('has its newest version published: copy avro/*.avsc to published/ as the next version, and add a line to catalogue.json', () => {
    expect(versions).toEqual(versions.map((_, index) => index + 1));
    expect(publishedSchema(name, versions.length)).toEqual(schemaFiles[name]);
  });

  it('has an id of its own for every published version', () => {
    expect(catalogue.filter(({ schema }) => schema === name).map(({ version }) => version)).toEqual(versions);
  });

  it.each(pairs)('what version %i wrote, version %i reads', (writer, reader) => {
    roundTrip(publishedSchema(name, writer), publishedSchema(name, reader));
  });

  it('keeps the rules from each version to each later one', () => {
    for (const [before, next] of pairs.filter(([a, b]) => a < b)) {
      expect(evolutionFaults(publishedSchema(name, before), publishedSchema(name, next))).toEqual([]);
    }
  });

  it('has a default symbol in every enum that may grow, and unions of null and one type alone', () => {
    for (const { name: symbols, default: otherwise } of enumsOf(schemaFiles[name])) {
      if (symbols !== 'MeasureKind') expect(otherwise, symbols).toBeDefined();
    }
    for (const { type } of (schemaFiles[name] as unknown as { fields: { type: unknown }[] }).fields) {
      if (Array.isArray(type)) expect([type.length, type[0]]).toEqual([2, 'null']);
    }
  });

  it('can take one more field and one more symbol, and then still reads and is read', () => {
    const next = structuredClone(schemaFiles[name]) as unknown as { fields: object[] };
    next.fields.push({ name: 'added_later', type: ['null', 'string'], default: null });
    const grown = enumsOf(next).find(({ default: otherwise }) => otherwise !== undefined);
    (grown?.symbols as string[] | undefined)?.push('ADDED_LATER');
    expect(evolutionFaults(schemaFiles[name], next)).toEqual([]);
    roundTrip(schemaFiles[name], next as unknown as Schema);
    roundTrip(next as unknown as Schema, schemaFiles[name]);
  });
});

it('has no id twice in the catalogue', () => {
  const ids = catalogue.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe('evolutionFaults', () => {
  const symbols = { type: 'enum', name: 'E', symbols: ['A', 'B'] };
  const a = { name: 'a', type: 'string' };
  const b = { name: 'b', type: 'long', default: 0 };
  const record = (...fields: object[]): object => ({ type: 'record', name: 'R', fields });

  it.each([
    ['a removed field', record(a, b), record(a)],
    ['a moved field', record(a, b), record(b, a)],
    ['another type', record(a), record({ ...a, type: 'bytes' })],
    ['a lost default', record(b), record({ name: 'b', type: 'long' })],
    ['an added field without default', record(a), record(a, { name: 'c', type: 'string' })],
    [
      'a removed symbol',
      record({ name: 'e', type: symbols }),
      record({ name: 'e', type: { ...symbols, symbols: ['A'] } }),
    ],
    [
      'a symbol in the middle',
      record({ name: 'e', type: symbols }),
      record({ name: 'e', type: { ...symbols, default: 'A', symbols: ['A', 'C', 'B'] } }),
    ],
    [
      'a symbol that older readers have no default for',
      record({ name: 'e', type: symbols }),
      record({ name: 'e', type: { ...symbols, symbols: ['A', 'B', 'C'] } }),
    ],
  ])('names %s', (_what, before, next) => {
    expect(evolutionFaults(before, next)).not.toEqual([]);
  });
});
