// What the emitter says about a content instead of, or beside, the content: exact hash, simhash, keyed sketch, facets.

import { canonicalArguments, plainPath } from './canonical.js';
import { inputFacets, outputFacets, type ArgumentPlace, type KeyedWords } from './facets.js';
import { HashList } from './hash-list.js';
import { Hash64Stream, type Hash64 } from './hash.js';
import { keyedHash, type KeyedHash } from './keyed-hash.js';
import { firstLineEnd } from './lines.js';
import { simhash64 } from './simhash.js';
import { SKETCH_SIZE, bottomK, sketchToBytes } from './sketch.js';
import { MAX_TEXT_CHARS, appendMasked, tokenHashPairs, tokenHashesOfBoth, tokensBefore } from './tokens.js';

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
  readWords(headAndTail(text), fingerprint);
  if (tenantKey === undefined) return { fingerprint, sketch: EMPTY };
  const keyed = keyWords(typeof tenantKey === 'string' ? keyedHash(tenantKey) : tenantKey);
  return { fingerprint, sketch: sketchToBytes(bottomK(keyed, k)) };
}

/** What is told of a content that stays with the agent. */
export interface HiddenMarks extends ContentMarks {
  readonly facets: Buffer;
}

/** {@link contentMarks} and {@link argumentFacets} of the arguments of a call, or of a text, from one pass. Nothing of ''. */
export function hiddenInput(text: string, tenantKey: KeyedHash): HiddenMarks {
  return hiddenMarks(text, tenantKey, () => inputFacets(places, latestWords(), level2.words, tenantKey));
}

/** {@link contentMarks} and {@link resultFacets} of a result. Nothing of ''. */
export function hiddenOutput(text: string, tenantKey: KeyedHash): HiddenMarks {
  return hiddenMarks(text, tenantKey, () => {
    // A result is compared as it stands, keys and all: one that is an object today comes with a line of text tomorrow.
    if (!isOneText) {
      tokenHashPairs(text, level1.clear(), level2.clear(), RESULT_CHARS);
      appendMasked(masked.clear());
      keyWords(tenantKey);
    }
    return outputFacets(latestWords(), tokensBefore(firstLineEnd(text)), tenantKey);
  });
}

function hiddenMarks(text: string, tenantKey: KeyedHash, facetsOf: () => Buffer): HiddenMarks {
  const fingerprint = Buffer.alloc(FINGERPRINT_BYTES);
  if (text === '') return { fingerprint, sketch: EMPTY, facets: EMPTY };
  readWords(headAndTail(text), fingerprint, masked.clear());
  const sketch = sketchToBytes(bottomK(keyWords(tenantKey)));
  return { fingerprint, sketch, facets: facetsOf() };
}

/** Of an object as a result no more is looked at. */
const RESULT_CHARS = 2_048;
const EMPTY = Buffer.alloc(0);
// Scratch of one text.
const level1 = new HashList();
const level2 = new HashList();
const masked = new HashList();
const keyedWords = new HashList();
const places: ArgumentPlace[] = [];
let isOneText = false;

/** Fills the scratch and the fingerprint; where its words are to be told one by one, also which of them level 2 masks. */
function readWords(text: string, fingerprint: Buffer, intoMasked?: HashList): void {
  level1.clear();
  level2.clear();
  places.length = 0;
  const exact = new Hash64Stream();
  const pairs = canonicalArguments(text);
  isOneText = pairs[0]?.value === text;
  pairs.forEach(({ path, value }, index) => {
    if (index > 0) exact.unit(10);
    if (path !== '') {
      const plain = plainPath(path);
      exact.range(plain, 0, plain.length);
      exact.unit(61);
    }
    const from = level1.count;
    const from2 = level2.count;
    tokenHashesOfBoth(value, level1, level2, exact);
    if (intoMasked === undefined) return;
    appendMasked(intoMasked);
    places.push({ path, from, to: level1.count, from2, to2: level2.count });
  });
  writeHash(fingerprint, 0, exact.done());
  writeHash(fingerprint, 8, simhash64(level2.words.subarray(0, level2.count)));
}

/** The words of level 1 under the tenant's key. */
function keyWords(keyed: KeyedHash): Uint32Array {
  const { words, count } = level1;
  const hashes = keyedWords.clear().reserve(count);
  for (let i = 0; i < count; i++) hashes[i] = keyed(words[i] ?? 0);
  return hashes.subarray(0, count);
}

const latestWords = (): KeyedWords => ({
  plain: level1.words,
  keyed: keyedWords.words,
  masked: masked.words,
  count: level1.count,
});

function writeHash(bytes: Buffer, at: number, hash: Hash64): void {
  bytes.writeUInt32BE(hash.high, at);
  bytes.writeUInt32BE(hash.low, at + 4);
}

function headAndTail(text: string): string {
  if (text.length <= MAX_TEXT_CHARS) return text;
  const half = MAX_TEXT_CHARS / 2;
  return text.slice(0, half) + text.slice(-half);
}
