// Reader schemas that name only the fields a service uses; Avro skips the rest.

import avro, { type Resolver, type Schema, type Type } from 'avsc';
import type { AgentEvent, Alert, Control, DeadLetter, Detection, Measure } from './generated/types.js';
import { bodyFault, bodyWalker } from './body.js';
import { fieldReader, type FieldReader, type ReadWithout } from './field-reader.js';
import { avroOptions, schemaFiles, type SchemaName } from './schema-files.js';
import { sharedText } from './shared-text.js';
import { wideLong } from './wide-long.js';
import { WIRE_HEADER_BYTES, readWireHeader } from './wire.js';

export interface RecordOf {
  AgentEvent: AgentEvent;
  Detection: Detection;
  Measure: Measure;
  Alert: Alert;
  Control: Control;
  DeadLetter: DeadLetter;
}

export type DecodeFault = 'not_confluent' | 'unknown_schema' | 'undecodable' | 'trailing_bytes';
export type Decoded<T> =
  { kind: 'ok'; value: T; schemaId: number } | { kind: 'bad'; reason: DecodeFault; error: string };

/** A way to read records of one schema: which fields, as which type. */
export interface View<T> {
  readonly schema: SchemaName;
  readonly readerType: Type;
  readonly readWithout?: ReadWithout;
  /** Phantom: the type of a decoded value. */
  readonly value?: T;
}

/** Finds the writer's type for a schema id (catalogue or registry); undefined where the id is unknown. */
export type WriterTypeOf = (schemaId: number) => Type | undefined;

/** A view of `schema` with the named fields alone. Those in `readWithout` are read where the text named there is empty, and else have their defaults. */
export function view<N extends SchemaName, F extends keyof RecordOf[N] & string>(
  schema: N,
  fields: readonly F[],
  readWithout?: Readonly<Partial<Record<F, F>>>,
): View<Pick<RecordOf[N], F>> {
  return {
    schema,
    readWithout: (readWithout ?? {}) as ReadWithout,
    readerType: avro.Type.forSchema(readerSchema(schemaFiles[schema], new Set(fields)), readerOptions()),
  };
}

/** A view of `schema` with every field. */
export function fullView<N extends SchemaName>(schema: N): View<RecordOf[N]> {
  return { schema, readerType: avro.Type.forSchema(readerSchema(schemaFiles[schema]), readerOptions()) };
}

/** Longs are read as {@link wideLong}, strings as {@link sharedText}. */
const readerOptions = () => ({ ...avroOptions(), registry: { long: wideLong, string: sharedText } });

/**
 * Decodes values of the wire format by a view, one resolver per writer schema. Never throws, and the time it takes is bounded by the value's
 * length, whatever the bytes say. An unknown id is asked for again at the next record: it may have been fetched meanwhile.
 */
export function viewDecoder<T>(of: View<T>, writerTypeOf: WriterTypeOf): (value: Buffer | null) => Decoded<T> {
  const readings = new Map<number, FieldReader<T> | string>();
  return function decodeByView(value) {
    const header = readWireHeader(value);
    if (header.kind === 'foreign' || value === null) {
      return bad('not_confluent', header.kind === 'foreign' ? header.why : 'the value is null');
    }
    const { schemaId } = header;
    let reading = readings.get(schemaId);
    if (reading === undefined) {
      const writer = writerTypeOf(schemaId);
      if (!writer) return bad('unknown_schema', `no schema has the id ${schemaId}`);
      reading = readingOf(of, writer);
      readings.set(schemaId, reading);
    }
    if (typeof reading === 'string')
      return bad('unknown_schema', `schema ${schemaId} is not a version of ${of.schema}: ${reading}`);
    try {
      const fault = bodyFault(reading.walk(value, WIRE_HEADER_BYTES), value.length);
      if (fault?.kind === 'undecodable')
        return bad('undecodable', `the body is not a record of schema ${schemaId}: ${fault.why}`);
      if (fault) return bad('trailing_bytes', `${fault.bytes} bytes follow the record`);
      return { kind: 'ok', value: reading.read(value), schemaId };
    } catch (error) {
      return bad('undecodable', error instanceof Error ? error.message : String(error));
    }
  };
}

function bad(reason: DecodeFault, error: string): { kind: 'bad'; reason: DecodeFault; error: string } {
  return { kind: 'bad', reason, error };
}

/** How one writer's schema is read by a view; avsc says whether it can be, and reads what {@link fieldReader} does not. */
function readingOf<T>({ readerType, readWithout = {} }: View<T>, writer: Type): FieldReader<T> | string {
  let resolver: Resolver;
  try {
    resolver = readerType.createResolver(writer);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return (
    fieldReader<T>(readerType, writer, readWithout) ?? {
      walk: bodyWalker(writer),
      read: (bytes) => (readerType.decode(bytes, WIRE_HEADER_BYTES, resolver) as { value: T }).value,
    }
  );
}

/** The schema with the named fields alone, without logical types: services want the plain number. */
function readerSchema(schema: Schema, only?: ReadonlySet<string>): Schema {
  const record = schema as unknown as { fields: { name: string; type: unknown }[] };
  const named = new Map<string, unknown>();
  // Every field is visited, also those left out: a later field may name a type that an earlier one defines.
  const fields = record.fields.map((field) => ({ ...field, type: plainType(field.type, named) }));
  const kept = only ? fields.filter((field) => only.has(field.name)) : fields;
  return { ...(schema as object), fields: inlineOnce(kept, named) } as unknown as Schema;
}

function plainType(type: unknown, named: Map<string, unknown>): unknown {
  if (Array.isArray(type)) return type.map((branch) => plainType(branch, named));
  if (typeof type !== 'object' || type === null) return type;
  const plain = { ...(type as { type: unknown; logicalType?: string; name?: string }) };
  delete plain.logicalType;
  if (plain.type === 'long') return 'long';
  if (plain.name) named.set(plain.name, plain);
  return plain;
}

/** The first mention of a named type carries its definition, later ones its name. */
function inlineOnce(fields: { name: string; type: unknown }[], named: Map<string, unknown>): unknown[] {
  const defined = new Set<string>();
  return fields.map((field) => {
    const name = typeof field.type === 'string' ? field.type : (field.type as { name?: string }).name;
    if (name === undefined || !named.has(name)) return field;
    if (defined.has(name)) return { ...field, type: name };
    defined.add(name);
    return { ...field, type: named.get(name) };
  });
}
