// Walks an Avro body by its writer's schema without decoding it: is it exactly one record, and where does it end.
//
// avsc trusts what it reads (a forged count of map entries or array items keeps it busy for ever), and so does ClickHouse's reader (an enum
// index beyond its symbols is read from beyond their array). So every body is walked first, which costs a fraction of a microsecond.

import type { Type } from 'avsc';

/** The offset after the record, or a number below 0 where the bytes from `offset` are not one; {@link bodyFault} puts it into words. */
export type BodyWalker = (bytes: Uint8Array, offset: number) => number;

/** What is wrong with a body. */
export type BodyFault =
  { readonly kind: 'undecodable'; readonly why: string } | { readonly kind: 'trailing_bytes'; readonly bytes: number };

/** What a walker's answer for bytes of `length` says of them; undefined: they are exactly one record. */
export function bodyFault(end: number, length: number): BodyFault | undefined {
  if (end < 0) return { kind: 'undecodable', why: STOPS[end] ?? 'it does not follow its schema' };
  return end < length ? { kind: 'trailing_bytes', bytes: length - end } : undefined;
}

/** Steps over one value; what is below 0 is passed on. */
export type Step = (bytes: Uint8Array, at: number) => number;

const TRUNCATED = -1;
const BAD_VARINT = -2;
const BAD_LENGTH = -3;
const BAD_INDEX = -4;
const BAD_BOOLEAN = -5;
const BAD_INT = -6;
const UNKNOWN_TYPE = -7;
const STOPS: Readonly<Record<number, string>> = {
  [TRUNCATED]: 'it ends in the middle of a value',
  [BAD_VARINT]: 'it holds a number of more than ten bytes',
  [BAD_LENGTH]: 'it holds a length that is negative or runs past its end',
  [BAD_INDEX]: 'it holds an enum or union index that its schema does not have',
  [BAD_BOOLEAN]: 'it holds a boolean that is neither 0 nor 1',
  [BAD_INT]: 'it holds an int beyond 32 bits',
  [UNKNOWN_TYPE]: 'its schema names a type that it does not define',
};

interface Named {
  type: unknown;
  name?: string;
  namespace?: string;
  fields?: { type: unknown }[];
  symbols?: unknown[];
  size?: number;
  items?: unknown;
  values?: unknown;
}

/** A walker for bodies that `writer` wrote. Time and memory are bounded by the length of the bytes, whatever they say. */
export function bodyWalker(writer: Type): BodyWalker {
  return stepOf(writer.schema(), new Map());
}

/** A walker for each field of a record that `writer` wrote, in their order; undefined of what is no record. */
export function fieldWalkers(writer: Type): readonly Step[] | undefined {
  const { type, fields } = writer.schema() as unknown as Named;
  const named = new Map<string, { step: Step }>();
  return type === 'record' ? (fields ?? []).map((field) => stepOf(field.type, named)) : undefined;
}

function stepOf(schema: unknown, named: Map<string, { step: Step }>): Step {
  if (Array.isArray(schema)) return unionStep(schema.map((branch) => stepOf(branch, named)));
  if (typeof schema === 'string') return primitiveStep(schema) ?? late(schema, named);
  const type = schema as Named;
  switch (type.type) {
    case 'record':
    case 'error':
      return declare(type, named, () => recordStep((type.fields ?? []).map((field) => stepOf(field.type, named))));
    case 'enum':
      return declare(type, named, () => indexStep(type.symbols?.length ?? 0));
    case 'fixed':
      return declare(type, named, () => fixedStep(type.size ?? 0));
    case 'array':
      return blocksStep(stepOf(type.items, named));
    case 'map':
      return blocksStep(recordStep([sizedStep, stepOf(type.values, named)]));
    default:
      return stepOf(type.type, named);
  }
}

/** A name may be mentioned inside its own definition: the step is put in place once it is made. */
function declare(type: Named, named: Map<string, { step: Step }>, make: () => Step): Step {
  const slot = { step: (): number => UNKNOWN_TYPE } as { step: Step };
  const name = type.name ?? '';
  named.set(name, slot);
  named.set(name.slice(name.lastIndexOf('.') + 1), slot);
  if (type.namespace !== undefined) named.set(`${type.namespace}.${name}`, slot);
  slot.step = make();
  return slot.step;
}

function late(name: string, named: Map<string, { step: Step }>): Step {
  const slot = named.get(name) ?? named.get(name.slice(name.lastIndexOf('.') + 1));
  return slot === undefined ? () => UNKNOWN_TYPE : (bytes, at) => slot.step(bytes, at);
}

function primitiveStep(name: string): Step | undefined {
  switch (name) {
    case 'null':
      return (_bytes, at) => at;
    case 'boolean':
      return booleanStep;
    case 'int':
      return intStep;
    case 'long':
      return varintEnd;
    case 'float':
      return fixedStep(4);
    case 'double':
      return fixedStep(8);
    case 'bytes':
    case 'string':
      return sizedStep;
    default:
      return undefined;
  }
}

function recordStep(steps: readonly Step[]): Step {
  return (bytes, start) => {
    let at = start;
    for (const step of steps) {
      at = step(bytes, at);
      if (at < 0) return at;
    }
    return at;
  };
}

function unionStep(branches: readonly Step[]): Step {
  return (bytes, at) => {
    const end = varintEnd(bytes, at);
    if (end < 0) return end;
    const branch = branches[zigzag(bytes, at)];
    return branch === undefined ? BAD_INDEX : branch(bytes, end);
  };
}

function indexStep(count: number): Step {
  return (bytes, at) => {
    const end = varintEnd(bytes, at);
    if (end < 0) return end;
    const index = zigzag(bytes, at);
    return index >= 0 && index < count ? end : BAD_INDEX;
  };
}

function booleanStep(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  return byte === undefined ? TRUNCATED : byte > 1 ? BAD_BOOLEAN : at + 1;
}

function intStep(bytes: Uint8Array, at: number): number {
  const end = varintEnd(bytes, at);
  if (end < 0) return end;
  const value = zigzag(bytes, at);
  return value < -(2 ** 31) || value >= 2 ** 31 ? BAD_INT : end;
}

function fixedStep(size: number): Step {
  return (bytes, at) => (at + size <= bytes.length ? at + size : TRUNCATED);
}

function sizedStep(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === undefined) return TRUNCATED;
  // One byte: a length below 64, the usual case.
  if (first < 0x80) {
    const end = at + 1 + (first >>> 1);
    return (first & 1) === 1 || end > bytes.length ? BAD_LENGTH : end;
  }
  const end = varintEnd(bytes, at);
  if (end < 0) return end;
  const length = zigzag(bytes, at);
  return length >= 0 && end + length <= bytes.length ? end + length : BAD_LENGTH;
}

/** Blocks of an array or a map: a count, then that many items; a negative count is followed by the block's size in bytes. */
function blocksStep(item: Step): Step {
  return (bytes, start) => {
    let at = start;
    for (;;) {
      const end = varintEnd(bytes, at);
      if (end < 0) return end;
      let count = zigzag(bytes, at);
      at = end;
      if (count === 0) return at;
      if (count < 0) {
        count = -count;
        at = varintEnd(bytes, at);
        if (at < 0) return at;
      }
      // No item of the contract is empty, so more items than bytes are forged.
      if (count > bytes.length - at) return BAD_LENGTH;
      for (; count > 0; count--) {
        at = item(bytes, at);
        if (at < 0) return at;
      }
    }
  };
}

/** The offset after the varint at `at`. */
function varintEnd(bytes: Uint8Array, at: number): number {
  for (let i = at; i < at + 10; i++) {
    const byte = bytes[i];
    if (byte === undefined) return TRUNCATED;
    if (byte < 128) return i + 1;
  }
  return BAD_VARINT;
}

/** The zigzag value of a varint that is known to be whole; beyond 2^53 near enough for a bound. */
function zigzag(bytes: Uint8Array, at: number): number {
  let value = 0;
  let scale = 1;
  for (let i = at; ; i++) {
    const byte = bytes[i] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    scale *= 128;
  }
}
