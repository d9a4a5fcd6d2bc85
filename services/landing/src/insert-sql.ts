// The statement that turns a container into rows: which field goes into which column, and how times become total.

import { schemaFiles } from '@watchkeeper/schemas';
import type { Schema } from 'avsc';
import { quote, quoteName } from './quote.js';
import type { Target } from './targets.js';

/** An insert and its twin that parses the same bytes and stores nothing. */
export interface InsertSql {
  readonly insert: string;
  readonly parseOnly: string;
}

// Between them every date function of ClickHouse is exact; outside, DateTime wraps around in silence.
export const MAX_MICROS = 4_291_747_199_999_999;
const MAX_MILLIS = 4_291_747_199_999;

/** As a row's kafka_timestamp is stored. */
export const clampMillis = (ms: number): number => Math.min(Math.max(ms, 0), MAX_MILLIS);

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
}

const fieldsOf = (schema: Schema): readonly Field[] => (schema as unknown as { fields: readonly Field[] }).fields;

/**
 * The statements for containers of `writer`'s rows. A field that `writer` does not have yet gets the newest schema's default;
 * one that the table does not have is left out.
 */
export function insertSqlOf(target: Target, writer: Schema, database: string, logId: string): InsertSql {
  const written = new Map(fieldsOf(writer).map((field) => [field.name, field]));
  const structure = ['kafka_partition Int32', 'kafka_offset Int64', 'kafka_timestamp Int64'];
  const columns = ['kafka_partition', 'kafka_offset', 'kafka_timestamp', 'log_id'];
  const values = ['kafka_partition', 'kafka_offset', timestamp('kafka_timestamp', 'Milli', MAX_MILLIS), quote(logId)];
  for (const field of fieldsOf(schemaFiles[target.schema])) {
    columns.push(quoteName(target.renamed[field.name] ?? field.name));
    const name = quoteName(field.name);
    const source = written.get(field.name);
    if (source === undefined) {
      values.push(literal(field.default));
      continue;
    }
    structure.push(`${name} ${columnType(source.type, namedTypes(writer))}`);
    values.push(valueOf(name, field.type));
  }
  if (target.schema === 'AgentEvent') {
    columns.push('occurred_at_raw');
    values.push(`if(occurred_at < 0 OR occurred_at > ${MAX_MICROS}, occurred_at, NULL)`);
  }
  structure.push('offset_again Int64');
  const from = `FROM input(${quote(structure.join(', '))}) WHERE throwIf(offset_again != kafka_offset, 'WK_BODY: a body is not one record') = 0 FORMAT Avro`;
  return {
    // Each value under a name of its own: an alias equal to a field would shadow the field in the others.
    insert: `INSERT INTO ${quoteName(database)}.${quoteName(target.table)} (${columns.join(', ')}) SELECT ${values.map((value, i) => `${value} AS c${i}`).join(', ')} ${from}`,
    // The hash makes the engine read every column; the values above are total and need no trial.
    parseOnly: `INSERT INTO FUNCTION null('h UInt64') SELECT cityHash64(*) AS h ${from}`,
  };
}

function timestamp(name: string, unit: 'Milli' | 'Micro', max: number): string {
  return `fromUnixTimestamp64${unit}(least(greatest(${name}, 0), ${max}), 'UTC')`;
}

function valueOf(name: string, type: unknown): string {
  const logical = logicalType(type);
  if (logical !== 'timestamp-micros' && logical !== 'timestamp-millis') return name;
  const time =
    logical === 'timestamp-micros' ? timestamp(name, 'Micro', MAX_MICROS) : timestamp(name, 'Milli', MAX_MILLIS);
  // least and greatest pass over NULL: without this, no time would become 1970.
  return Array.isArray(type) ? `if(isNull(${name}), NULL, ${time})` : time;
}

function logicalType(type: unknown): string | undefined {
  if (Array.isArray(type)) return type.map(logicalType).find((found) => found !== undefined);
  if (typeof type !== 'object' || type === null) return undefined;
  return (type as { logicalType?: string }).logicalType;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return '[]';
  return 'map()';
}

type Named = ReadonlyMap<string, unknown>;

/** Types that the schema names once and refers to afterwards. */
function namedTypes(schema: unknown, found = new Map<string, unknown>()): Named {
  if (Array.isArray(schema)) for (const branch of schema) namedTypes(branch, found);
  else if (typeof schema === 'object' && schema !== null) {
    const node = schema as {
      name?: string;
      fields?: readonly Field[];
      type?: unknown;
      items?: unknown;
      values?: unknown;
    };
    if (node.name !== undefined) found.set(node.name, schema);
    for (const field of node.fields ?? []) namedTypes(field.type, found);
    for (const inner of [node.items, node.values, node.type]) if (typeof inner === 'object') namedTypes(inner, found);
  }
  return found;
}

const PLAIN: Readonly<Record<string, string>> = {
  string: 'String',
  bytes: 'String',
  int: 'Int32',
  long: 'Int64',
  float: 'Float32',
  double: 'Float64',
  boolean: 'Bool',
  enum: 'String',
};

/** The column type that the engine's Avro reader gives a field, times as plain numbers. */
function columnType(type: unknown, named: Named): string {
  if (typeof type === 'string') {
    const plain = PLAIN[type];
    if (plain !== undefined) return plain;
    const known = named.get(type) ?? [...named].find(([name]) => name.endsWith(`.${type}`))?.[1];
    if (known === undefined) throw new TypeError(`The schema refers to ${type}, which it does not define.`);
    return columnType(known, named);
  }
  if (Array.isArray(type)) {
    const branches = type.filter((branch) => branch !== 'null');
    if (branches.length !== 1) throw new TypeError('A union of more than one type besides null has no column.');
    const inner = columnType(branches[0], named);
    return branches.length === type.length ? inner : `Nullable(${inner})`;
  }
  const node = type as { type: string; size?: number; items?: unknown; values?: unknown };
  if (node.type === 'fixed') return `FixedString(${String(node.size)})`;
  if (node.type === 'array') return `Array(${columnType(node.items, named)})`;
  if (node.type === 'map') return `Map(String, ${columnType(node.values, named)})`;
  return columnType(node.type, named);
}
