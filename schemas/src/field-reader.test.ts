import avro, { type Type } from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldReader } from './field-reader.js';
import { avroOptions, schemaFiles, writerTypes } from './schema-files.js';
import { arbitraryRecord } from './testing/arbitrary-record.js';
import { view } from './view.js';

const typeOf = (fields: readonly object[]): Type =>
  avro.Type.forSchema({ type: 'record', name: 'Probe', fields } as never, avroOptions());

/** What avsc reads of the same bytes. */
function resolved(reader: Type, writer: Type, bytes: Buffer): object {
  return { ...(reader.fromBuffer(bytes, reader.createResolver(writer)) as object) };
}

function read(reader: Type, writer: Type, bytes: Buffer): object | undefined {
  const fields = fieldReader<object>(reader, writer, {});
  if (fields === undefined) return undefined;
  expect(fields.walk(bytes, 0)).toBe(bytes.length);
  return { ...fields.read(bytes) };
}

describe('fieldReader', () => {
  it('reads what avsc reads, whichever fields are asked for', () => {
    const names = (schemaFiles.AgentEvent as unknown as { fields: { name: string }[] }).fields
      .map(({ name }) => name)
      .filter((name) => name !== 'attributes');
    const writer = writerTypes.AgentEvent;
    fc.assert(
      fc.property(arbitraryRecord(schemaFiles.AgentEvent), fc.subarray(names, { minLength: 1 }), (record, fields) => {
        const { readerType } = view('AgentEvent', fields as never);
        const bytes = writer.toBuffer(record);
        expect(read(readerType, writer, bytes)).toEqual(resolved(readerType, writer, bytes));
      }),
    );
  });

  it('gives a field that the writer does not know its default, and an unknown symbol the default symbol', () => {
    const writer = typeOf([
      { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B', 'NEW'] } },
      { name: 'left', type: 'string' },
      { name: 'size', type: 'int' },
    ]);
    const reader = typeOf([
      { name: 'size', type: 'int' },
      { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['B', 'A'], default: 'A' } },
      { name: 'more', type: ['null', 'long'], default: null },
      { name: 'note', type: 'string', default: 'none' },
    ]);
    for (const [kind, known] of [
      ['A', 'A'],
      ['B', 'B'],
      ['NEW', 'A'],
    ])
      expect(read(reader, writer, writer.toBuffer({ kind, left: 'x', size: -70_000 }))).toEqual({
        size: -70_000,
        kind: known,
        more: null,
        note: 'none',
      });
  });

  it('leaves to avsc what it does not read itself', () => {
    const string = typeOf([{ name: 'value', type: 'string' }]);
    const bytes = typeOf([{ name: 'value', type: 'bytes' }]);
    const list = typeOf([{ name: 'value', type: { type: 'array', items: 'long' } }]);
    const renamed = typeOf([{ name: 'other', aliases: ['value'], type: 'string' }]);
    expect(fieldReader(bytes, string, {})).toBeUndefined();
    expect(fieldReader(list, list, {})).toBeUndefined();
    expect(fieldReader(renamed, string, {})).toBeUndefined();
  });

  it('reads the marks of a content only where the content is not there', () => {
    const { readerType, readWithout } = view('AgentEvent', ['input', 'input_sketch', 'input_fingerprint'], {
      input_sketch: 'input',
      input_fingerprint: 'input',
    });
    const writer = writerTypes.AgentEvent;
    const fields = fieldReader<object>(readerType, writer, readWithout ?? {});
    const [record] = fc.sample(arbitraryRecord(schemaFiles.AgentEvent), 1);
    const marks = { input_sketch: Buffer.from([1, 2, 3, 4]), input_fingerprint: Buffer.alloc(16, 7) };
    for (const input of ['', 'said']) {
      const bytes = writer.toBuffer({ ...record, ...marks, input });
      expect(fields?.walk(bytes, 0)).toBe(bytes.length);
      const none = { input_sketch: Buffer.alloc(0), input_fingerprint: Buffer.alloc(16) };
      expect({ ...fields?.read(bytes) }).toEqual({ input, ...(input === '' ? marks : none) });
    }
  });
});
