// How much of a text this session has not seen: a Bloom filter of two generations over hashes of word pairs.

import { mix32, type StateReader, type StateWriter } from '@watchkeeper/schemas';
import { DistinctHashes } from './distinct-hashes.js';
import type { WordList } from './word-sets.js';

const BITS = 16_384;
const BYTES = BITS / 8;
/** Where a generation is full: at twice as many, false hits hid new input. */
const GENERATION_HASHES = 1_500;
/** Set bits up to which a generation is stored as positions instead of as its 2 KB. */
const SPARSE_BITS = 700;

/** What a session has seen: at most 2 × 2 KB, allocated when first needed; the older generation is forgotten as a whole. */
export interface Seen {
  young: Uint8Array | undefined;
  old: Uint8Array | undefined;
  /** Hashes in `young`. */
  count: number;
}

/** Nothing seen yet. */
export function nothingSeen(): Seen {
  return { young: undefined, old: undefined, count: 0 };
}

/** Adds the hash; true where it had (probably) not been seen. */
export function see(seen: Seen, hash: number): boolean {
  const young = (seen.young ??= new Uint8Array(BYTES));
  const first = hash & (BITS - 1);
  const second = (hash >>> 15) & (BITS - 1);
  if (holds(young, first, second)) return false;
  const fresh = seen.old === undefined || !holds(seen.old, first, second);
  young[first >> 3] = (young[first >> 3] ?? 0) | (1 << (first & 7));
  young[second >> 3] = (young[second >> 3] ?? 0) | (1 << (second & 7));
  if (++seen.count >= GENERATION_HASHES) {
    seen.old = young;
    seen.young = undefined;
    seen.count = 0;
  }
  return fresh;
}

function holds(bits: Uint8Array, first: number, second: number): boolean {
  return (((bits[first >> 3] ?? 0) >> (first & 7)) & ((bits[second >> 3] ?? 0) >> (second & 7)) & 1) === 1;
}

const distinctPairs = new DistinctHashes();

/** Distinct word pairs of a text, and the share of them that was new. */
export interface Novelty {
  readonly pairs: number;
  /** 0 to 1; 0 for a text without words. */
  readonly share: number;
}

/** Adds the pairs of neighbouring words (one word alone: itself), each once. */
export function seeWords(seen: Seen, { words, count }: WordList): Novelty {
  distinctPairs.clear();
  let pairs = 0;
  let fresh = 0;
  const last = Math.max(Math.min(count - 1, DistinctHashes.MOST), Math.min(count, 1));
  for (let i = 0; i < last; i++) {
    const pair = mix32(Math.imul(words[i] ?? 0, 31) + (i + 1 < count ? (words[i + 1] ?? 0) : 0));
    if (!distinctPairs.add(pair)) continue;
    pairs++;
    if (see(seen, pair)) fresh++;
  }
  return { pairs, share: pairs === 0 ? 0 : fresh / pairs };
}

/** The same for a keyed sketch, where only single words are known: a word that changes would have changed two pairs. */
export function seeSketch(seen: Seen, sketch: Uint32Array): Novelty {
  let fresh = 0;
  for (const hash of sketch) if (see(seen, hash)) fresh++;
  return { pairs: sketch.length, share: sketch.length === 0 ? 0 : Math.min(1, (2 * fresh) / sketch.length) };
}

/** The same for the sampled pairs of a content that stayed with the agent: 16 bits of each, of which the filter wants 28. */
export function seePairs(seen: Seen, pairs: readonly number[]): Novelty {
  let fresh = 0;
  for (const pair of pairs) if (see(seen, mix32(pair))) fresh++;
  return { pairs: pairs.length, share: pairs.length === 0 ? 0 : fresh / pairs.length };
}

export function writeSeen(out: StateWriter, seen: Seen): void {
  out.int(seen.count);
  writeGeneration(out, seen.young);
  writeGeneration(out, seen.old);
}

export function readSeen(from: StateReader): Seen {
  const count = from.int();
  return { count, young: readGeneration(from), old: readGeneration(from) };
}

const ABSENT = 0;
const SPARSE = 1;
const DENSE = 2;

function writeGeneration(out: StateWriter, bits: Uint8Array | undefined): void {
  if (bits === undefined) {
    out.byte(ABSENT);
    return;
  }
  const positions = setBits(bits);
  if (positions.length > SPARSE_BITS) {
    out.byte(DENSE).bytes(bits);
    return;
  }
  let before = 0;
  out.byte(SPARSE).list(positions, (position) => {
    out.int(position - before);
    before = position;
  });
}

function readGeneration(from: StateReader): Uint8Array | undefined {
  const form = from.byte();
  if (form === ABSENT) return undefined;
  if (form === DENSE) return new Uint8Array(from.bytes());
  const bits = new Uint8Array(BYTES);
  let position = 0;
  from.list(() => {
    position += from.int();
    bits[position >> 3] = (bits[position >> 3] ?? 0) | (1 << (position & 7));
  });
  return bits;
}

function setBits(bits: Uint8Array): number[] {
  const positions: number[] = [];
  for (let i = 0; i < bits.length; i++) {
    const byte = bits[i] ?? 0;
    for (let bit = 0; byte >> bit !== 0; bit++) if (((byte >> bit) & 1) === 1) positions.push(i * 8 + bit);
  }
  return positions;
}
