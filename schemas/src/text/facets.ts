// What a content that stays with the agent is compared by: its arguments one by one, its first line, its word pairs, as keyed hashes.
// Sets alone, ascending: hashes in the order of the words would be the text under a substitution cipher.

import { hash32, mix32, sequenceHash } from './hash.js';
import type { KeyedHash } from './keyed-hash.js';
import { ID_WORD, STAMP_WORD } from './tokens.js';

/**
 * A word in 16 bits: the upper 15 of its keyed hash, and a lowest one that is set where level 2 masks it (a number). An id is 1 and a stamp 3
 * under any key: what changes by itself is told as such.
 */
export type WordCode = number;

/** One argument of a call; its hashes are keyed. */
export interface ArgumentFacet {
  /** 16 bits, of the path. */
  readonly path: number;
  /** 32 bits, of the path and the words in their order, at level 1. */
  readonly exact: number;
  /** The same at level 2. */
  readonly masked: number;
  /** How many words it has at level 2. */
  readonly wordCount: number;
  /** All of its words where they are few, else the smallest. */
  readonly words: readonly WordCode[];
}

/** A result, by its first 384 words. */
export interface ResultFacets {
  /** Words of the first line. */
  readonly lead: readonly WordCode[];
  /** Words behind it, up to the result's 48th. */
  readonly head: readonly WordCode[];
  /** Of the words behind those the smallest 20, numbers as ids. */
  readonly rest: readonly WordCode[];
  /** Of the neighbouring words at level 1, hashed and keyed as pairs, the upper 16 bits; the smallest 128. */
  readonly pairs: readonly number[];
}

/** A content's words at level 1, in order: their hashes, the same under the tenant's key, and 1 where level 2 masks the word. */
export interface KeyedWords {
  readonly plain: Uint32Array;
  readonly keyed: Uint32Array;
  readonly masked: Uint32Array;
  readonly count: number;
}

/** Where an argument's words lie, at level 1 and at level 2. */
export interface ArgumentPlace {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly from2: number;
  readonly to2: number;
}

/** Of an input with more arguments the first are told; the fingerprint speaks for the others. */
export const MOST_ARGUMENTS = 12;
const ARGUMENT_BYTES = 13;
/** Two arguments may have 48 each, more of them share these 96, and eight each has: as many as a parameter may be long. */
const ALL_ARGUMENT_WORDS = 96;
const LEAST_ARGUMENT_WORDS = 8;
/** What lies behind is not looked at: about 2,048 characters. */
const MOST_WORDS = 384;
const HEAD_WORDS = 48;
const REST_WORDS = 20;
/** The share of news in a long result is told with an error of .035 where it is .2; 64 would make .05. */
const PAIRS = 128;

const ID_CODE: WordCode = 1;
const STAMP_CODE: WordCode = 3;
const FIRST_CODE: WordCode = 4;

// Scratch of one content.
const bytes = Buffer.alloc(1_024);
const codes = new Uint16Array(MOST_WORDS);

/**
 * At most 348 bytes. Per argument, ascending by path and exact hash, big-endian: path (2 bytes), exact (4), masked (4), word count (2), a byte for
 * the number of its word codes, and those (2 each). `level2`: the hashes of all words at level 2.
 */
export function inputFacets(
  places: readonly ArgumentPlace[],
  words: KeyedWords,
  level2: Uint32Array,
  keyed: KeyedHash,
): Buffer {
  const told = places.slice(0, MOST_ARGUMENTS).map((place) => {
    const path = hash32(place.path);
    return {
      place,
      path: keyed(path) >>> 16,
      exact: keyed(sequenceHash(path, words.plain, place.from, place.to)),
      masked: keyed(sequenceHash(path, level2, place.from2, place.to2)),
    };
  });
  told.sort((a, b) => a.path - b.path || a.exact - b.exact);
  const each = Math.max(LEAST_ARGUMENT_WORDS, Math.floor(ALL_ARGUMENT_WORDS / Math.max(2, told.length)));
  let end = 0;
  for (const { place, path, exact, masked } of told) {
    end = put16(end, path);
    end = put16(put16(end, exact >>> 16), exact);
    end = put16(put16(end, masked >>> 16), masked);
    end = put16(end, Math.min(place.to2 - place.from2, 0xffff));
    end = putSet(end, codesOf(words, place.from, place.to), each);
  }
  return Buffer.from(bytes.subarray(0, end));
}

/** At most 396 bytes: lead, head, rest and pairs, each as a byte for how many and two bytes per member. `leadCount`: words of the first line. */
export function outputFacets(words: KeyedWords, leadCount: number, keyed: KeyedHash): Buffer {
  const count = Math.min(words.count, MOST_WORDS);
  const head = Math.min(count, HEAD_WORDS);
  const lead = Math.min(leadCount, head);
  let end = putSet(0, codesOf(words, 0, lead), HEAD_WORDS);
  end = putSet(end, codesOf(words, lead, head), HEAD_WORDS);
  const rest = codesOf(words, head, count);
  for (let i = 0; i < rest; i++) if (isNumber(codes[i] ?? 0)) codes[i] = ID_CODE;
  end = putSet(end, rest, REST_WORDS);
  end = putSet(end, pairsOf(words.plain, count, keyed), PAIRS);
  return Buffer.from(bytes.subarray(0, end));
}

/** What {@link inputFacets} wrote; of other bytes, something. */
export function argumentFacets(facets: Uint8Array): ArgumentFacet[] {
  const list: ArgumentFacet[] = [];
  let at = 0;
  while (at + ARGUMENT_BYTES <= facets.length) {
    const words = setAt(facets, at + ARGUMENT_BYTES - 1);
    list.push({
      path: get16(facets, at),
      exact: get32(facets, at + 2),
      masked: get32(facets, at + 6),
      wordCount: get16(facets, at + 10),
      words,
    });
    at += ARGUMENT_BYTES + 2 * words.length;
  }
  return list;
}

/** What {@link outputFacets} wrote; of other bytes, something. */
export function resultFacets(facets: Uint8Array): ResultFacets {
  const lead = setAt(facets, 0);
  const head = setAt(facets, 1 + 2 * lead.length);
  const rest = setAt(facets, 2 + 2 * (lead.length + head.length));
  const pairs = setAt(facets, 3 + 2 * (lead.length + head.length + rest.length));
  return { lead, head, rest, pairs };
}

/** A word's hash at level 1, as far as its code holds it; placeholders are those of a text. */
export function wordOfCode(code: WordCode): number {
  if (code === ID_CODE) return ID_WORD;
  return code === STAMP_CODE ? STAMP_WORD : (code << 16) >>> 0;
}

/** The same at level 2. */
export function maskedWordOfCode(code: WordCode): number {
  return isNumber(code) ? ID_WORD : wordOfCode(code);
}

const isNumber = (code: WordCode): boolean => (code & 1) === 1 && code !== STAMP_CODE;

/** Fills the scratch with the codes of [from, to), at most {@link MOST_WORDS}; returns how many. */
function codesOf({ plain, keyed, masked }: KeyedWords, from: number, to: number): number {
  const count = Math.min(to - from, MOST_WORDS);
  for (let i = 0; i < count; i++) {
    const word = plain[from + i] ?? 0;
    const hash = Math.max(FIRST_CODE, ((keyed[from + i] ?? 0) >>> 16) & 0xfffe);
    codes[i] = word === ID_WORD ? ID_CODE : word === STAMP_WORD ? STAMP_CODE : hash | (masked[from + i] ?? 0);
  }
  return count;
}

/** The same of the pairs: each under the key as a whole, or those who hold the sketch's words could put them in order. A word alone is a pair. */
function pairsOf(words: Uint32Array, count: number, keyed: KeyedHash): number {
  const pairs = Math.max(count - 1, Math.min(count, 1));
  for (let i = 0; i < pairs; i++) {
    const next = i + 1 < count ? (words[i + 1] ?? 0) : 0;
    codes[i] = keyed(mix32(Math.imul(words[i] ?? 0, 31) + next)) >>> 16;
  }
  return pairs;
}

/** Writes the smallest distinct of the first `count` codes, at most `most`; returns where they end. */
function putSet(at: number, count: number, most: number): number {
  sortCodes(count);
  let end = at + 1;
  for (let i = 0, size = 0; i < count && size < most; i++) {
    const code = codes[i] ?? 0;
    if (i > 0 && code === codes[i - 1]) continue;
    end = put16(end, code);
    size++;
  }
  bytes[at] = (end - at - 1) >> 1;
  return end;
}

/** Below so many, a call of the engine's sort costs more than it saves. */
const FEW = 24;

function sortCodes(count: number): void {
  if (count > FEW) {
    codes.subarray(0, count).sort();
    return;
  }
  for (let i = 1; i < count; i++) {
    const code = codes[i] ?? 0;
    let at = i;
    for (; at > 0 && (codes[at - 1] ?? 0) > code; at--) codes[at] = codes[at - 1] ?? 0;
    codes[at] = code;
  }
}

function put16(at: number, value: number): number {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
  return at + 2;
}

const get16 = (facets: Uint8Array, at: number): number => ((facets[at] ?? 0) << 8) | (facets[at + 1] ?? 0);
const get32 = (facets: Uint8Array, at: number): number => ((get16(facets, at) << 16) | get16(facets, at + 2)) >>> 0;

/** As many as it says, and as there are bytes for. */
function setAt(facets: Uint8Array, at: number): number[] {
  const size = Math.min(facets[at] ?? 0, Math.max(0, (facets.length - at - 1) >> 1));
  const set: number[] = [];
  for (let i = 0; i < size; i++) set.push(get16(facets, at + 1 + 2 * i));
  return set;
}
