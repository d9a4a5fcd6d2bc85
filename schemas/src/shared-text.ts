// Short texts that come again and again, read as the same string: ids of tenants, agents, versions and sessions, names of tools.

import avro, { type Type } from 'avsc';
import { readLong, varintEnd } from './varint.js';

/** Longer ones are seldom the same. */
const LONGEST = 40;
/** Bytes that choose a text's slot. */
const HASHED = 8;
/** A power of two. Texts of the same slot take turns. */
const SLOTS = 4_096;

/** avsc's cursor over bytes. */
interface Tap {
  readonly buf: Buffer;
  pos: number;
  readLong(): number;
  readString(): string | undefined;
}

const seen = new Array<string>(SLOTS).fill('');

/** A string type that reads as avsc's does, but makes no new string where it has just made the same. */
export const sharedText: Type = Object.freeze(
  Object.assign(Object.create(new avro.types.StringType()) as Type, {
    _read(tap: Tap): string | undefined {
      const { buf, pos } = tap;
      const first = buf[pos] ?? 1;
      // One byte of length, even (not negative), and all of the text is there.
      if (first > 2 * LONGEST || (first & 1) === 1 || pos + 1 + (first >>> 1) > buf.length) return tap.readString();
      tap.pos = pos + 1 + (first >>> 1);
      return readShared(buf, pos);
    },
  }),
);

/** The text whose length and bytes, all there, begin at `at`. */
export function readShared(bytes: Buffer, at: number): string {
  const first = bytes[at] ?? 0;
  if (first > 2 * LONGEST) return readText(bytes, at);
  const from = at + 1;
  const end = from + (first >>> 1);
  if (from === end) return '';
  // Its last bytes are what tells most texts from those of the same length.
  let hash = end - from;
  for (let i = Math.max(from, end - HASHED); i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
  const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
  const known = seen[slot] ?? '';
  if (isText(known, bytes, from, end - from)) return known;
  return (seen[slot] = bytes.toString('utf8', from, end));
}

/** The text whose length and bytes, all there, begin at `at`; always a new one. */
export function readText(bytes: Buffer, at: number): string {
  const from = varintEnd(bytes, at);
  const length = readLong(bytes, at);
  return length === 0 ? '' : bytes.toString('utf8', from, from + length);
}

/** True where `text` is what stands there. Of bytes beyond ASCII always false: they are no characters. */
function isText(text: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (text.length !== length) return false;
  // From its end, where texts of one slot differ first.
  for (let i = length - 1; i >= 0; i--) {
    const byte = bytes[from + i] ?? 0x80;
    if (byte >= 0x80 || text.charCodeAt(i) !== byte) return false;
  }
  return true;
}
