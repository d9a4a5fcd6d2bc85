// Test only: a record in which every field has its schema's default, to be overridden where a test cares.

import type { RecordOf } from '../view.js';
import { writerTypes, type SchemaName } from '../schema-files.js';

/** Of the newest version. A field without a default is undefined. */
export function defaultRecord<N extends SchemaName>(schema: N): RecordOf[N] {
  const { fields } = writerTypes[schema] as unknown as { fields: { name: string; defaultValue(): unknown }[] };
  return Object.fromEntries(fields.map((field) => [field.name, field.defaultValue()])) as unknown as RecordOf[N];
}
