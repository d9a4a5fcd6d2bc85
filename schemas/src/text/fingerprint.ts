// What the emitter says about a content instead of, or beside, the content: exact hash, simhash, keyed sketch.

import { canonicalArguments, canonicalText } from './canonical.js';
import { hash64 } from './hash.js';
import { keyedHash, type KeyedHash } from './keyed-hash.js';
import { simhash64 } from './simhash.js';
import { SKETCH_SIZE, bottomK, sketchToBytes } from './sketch.js';
import { MAX_TEXT_CHARS, tokenHashes, type MaskLevel } from './tokens.js';

export const FINGERPRINT_BYTES = 16;

/**
 * 16 bytes, big-endian: {@link hash64} of the canonical text at level 1, then {@link simhash64} of the values' tokens at level 2. Zeros for ''.
 * Beyond 16,384 units only the first and last 8,192 count, so that the cost is bounded and a log that grows still changes.
 */
export function fingerprintOf(text: string): Buffer {
  const bytes = Buffer.alloc(FINGERPRINT_BYTES);
  if (text === '') return bytes;
  const bounded = headAndTail(text);
  const exact = hash64(canonicalText(bounded, 1));
  const near = simhash64(valueHashes(bounded, 2));
  bytes.writeUInt32BE(exact.high, 0);
  bytes.writeUInt32BE(exact.low, 4);
  bytes.writeUInt32BE(near.high, 8);
  bytes.writeUInt32BE(near.low, 12);
  return bytes;
}

/** Bottom-k of the values' tokens at level 1, each hash keyed by the tenant's key ({@link keyedHash}): 4 bytes each, ascending. */
export function sketchOf(text: string, tenantKey: string | KeyedHash, k = SKETCH_SIZE): Buffer {
  const keyed = typeof tenantKey === 'string' ? keyedHash(tenantKey) : tenantKey;
  const hashes = valueHashes(headAndTail(text), 1);
  for (let i = 0; i < hashes.length; i++) hashes[i] = keyed(hashes[i] ?? 0);
  return sketchToBytes(bottomK(hashes, k));
}

/** Token hashes of every value of the canonical arguments, in their order. */
export function valueHashes(input: string, level: MaskLevel): number[] {
  const hashes: number[] = [];
  for (const { value } of canonicalArguments(input))
    if (value !== '') tokenHashes(value, level, MAX_TEXT_CHARS, hashes);
  return hashes;
}

function headAndTail(text: string): string {
  if (text.length <= MAX_TEXT_CHARS) return text;
  const half = MAX_TEXT_CHARS / 2;
  return text.slice(0, half) + text.slice(-half);
}
