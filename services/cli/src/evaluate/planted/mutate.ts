// Changes that leave a call the same call: other numbers, other words, another stamp on the result.

import type { Rng } from '../../simulate/world/rng.js';

/** Words that add nothing to an instruction. */
const FILLERS = 'please again now kindly once more also details further check full exactly'.split(' ');

/** Every digit of the arguments drawn anew; a request's id where there is none. Arguments are JSON or plain text. */
export function otherNumbers(args: string, rng: Rng): string {
  const before = objectOf(args);
  const after = mapLeaves(before, (leaf) => {
    if (typeof leaf === 'number') return rng.int(1, 99_999);
    return typeof leaf === 'string' ? leaf.replace(/\d/g, () => String(rng.int(0, 9))) : leaf;
  }) as Record<string, unknown>;
  const changed = JSON.stringify(after) !== JSON.stringify(before);
  return JSON.stringify(changed ? after : { ...after, request_id: rng.hex(16) });
}

/** Texts of three words or more in other words: some left out, some put in, and half of the time turned around. */
export function otherWords(args: string, rng: Rng): string {
  const reworded = (leaf: unknown): unknown => {
    const words = typeof leaf === 'string' ? leaf.split(/\s+/) : [];
    if (words.length < 3) return leaf;
    const kept = words.filter(() => !rng.chance(0.15));
    const out = kept.length > 0 ? kept : words;
    for (let i = 0; i < Math.max(1, Math.floor(out.length / 7)); i++)
      out.splice(rng.int(0, out.length), 0, rng.pick(FILLERS));
    const cut = rng.chance(0.5) ? rng.int(0, out.length - 1) : 0;
    return [...out.slice(cut), ...out.slice(0, cut)].join(' ');
  };
  const parsed = parse(args);
  return parsed === undefined ? (reworded(args) as string) : JSON.stringify(mapLeaves(parsed, reworded));
}

/** The result with a time, a count and an id that are new each time. */
export function otherStamp(output: string, rng: Rng): string {
  const two = (high: number): string => String(rng.int(1, high)).padStart(2, '0');
  const time = `2026-${two(12)}-${two(28)}T${two(23)}:${two(59)}:${two(59)}Z`;
  const id = [8, 4, 4, 4, 12].map((length) => rng.hex(length)).join('-');
  return `${output}\ngenerated ${time} request ${rng.int(1, 999)} id ${id}`;
}

/** Arguments as an object; plain text under one name. */
export function objectOf(args: string): Record<string, unknown> {
  const parsed = parse(args);
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    ? (parsed as Record<string, unknown>)
    : { args };
}

function parse(args: string): unknown {
  try {
    const parsed: unknown = JSON.parse(args);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function mapLeaves(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, change));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapLeaves(item, change)]));
  return change(value);
}
