// Test only: any record that an Avro schema allows, as avsc takes it.

import type { Schema } from 'avsc';
import fc, { type Arbitrary } from 'fast-check';
import { safeLong } from '../wide-long.js';

interface Node {
  type: unknown;
  name?: string;
  fields?: { name: string; type: unknown }[];
  symbols?: string[];
  size?: number;
  items?: unknown;
  values?: unknown;
}

const text = fc.string({ unit: 'grapheme', maxLength: 20 });

/** An arbitrary of the schema's values; named types may be mentioned after their definition. */
export function arbitraryRecord(schema: Schema): Arbitrary<Record<string, unknown>> {
  return arbitraryOf(schema, new Map()) as Arbitrary<Record<string, unknown>>;
}

function arbitraryOf(schema: unknown, named: Map<string, Arbitrary<unknown>>): Arbitrary<unknown> {
  if (Array.isArray(schema)) return fc.oneof(...schema.map((branch) => arbitraryOf(branch, named)));
  if (typeof schema === 'string') return primitive(schema) ?? named.get(schema) ?? fail(schema);
  const node = schema as Node;
  const made = complex(node, named);
  if (node.name !== undefined) named.set(node.name, made);
  return made;
}

function complex(node: Node, named: Map<string, Arbitrary<unknown>>): Arbitrary<unknown> {
  switch (node.type) {
    case 'record':
      return fc.record(
        Object.fromEntries((node.fields ?? []).map((field) => [field.name, arbitraryOf(field.type, named)])),
      );
    case 'enum':
      return fc.constantFrom(...(node.symbols ?? []));
    case 'fixed':
      return bytes(node.size ?? 0, node.size ?? 0);
    case 'array':
      return fc.array(arbitraryOf(node.items, named), { maxLength: 5 });
    case 'map':
      // avsc keeps a map in a plain object, where this key cannot be set.
      return fc.dictionary(
        text.filter((key) => key !== '__proto__'),
        arbitraryOf(node.values, named),
        { maxKeys: 5, noNullPrototype: true },
      );
    default:
      return arbitraryOf(node.type, named);
  }
}

function primitive(name: string): Arbitrary<unknown> | undefined {
  switch (name) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'int':
      return fc.integer();
    case 'long':
      // What avsc writes without losing the last bit: see safeLong.
      return fc.maxSafeInteger().map(safeLong);
    case 'double':
      return fc.double({ noNaN: true });
    case 'string':
      return text;
    case 'bytes':
      return bytes(0, 20);
    default:
      return undefined;
  }
}

function bytes(minLength: number, maxLength: number): Arbitrary<Buffer> {
  return fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));
}

function fail(name: string): never {
  throw new Error(`${name} is mentioned before its definition`);
}
