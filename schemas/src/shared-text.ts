// Short texts that come again and again, read as the same string: ids of tenants, agents, versions and sessions, names of tools.

import avro, { type Type } from 'avsc';

/** Longer ones are seldom the same. */
const LONGEST = 40;
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
      const { buf, pos: start } = tap;
      const first = buf[start] ?? 1;
      const length = first >>> 1;
      const from = start + 1;
      // One byte of length, even (not negative), and all of the text is there.
      if (first > 2 * LONGEST || (first & 1) === 1 || from + length > buf.length) return tap.readString();
      let hash = length;
      for (let at = from; at < from + length; at++) hash = (Math.imul(hash, 31) + (buf[at] ?? 0)) | 0;
      const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
      const known = seen[slot] ?? '';
      if (isText(known, buf, from, length)) {
        tap.pos = from + length;
        return known;
      }
      const text = tap.readString();
      seen[slot] = text ?? '';
      return text;
    },
  }),
);

/** True where `text` is what stands there. Of bytes beyond ASCII always false: they are no characters. */
function isText(text: string, bytes: Buffer, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) {
    const byte = bytes[from + i] ?? 0x80;
    if (byte >= 0x80 || text.charCodeAt(i) !== byte) return false;
  }
  return true;
}
