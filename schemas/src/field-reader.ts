// Reads a view's fields out of a body in one go: the walk that proves the body whole notes where they lie, and each is then read where it lies.
// avsc would go over the body a second time, make a copy of every run of bytes, and do not know what its reader leaves unread.

import type { Type } from 'avsc';
import { fieldWalkers, type Step } from './body.js';
import { readShared, readText } from './shared-text.js';
import { readLong, varintEnd } from './varint.js';

/** Fields that are asked for only where another is the empty text: the marks of a content that stayed with its agent. */
export type ReadWithout = Readonly<Record<string, string>>;

/** Two steps, one after the other: no record comes in between. */
export interface FieldReader<T> {
  /** As a body's walker; notes where the fields lie. */
  readonly walk: Step;
  /** The record whose body has just been walked to its end. */
  readonly read: (bytes: Buffer) => T;
}

/** Reads one value of a whole body. */
type ReadValue = (bytes: Buffer, at: number) => unknown;

/** What avsc tells of a record type, beyond its typings. */
interface RecordType {
  readonly fields: readonly Field[];
  readonly recordConstructor: new (...values: unknown[]) => unknown;
}

interface Field {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: FieldType;
  defaultValue(): unknown;
}

interface FieldType {
  readonly typeName: string;
  readonly symbols?: readonly string[];
  readonly default?: string;
  readonly size?: number;
  readonly types?: readonly FieldType[];
}

/** Of these a text hardly comes twice. */
const OWN_TEXTS: ReadonlySet<string> = new Set(['event_id', 'span_id', 'parent_span_id', 'input', 'output']);

/**
 * A reader of `reader`'s fields from bodies of `writer`, or undefined where the two hold something that avsc's resolution is needed for
 * (maps, arrays, aliases, promotions). Values are those that avsc gives.
 */
export function fieldReader<T>(reader: Type, writer: Type, readWithout: ReadWithout): FieldReader<T> | undefined {
  const wanted = reader as unknown as RecordType;
  const written = (writer as unknown as Partial<RecordType>).fields;
  const steps = fieldWalkers(writer);
  if (written === undefined || steps?.length !== written.length) return undefined;
  const slots = new Array<number>(written.length).fill(-1);
  const reads: ReadValue[] = [];
  /** Per field, which field's text makes it unneeded, or -1. */
  const without: number[] = [];
  const unread: unknown[] = [];
  for (const [i, field] of wanted.fields.entries()) {
    const at = written.findIndex(({ name }) => name === field.name);
    const read = at < 0 ? absent(field) : valueReader(field.name, field.type, written[at]?.type);
    if (read === undefined) return undefined;
    if (at >= 0) slots[at] = i;
    reads.push(read);
    const text = wanted.fields.findIndex(({ name }) => name === readWithout[field.name]);
    without.push(text < i ? text : -1);
    unread.push(text >= 0 && text < i ? field.defaultValue() : undefined);
  }
  return generated<T>({ steps, slots, reads, without, unread, row: wanted.recordConstructor });
}

interface Parts {
  readonly steps: readonly Step[];
  /** Per field of the writer, which of the view's it is, or -1. */
  readonly slots: readonly number[];
  readonly reads: readonly ReadValue[];
  /** Per field of the view, which field's text makes it unneeded, or -1; and what it is then. */
  readonly without: readonly number[];
  readonly unread: readonly unknown[];
  readonly row: RecordType['recordConstructor'];
}

/**
 * The reader as code of its own, as avsc makes it: with a call for each field V8 knows what is called and takes most of it in; a loop over
 * functions takes twice as long. Of the schemas there are numbers alone in that code.
 */
function generated<T>({ steps, slots, reads, without, unread, row }: Parts): FieldReader<T> {
  const each = (count: number, code: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => code(i)).join('');
  const names = (list: readonly unknown[], name: string): string =>
    each(list.length, (i) => `const ${name}${i} = ${name}[${i}];`);
  const walk = each(steps.length, (i) => {
    const slot = slots[i] ?? -1;
    return `${slot < 0 ? '' : `o${slot} = at; `}at = step${i}(bytes, at); if (at < 0) return at;`;
  });
  const read = each(reads.length, (i) => {
    const text = without[i] ?? -1;
    const value = `read${i}(bytes, o${i})`;
    return `const v${i} = ${text < 0 ? value : `v${text} === '' ? ${value} : unread${i}`};`;
  });
  const code = `${names(steps, 'step')}${names(reads, 'read')}${names(unread, 'unread')}
    let ${each(reads.length, (i) => `${i > 0 ? ', ' : ''}o${i} = 0`)};
    return {
      walk(bytes, start) { let at = start; ${walk} return at; },
      read(bytes) { ${read} return new Row(${each(reads.length, (i) => `${i > 0 ? ', ' : ''}v${i}`)}); },
    };`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- no text from outside is in it
  const make = new Function('step', 'read', 'unread', 'Row', code) as (...parts: unknown[]) => FieldReader<T>;
  return make(steps, reads, unread, row);
}

/** A field that the writer does not know has its default; undefined where an alias may lead to it, or there is none. */
function absent(field: Field): ReadValue | undefined {
  if (field.aliases.length > 0 || field.defaultValue() === undefined) return undefined;
  return () => field.defaultValue();
}

function valueReader(name: string, to: FieldType, from: FieldType | undefined): ReadValue | undefined {
  switch (from?.typeName) {
    case 'string':
      if (to.typeName !== 'string') return undefined;
      return OWN_TEXTS.has(name) ? readText : readShared;
    case 'int':
    case 'long':
      return to.typeName === 'abstract:long' || to.typeName === from.typeName ? readLong : undefined;
    case 'boolean':
      return to.typeName === 'boolean' ? (bytes, at) => bytes[at] === 1 : undefined;
    case 'double':
      return to.typeName === 'double' ? (bytes, at) => bytes.readDoubleLE(at) : undefined;
    case 'bytes':
      return to.typeName === 'bytes' ? readBytes : undefined;
    case 'fixed': {
      const { size = 0 } = from;
      return to.typeName === 'fixed' && to.size === size
        ? (bytes, at) => Buffer.from(bytes.subarray(at, at + size))
        : undefined;
    }
    case 'enum':
      return to.typeName === 'enum' ? enumReader(to, from) : undefined;
    case 'union:unwrapped':
      return to.typeName === 'union:unwrapped' ? optionalReader(name, to, from) : undefined;
    case undefined:
    default:
      return undefined;
  }
}

/** A symbol that the reader does not know is its default. */
function enumReader(to: FieldType, from: FieldType): ReadValue | undefined {
  const known = new Set(to.symbols);
  const symbols = (from.symbols ?? []).map((symbol) => (known.has(symbol) ? symbol : to.default));
  if (symbols.includes(undefined)) return undefined;
  return (bytes, at) => symbols[readLong(bytes, at)];
}

/** null or one type. */
function optionalReader(name: string, to: FieldType, from: FieldType): ReadValue | undefined {
  const [none, some] = from.types ?? [];
  const [noneTo, someTo] = to.types ?? [];
  if (from.types?.length !== 2 || to.types?.length !== 2) return undefined;
  if (none?.typeName !== 'null' || noneTo?.typeName !== 'null' || someTo === undefined) return undefined;
  const read = valueReader(name, someTo, some);
  return read && ((bytes, at) => (readLong(bytes, at) === 0 ? null : read(bytes, varintEnd(bytes, at))));
}

function readBytes(bytes: Buffer, at: number): Buffer {
  const from = varintEnd(bytes, at);
  return Buffer.from(bytes.subarray(from, from + readLong(bytes, at)));
}
