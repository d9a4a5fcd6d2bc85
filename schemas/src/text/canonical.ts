// One form for the same call: key order, spacing, ids and times no longer matter.

import { MAX_TEXT_CHARS, tokens, type MaskLevel } from './tokens.js';

/** A leaf of a call's arguments; `path` is the keys joined by dots (array items carry the array's path), '' for plain text. */
export interface ArgumentPair {
  readonly path: string;
  readonly value: string;
}

const MAX_DEPTH = 16;
const MAX_PAIRS = 1024;

/**
 * The leaves of a call's input, sorted by path (UTF-16 order; equal paths keep their order). What is not a JSON object or array, is
 * longer than `maxChars`, deeper than 16 or has more than 1,024 leaves, is one pair of the whole text. null and empty containers have
 * the value ''. Never throws.
 */
export function canonicalArguments(input: string, maxChars = MAX_TEXT_CHARS): readonly ArgumentPair[] {
  const parsed = parseContainer(input, maxChars);
  if (parsed !== undefined) {
    const pairs: ArgumentPair[] = [];
    if (collect(parsed, '', 0, pairs)) return sorted(pairs);
  }
  return [{ path: '', value: input }];
}

/** {@link canonicalArguments} as one text: a line `path=token token …` per pair; plain text is its tokens alone. */
export function canonicalText(input: string, level: MaskLevel, maxChars = MAX_TEXT_CHARS): string {
  return canonicalArguments(input, maxChars)
    .map(({ path, value }) => {
      const words = value === '' ? '' : tokens(value, level, maxChars).join(' ');
      return path === '' ? words : `${plainPath(path)}=${words}`;
    })
    .join('\n');
}

/** A path that could be read as two lines or as path and value is quoted. */
export function plainPath(path: string): string {
  return /[\n="]/.test(path) ? JSON.stringify(path) : path;
}

function parseContainer(input: string, maxChars: number): unknown {
  if (input.length > maxChars || !looksLikeContainer(input)) return undefined;
  try {
    return JSON.parse(input);
  } catch {
    return undefined;
  }
}

/** Looks at the first two and the last character that are not white space: an error of JSON.parse costs twenty times a small object. */
function looksLikeContainer(input: string): boolean {
  const first = pastSpace(input, 0);
  const open = input.charCodeAt(first);
  if (open !== 123 && open !== 91) return false;
  let last = input.length - 1;
  while (last > first && input.charCodeAt(last) <= 32) last--;
  if (input.charCodeAt(last) !== open + 2) return false;
  const inner = input.charCodeAt(pastSpace(input, first + 1));
  return open === 91 || inner === 34 || inner === 125;
}

function pastSpace(input: string, from: number): number {
  let at = from;
  while (at < input.length && input.charCodeAt(at) <= 32) at++;
  return at;
}

/** False where a bound was met. */
function collect(value: unknown, path: string, depth: number, pairs: ArgumentPair[]): boolean {
  if (typeof value !== 'object' || value === null) {
    pairs.push({ path, value: leafText(value) });
    return pairs.length <= MAX_PAIRS;
  }
  if (depth === MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    if (value.length === 0) pairs.push({ path, value: '' });
    for (const item of value) if (!collect(item, path, depth + 1, pairs)) return false;
    return pairs.length <= MAX_PAIRS;
  }
  // Sorted here, too: two ways to one path (a key may hold a dot, or nothing) keep an order that is not the text's.
  const keys = sortedKeys(value);
  if (keys.length === 0) pairs.push({ path, value: '' });
  for (const key of keys) {
    const inner = path === '' ? key : `${path}.${key}`;
    if (!collect((value as Record<string, unknown>)[key], inner, depth + 1, pairs)) return false;
  }
  return pairs.length <= MAX_PAIRS;
}

/** JSON has four kinds of leaves; numbers as ECMAScript writes them. */
function leafText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Most calls have a few arguments: those are put in order without a call of the engine's sort. */
const FEW = 8;

function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  if (keys.length > FEW) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] ?? '';
    let at = i;
    for (; at > 0 && (keys[at - 1] ?? '') > key; at--) keys[at] = keys[at - 1] ?? '';
    keys[at] = key;
  }
  return keys;
}

function sorted(pairs: ArgumentPair[]): ArgumentPair[] {
  let path = '';
  // Those of one object stand in order already.
  for (const pair of pairs) {
    if (pair.path < path) return pairs.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    path = pair.path;
  }
  return pairs;
}
