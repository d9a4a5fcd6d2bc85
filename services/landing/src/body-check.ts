// Walks an Avro body by its schema without building anything: is it exactly one record?
//
// The engine's own Avro reader trusts a body (an enum index beyond its symbols is read from beyond their array), and one
// bad body fails a whole insert. A walk costs a fraction of a microsecond and says which record it is, and why.

import type { Type } from 'avsc';

/** What is wrong with a body; undefined: nothing. */
export type BodyFault =
  { readonly kind: 'undecodable'; readonly why: string } | { readonly kind: 'trailing_bytes'; readonly bytes: number };

/** Checks `value` from `start` on. */
export type BodyCheck = (value: Buffer, start: number) => BodyFault | undefined;

/** Moves past one value at `at`; the position after it, or a negative {@link Stop}. */
type Walk = (bytes: Buffer, at: number) => number;

const TRUNCATED = -1;
const BAD_VARINT = -2;
const BAD_LENGTH = -3;
const BAD_INDEX = -4;
const BAD_BOOLEAN = -5;
const BAD_INT = -6;
const STOPS: Readonly<Record<number, string>> = {
  [TRUNCATED]: 'it ends in the middle of a value',
  [BAD_VARINT]: 'it holds a number of more than ten bytes',
  [BAD_LENGTH]: 'it holds a length that is negative or runs past its end',
  [BAD_INDEX]: 'it holds an enum or union index that its schema does not have',
  [BAD_BOOLEAN]: 'it holds a boolean that is neither 0 nor 1',
  [BAD_INT]: 'it holds an int beyond 32 bits',
};

/** A check for bodies written by `type`; compile once per schema. */
export function bodyCheckOf(type: Type): BodyCheck {
  const walk = walkOf(type);
  return function checkBody(value, start) {
    const end = walk(value, start);
    if (end < 0) return { kind: 'undecodable', why: STOPS[end] ?? 'it does not follow its schema' };
    if (end < value.length) return { kind: 'trailing_bytes', bytes: value.length - end };
    return undefined;
  };
}

// avsc's classes are not exported as types; these are the parts that a walk needs.
interface Shape {
  readonly typeName: string;
  readonly fields?: readonly { readonly type: Type }[];
  readonly types?: readonly Type[];
  readonly symbols?: readonly string[];
  readonly size?: number;
  readonly itemsType?: Type;
  readonly valuesType?: Type;
}

function walkOf(type: Type): Walk {
  const shape = type as unknown as Shape;
  switch (shape.typeName) {
    case 'null':
      return (_, at) => at;
    case 'boolean':
      return (bytes, at) => {
        const byte = bytes[at];
        return byte === undefined ? TRUNCATED : byte > 1 ? BAD_BOOLEAN : at + 1;
      };
    case 'int':
      return skipInt;
    case 'long':
    case 'abstract:long':
      return skipVarint;
    case 'float':
      return fixedWalk(4);
    case 'double':
      return fixedWalk(8);
    case 'fixed':
      return fixedWalk(shape.size ?? 0);
    case 'bytes':
    case 'string':
      return skipSized;
    case 'enum':
      return enumWalk(shape.symbols?.length ?? 0);
    case 'record':
    case 'error':
      return recordWalk((shape.fields ?? []).map((field) => walkOf(field.type)));
    case 'array':
      return blocksWalk(walkOf(shape.itemsType ?? type), undefined);
    case 'map':
      return blocksWalk(walkOf(shape.valuesType ?? type), skipSized);
    default:
      if (shape.types) return unionWalk(shape.types.map(walkOf));
      // A logical type stands for the plain one below it.
      return walkOf((type as unknown as { readonly underlyingType: Type }).underlyingType);
  }
}

function skipVarint(bytes: Buffer, at: number): number {
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at++];
    if (byte === undefined) return TRUNCATED;
    if (byte < 0x80) return at;
  }
  return BAD_VARINT;
}

function skipInt(bytes: Buffer, at: number): number {
  const after = skipVarint(bytes, at);
  if (after < 0) return after;
  const value = readCount(bytes, at);
  return value < -(2 ** 31) || value >= 2 ** 31 ? BAD_INT : after;
}

function skipSized(bytes: Buffer, at: number): number {
  const first = bytes[at];
  if (first === undefined) return TRUNCATED;
  // One byte, even: a length below 64, the usual case.
  if (first < 0x80) {
    const end = at + 1 + (first >>> 1);
    return (first & 1) === 1 ? BAD_LENGTH : end > bytes.length ? BAD_LENGTH : end;
  }
  const after = skipVarint(bytes, at);
  if (after < 0) return after;
  const length = readCount(bytes, at);
  return length < 0 || after + length > bytes.length ? BAD_LENGTH : after + length;
}

/** A varint that {@link skipVarint} has passed. Counts beyond 2^53 come out rounded, which is beyond every body, too. */
function readCount(bytes: Buffer, at: number): number {
  let zigzag = 0;
  let scale = 1;
  for (;;) {
    const byte = bytes[at++] ?? 0;
    zigzag += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    scale *= 128;
  }
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
}

function fixedWalk(size: number): Walk {
  return (bytes, at) => (at + size > bytes.length ? TRUNCATED : at + size);
}

function enumWalk(symbols: number): Walk {
  return (bytes, at) => {
    const after = skipVarint(bytes, at);
    if (after < 0) return after;
    const index = readCount(bytes, at);
    return index < 0 || index >= symbols ? BAD_INDEX : after;
  };
}

function unionWalk(branches: readonly Walk[]): Walk {
  return (bytes, at) => {
    const after = skipVarint(bytes, at);
    if (after < 0) return after;
    const branch = branches[readCount(bytes, at)];
    return branch === undefined ? BAD_INDEX : branch(bytes, after);
  };
}

function recordWalk(fields: readonly Walk[]): Walk {
  return (bytes, start) => {
    let at = start;
    for (const field of fields) {
      at = field(bytes, at);
      if (at < 0) return at;
    }
    return at;
  };
}

/** Arrays and maps: blocks of `count` items, a negative count being followed by the block's size in bytes, ended by 0. */
function blocksWalk(item: Walk, key: Walk | undefined): Walk {
  return (bytes, start) => {
    let at = start;
    for (;;) {
      let after = skipVarint(bytes, at);
      if (after < 0) return after;
      const count = readCount(bytes, at);
      if (count === 0) return after;
      if (count < 0) after = skipVarint(bytes, after);
      if (after < 0) return after;
      at = after;
      // No item of our schemas takes less than a byte: a forged count cannot keep the loop going.
      if (Math.abs(count) > bytes.length - at) return BAD_LENGTH;
      for (let i = Math.abs(count); i > 0; i--) {
        if (key !== undefined) at = key(bytes, at);
        if (at >= 0) at = item(bytes, at);
        if (at < 0) return at;
      }
    }
  };
}
