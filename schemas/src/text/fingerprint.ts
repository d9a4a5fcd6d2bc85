// What the emitter says about a content instead of, or beside, the content: exact hash, simhash, keyed sketch.

import { canonicalArguments, plainPath } from './canonical.js';
import { HashList } from './hash-list.js';
import { Hash64Stream, type Hash64 } from './hash.js';
import { keyedHash, type KeyedHash } from './keyed-hash.js';
import { simhash64 } from './simhash.js';
import { SKETCH_SIZE, bottomK, sketchToBytes } from './sketch.js';
import { MAX_TEXT_CHARS, tokenHashesOfBoth } from './tokens.js';

export const FINGERPRINT_BYTES = 16;

/** What {@link contentMarks} says of a text. */
export interface ContentMarks {
  readonly fingerprint: Buffer;
  readonly sketch: Buffer;
}

/**
 * 16 bytes, big-endian: {@link hash64} of the canonical text at level 1, then {@link simhash64} of the values' tokens at level 2. Zeros for ''.
 * Beyond 16,384 units only the first and last 8,192 count, so that the cost is bounded and a log that grows still changes.
 */
export function fingerprintOf(text: string): Buffer {
  return contentMarks(text).fingerprint;
}

/** Bottom-k of the values' tokens at level 1, each hash keyed by the tenant's key ({@link keyedHash}): 4 bytes each, ascending. */
export function sketchOf(text: string, tenantKey: string | KeyedHash, k = SKETCH_SIZE): Buffer {
  return contentMarks(text, tenantKey, k).sketch;
}

/** {@link fingerprintOf} and {@link sketchOf} from one pass; no key, no sketch (empty). */
export function contentMarks(text: string, tenantKey?: string | KeyedHash, k = SKETCH_SIZE): ContentMarks {
  const fingerprint = Buffer.alloc(FINGERPRINT_BYTES);
  if (text === '') return { fingerprint, sketch: EMPTY };
  level1.clear();
  level2.clear();
  const exact = new Hash64Stream();
  canonicalArguments(headAndTail(text)).forEach(({ path, value }, index) => {
    if (index > 0) exact.unit(10);
    if (path !== '') {
      const plain = plainPath(path);
      exact.range(plain, 0, plain.length);
      exact.unit(61);
    }
    tokenHashesOfBoth(value, level1, level2, exact);
  });
  writeHash(fingerprint, 0, exact.done());
  writeHash(fingerprint, 8, simhash64(level2.words.subarray(0, level2.count)));
  if (tenantKey === undefined) return { fingerprint, sketch: EMPTY };
  const keyed = typeof tenantKey === 'string' ? keyedHash(tenantKey) : tenantKey;
  const words = level1.words.subarray(0, level1.count);
  for (let i = 0; i < words.length; i++) words[i] = keyed(words[i] ?? 0);
  return { fingerprint, sketch: sketchToBytes(bottomK(words, k)) };
}

const EMPTY = Buffer.alloc(0);
// Scratch of one text.
const level1 = new HashList();
const level2 = new HashList();

function writeHash(bytes: Buffer, at: number, hash: Hash64): void {
  bytes.writeUInt32BE(hash.high, at);
  bytes.writeUInt32BE(hash.low, at + 4);
}

function headAndTail(text: string): string {
  if (text.length <= MAX_TEXT_CHARS) return text;
  const half = MAX_TEXT_CHARS / 2;
  return text.slice(0, half) + text.slice(-half);
}
