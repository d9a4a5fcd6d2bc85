// Finding the rows that the engine will not parse, by parsing without inserting.

import type { RawRow } from './container.js';
import type { StoreOutcome } from './store.js';

export type PoisonSearch =
  | { readonly kind: 'found'; readonly bad: readonly { readonly row: RawRow; readonly error: Error }[] }
  | { readonly kind: 'away'; readonly error: Error };

/**
 * Halves `rows` until the bad ones stand alone: k bad rows cost about k·log2(n) parses of ever smaller parts.
 * `found` with none means that all of them parse, so that the data was not why the insert was refused.
 */
export async function findPoison(
  rows: readonly RawRow[],
  parse: (rows: readonly RawRow[]) => Promise<StoreOutcome>,
): Promise<PoisonSearch> {
  const bad: { row: RawRow; error: Error }[] = [];
  const parts: (readonly RawRow[])[] = [rows];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const outcome = await parse(part);
    if (outcome.kind === 'away') return outcome;
    if (outcome.kind === 'stored') continue;
    const [only] = part;
    if (part.length === 1 && only !== undefined) {
      bad.push({ row: only, error: outcome.error });
      continue;
    }
    const middle = part.length >> 1;
    // Last in, first out: the lower half is looked at first, so that bad rows come in offset order.
    parts.push(part.slice(middle), part.slice(0, middle));
  }
  return { kind: 'found', bad };
}
