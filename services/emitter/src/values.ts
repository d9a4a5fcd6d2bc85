// Makes an author's values fit the record's fields; none of these throws.

import { safeLong } from '@watchkeeper/schemas';
import { plainText } from './plain-text.js';

/** UTF-8 has at most 3 bytes per UTF-16 unit. */
const MAX_UTF8_PER_UNIT = 3;

/** Text for an id or a name: at most `maxChars` units, without lone surrogates. */
export function shortText(value: unknown, maxChars = 512): string {
  if (value === undefined || value === '') return '';
  const text = typeof value === 'string' ? value : plainText(value, maxChars);
  return wellFormed(text.length > maxChars ? text.slice(0, maxChars) : text);
}

/** The text within `maxBytes` of UTF-8, cut between characters, without lone surrogates. */
export function cutText(text: string, maxBytes: number): { text: string; cut: boolean } {
  if (text.length * MAX_UTF8_PER_UNIT <= maxBytes) return { text: wellFormed(text), cut: false };
  const head = wellFormed(text.length > maxBytes ? text.slice(0, maxBytes) : text);
  if (Buffer.byteLength(head) <= maxBytes) return { text: head, cut: text.length > maxBytes };
  const bytes = Buffer.from(head);
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return { text: bytes.toString('utf8', 0, end), cut: true };
}

/** A count: a whole number from 0. */
export function count(value: unknown): number {
  return value === undefined ? 0 : Math.max(0, safeLong(value));
}

/** A span of time: a whole number from 0, or null for none, NaN and what is negative. */
export function span(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 ? safeLong(value) : null;
}

/** A finite number, or null. */
export function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Dollars as billionths. */
export function nanoUsd(costNanoUsd: unknown, costUsd: unknown): number {
  if (costNanoUsd !== undefined) return count(costNanoUsd);
  return typeof costUsd === 'number' ? count(costUsd * 1e9) : 0;
}

/** `value` where it is one of the symbols, else `otherwise`. */
export function symbolOf<S extends string>(symbols: ReadonlySet<S>, value: unknown, otherwise: S): S {
  return symbols.has(value as S) ? (value as S) : otherwise;
}

const MAX_ATTRIBUTES = 64;
const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze({});

/** Up to 64 attributes as texts; `more` wins over `own`. */
export function attributesOf(
  own: unknown,
  more: Readonly<Record<string, string>> = NO_ATTRIBUTES,
): Record<string, string> {
  if (typeof own !== 'object' || own === null) return more;
  const out: Record<string, string> = {};
  for (const key of Object.keys(own).slice(0, MAX_ATTRIBUTES)) {
    out[shortText(key, 128)] = attributeText((own as Record<string, unknown>)[key]);
  }
  return Object.assign(out, more);
}

function attributeText(value: unknown): string {
  return typeof value === 'string' ? shortText(value, 1024) : shortText(plainText(value, 1024), 1024);
}

// Node 20 has it, the library of ES2023 does not name it. It gives the same string back where nothing is to be mended.
function wellFormed(text: string): string {
  return (text as string & { toWellFormed(): string }).toWellFormed();
}
