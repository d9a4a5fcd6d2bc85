// Walks an Avro body by its writer's schema without decoding it: is it whole, and where does it end.
//
// avsc trusts what it reads: a forged count of map entries or array items keeps it busy for ever. So every body is walked first.

import type { Schema, Type } from 'avsc';

/** The offset after the record, or -1 where the bytes from `offset` are not one (truncated, forged length or count, index out of range). */
export type BodyWalker = (bytes: Uint8Array, offset: number) => number;

/** Steps over one value; -1 is passed on. */
type Step = (bytes: Uint8Array, at: number) => number;

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
export function bodyWalker(writer: Type | Schema): BodyWalker {
  const schema: unknown = 'toBuffer' in (writer as object) ? (writer as Type).schema() : writer;
  return stepOf(schema, new Map());
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
      return blocksStep(recordStep([bytesStep, stepOf(type.values, named)]));
    default:
      return stepOf(type.type, named);
  }
}

/** A name may be mentioned inside its own definition: the step is put in place once it is made. */
function declare(type: Named, named: Map<string, { step: Step }>, make: () => Step): Step {
  const slot = { step: (): number => -1 } as { step: Step };
  const name = type.name ?? '';
  named.set(name, slot);
  named.set(name.slice(name.lastIndexOf('.') + 1), slot);
  if (type.namespace !== undefined) named.set(`${type.namespace}.${name}`, slot);
  slot.step = make();
  return slot.step;
}

function late(name: string, named: Map<string, { step: Step }>): Step {
  const slot = named.get(name) ?? named.get(name.slice(name.lastIndexOf('.') + 1));
  return slot === undefined ? () => -1 : (bytes, at) => slot.step(bytes, at);
}

function primitiveStep(name: string): Step | undefined {
  switch (name) {
    case 'null':
      return (_bytes, at) => at;
    case 'boolean':
      return (bytes, at) => ((bytes[at] ?? 2) <= 1 ? at + 1 : -1);
    case 'int':
      return (bytes, at) => varintEnd(bytes, at, 5);
    case 'long':
      return (bytes, at) => varintEnd(bytes, at, 10);
    case 'float':
      return fixedStep(4);
    case 'double':
      return fixedStep(8);
    case 'bytes':
    case 'string':
      return bytesStep;
    default:
      return undefined;
  }
}

function recordStep(steps: readonly Step[]): Step {
  return (bytes, start) => {
    let at = start;
    for (const step of steps) {
      at = step(bytes, at);
      if (at < 0) return -1;
    }
    return at;
  };
}

function unionStep(branches: readonly Step[]): Step {
  return (bytes, at) => {
    const end = varintEnd(bytes, at, 5);
    if (end < 0) return -1;
    const branch = branches[zigzag(bytes, at)];
    return branch === undefined ? -1 : branch(bytes, end);
  };
}

function indexStep(count: number): Step {
  return (bytes, at) => {
    const end = varintEnd(bytes, at, 5);
    if (end < 0) return -1;
    const index = zigzag(bytes, at);
    return index >= 0 && index < count ? end : -1;
  };
}

function fixedStep(size: number): Step {
  return (bytes, at) => (at + size <= bytes.length ? at + size : -1);
}

function bytesStep(bytes: Uint8Array, at: number): number {
  const end = varintEnd(bytes, at, 10);
  if (end < 0) return -1;
  const length = zigzag(bytes, at);
  return length >= 0 && end + length <= bytes.length ? end + length : -1;
}

/** Blocks of an array or a map: a count, then that many items; a negative count is followed by the block's size in bytes. */
function blocksStep(item: Step): Step {
  return (bytes, start) => {
    let at = start;
    for (;;) {
      const end = varintEnd(bytes, at, 10);
      if (end < 0) return -1;
      let count = zigzag(bytes, at);
      at = end;
      if (count === 0) return at;
      if (count < 0) {
        count = -count;
        at = varintEnd(bytes, at, 10);
        if (at < 0) return -1;
      }
      // No item of the contract is empty, so more items than bytes are forged.
      if (count > bytes.length - at) return -1;
      for (; count > 0; count--) {
        at = item(bytes, at);
        if (at < 0) return -1;
      }
    }
  };
}

/** The offset after the varint at `at`, or -1 where it is cut off or longer than `maxBytes`. */
function varintEnd(bytes: Uint8Array, at: number, maxBytes: number): number {
  const limit = at + maxBytes;
  for (let i = at; i < limit; i++) {
    const byte = bytes[i];
    if (byte === undefined) return -1;
    if (byte < 128) return i + 1;
  }
  return -1;
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
