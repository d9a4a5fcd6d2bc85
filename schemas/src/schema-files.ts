// The contract's files: avro/*.avsc and catalogue.json, read once.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import avro, { type Schema, type Type } from 'avsc';

export const SCHEMA_NAMES = ['AgentEvent', 'Detection', 'Measure', 'Alert', 'Control', 'DeadLetter'] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];

/** One line of catalogue.json: which schema an id means where no registry is set. */
export interface CatalogueEntry {
  readonly id: number;
  readonly subject: string;
  readonly version: number;
  readonly schema: SchemaName;
}

const read = (path: string): unknown =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8'));

/** The parsed .avsc of the newest version of a schema. */
export const schemaFiles = Object.fromEntries(
  SCHEMA_NAMES.map((name) => [name, read(`avro/${name}.avsc`) as Schema]),
) as Readonly<Record<SchemaName, Schema>>;

/** The schema of a published version; throws where there is no such file. */
export const publishedSchema = (name: SchemaName, version: number): Schema =>
  read(`published/${name}/v${version}.avsc`) as Schema;

export const catalogue = read('catalogue.json') as readonly CatalogueEntry[];

/** Unions unwrapped: every union of the contract is null or one type, hence unambiguous. A new object each time, for avsc keeps its registry in it. */
export const avroOptions = (): { wrapUnions: 'never' } => ({ wrapUnions: 'never' });

/** avsc types for writing the newest version. */
export const writerTypes = Object.fromEntries(
  SCHEMA_NAMES.map((name) => [name, avro.Type.forSchema(schemaFiles[name], avroOptions())]),
) as Readonly<Record<SchemaName, Type>>;
