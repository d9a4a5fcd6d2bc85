// Which schema an id means, without a registry: the catalogue.

import { catalogue, encodeWire, writerTypes, type SchemaName, type WriterTypeOf } from '@watchkeeper/schemas';

/** Ids of schemas, both ways. */
export interface SchemaSource {
  readonly writerTypeOf: WriterTypeOf;
  /** Looks up an id that is not known yet; true where it is now. */
  load(schemaId: number): Promise<boolean>;
  /** A value in the wire format, by the newest version. */
  encode(schema: SchemaName, record: unknown): Buffer;
}

/** Ids as catalogue.json gives them. */
export function catalogueSource(): SchemaSource {
  const nameOf = new Map(catalogue.map((entry) => [entry.id, entry.schema]));
  const newest = new Map<SchemaName, { id: number; version: number }>();
  for (const { id, schema, version } of catalogue) {
    if (version > (newest.get(schema)?.version ?? 0)) newest.set(schema, { id, version });
  }
  return {
    writerTypeOf(schemaId) {
      const name = nameOf.get(schemaId);
      return name && writerTypes[name];
    },
    load: () => Promise.resolve(false),
    encode: (schema, record) => encodeWire(newest.get(schema)?.id ?? 0, writerTypes[schema], record),
  };
}
