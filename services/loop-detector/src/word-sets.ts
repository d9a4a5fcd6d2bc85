// The word sets of a step, packed into one string of 16-bit units: twenty steps of them lie in memory per session.
// A string, because it lives on the heap in one piece: a typed array of this size costs four times as much to make.

import { ID_WORD, STAMP_WORD } from '@watchkeeper/schemas';

/** Which set: key=value tokens of the arguments (numbers masked), their plain words, the result, its first line, the words of its head. */
export const ARGUMENTS = 0;
export const ARGUMENT_WORDS = 1;
export const RESULT = 2;
export const LEAD = 3;
export const HEAD_WORDS = 4;

/**
 * How many hashes each set keeps: its smallest, so that two sets are sampled alike (bottom-k, as in schemas' sketches). Of the head, which
 * is looked into and never compared, its first.
 */
const CAPACITY = [20, 48, 20, 16, 48] as const;

/** Sets that are compared by how much they overlap: whole hashes. Of the others single words are looked up: the upper halves do. */
type SketchName = typeof ARGUMENTS | typeof RESULT | typeof LEAD;

const isHalved = (set: number): boolean => set === ARGUMENT_WORDS || set === HEAD_WORDS;

/** Whether the word is the placeholder of an id or a stamp (at level 2 also of a number). */
export const isVolatileHash = (word: number): boolean => word === ID_WORD || word === STAMP_WORD;

/** Five sizes, five starts, then the hashes of each set, ascending (the head's as they came); a whole hash is two units, its lower half first. */
export type WordSets = string;

const STARTS = 5;
const HEADER = 10;

/** 16-bit units of a packed string at most. */
export const MAX_UNITS = HEADER + CAPACITY.reduce((sum: number, size, set) => sum + size * (isHalved(set) ? 1 : 2), 0);

const units = new Uint16Array(MAX_UNITS);
const unitBytes = Buffer.from(units.buffer);
const kept = new Uint32Array(64);

/** The first `count` of `words`: hashes in any order. */
export interface WordList {
  readonly words: Uint32Array;
  readonly count: number;
}

/** Packs the smallest distinct hashes of each list: the arguments' tokens and words, the result's words, lead (the first of those) and head. */
export function packSets(lists: readonly [WordList, WordList, WordList, WordList, WordList]): WordSets {
  const isOneLine = lists[LEAD].count === lists[RESULT].count;
  let end = HEADER;
  let size = 0;
  for (let set = 0; set < CAPACITY.length; set++) {
    const list = lists[set];
    const capacity = CAPACITY[set] ?? 0;
    units[STARTS + set] = end;
    units[set] = 0;
    if (list === undefined) continue;
    if (set === HEAD_WORDS) size = firstOf(list, capacity);
    // Of a result of one line, as most are, the smallest still lie in `kept`.
    else if (set === LEAD && isOneLine) size = Math.min(size, capacity);
    else size = smallestDistinct(list, capacity);
    units[set] = size;
    const halved = isHalved(set);
    for (let i = 0; i < size; i++) {
      const hash = kept[i] ?? 0;
      if (!halved) units[end++] = hash;
      units[end++] = hash >>> 16;
    }
  }
  return unitBytes.toString('utf16le', 0, end * 2);
}

/** The packed sets as bytes, for storing. */
export function setsToBytes(sets: WordSets): Buffer {
  return Buffer.from(sets, 'utf16le');
}

/** What {@link setsToBytes} gave. */
export function setsFromBytes(bytes: Buffer): WordSets {
  return bytes.toString('utf16le');
}

/** Insertion sort of what gets past the largest kept hash. Returns how many lie in `kept`. */
function smallestDistinct({ words, count }: WordList, capacity: number): number {
  let size = 0;
  let largest = Infinity;
  for (let i = 0; i < count; i++) {
    const hash = words[i] ?? 0;
    if (hash >= largest) continue;
    let at = size;
    while (at > 0 && (kept[at - 1] ?? 0) > hash) at--;
    if (at > 0 && kept[at - 1] === hash) continue;
    if (size < capacity) size++;
    for (let k = size - 1; k > at; k--) kept[k] = kept[k - 1] ?? 0;
    kept[at] = hash;
    if (size === capacity) largest = kept[size - 1] ?? 0;
  }
  return size;
}

function firstOf({ words, count }: WordList, capacity: number): number {
  const size = Math.min(count, capacity);
  for (let i = 0; i < size; i++) kept[i] = words[i] ?? 0;
  return size;
}

/** Jaccard similarity of a set of two steps, by the k-minimum-values estimate (see schemas' jaccardOfSketches); 1 where both are empty. */
export function overlap(a: WordSets, b: WordSets, set: SketchName): number {
  let i = a.charCodeAt(STARTS + set);
  let j = b.charCodeAt(STARTS + set);
  const sizeA = a.charCodeAt(set);
  const sizeB = b.charCodeAt(set);
  const endA = i + sizeA * 2;
  const endB = j + sizeB * 2;
  const capacity = CAPACITY[set];
  const limit = sizeA >= capacity || sizeB >= capacity ? capacity : 2 * capacity;
  let union = 0;
  let both = 0;
  while (union < limit && (i < endA || j < endB)) {
    const left = i < endA ? hashAt(a, i) : Infinity;
    const right = j < endB ? hashAt(b, j) : Infinity;
    if (left === right) both++;
    if (left <= right) i += 2;
    if (right <= left) j += 2;
    union++;
  }
  return union === 0 ? 1 : both / union;
}

const hashAt = (sets: WordSets, at: number): number => (sets.charCodeAt(at) | (sets.charCodeAt(at + 1) << 16)) >>> 0;

/** What a changed call changed: its own words, those it left out, and how many of each show up in the heads of the two results. */
export interface Changes {
  added: number;
  addedShown: number;
  removed: number;
  removedShown: number;
}

/** Compares the argument words of `now` with those of `before`, and looks for the difference in their results' heads. */
export function changesBetween(now: WordSets, before: WordSets): Changes {
  const changes: Changes = { added: 0, addedShown: 0, removed: 0, removedShown: 0 };
  let i = now.charCodeAt(STARTS + ARGUMENT_WORDS);
  let j = before.charCodeAt(STARTS + ARGUMENT_WORDS);
  const endNow = i + now.charCodeAt(ARGUMENT_WORDS);
  const endBefore = j + before.charCodeAt(ARGUMENT_WORDS);
  while (i < endNow || j < endBefore) {
    const left = i < endNow ? now.charCodeAt(i) : Infinity;
    const right = j < endBefore ? before.charCodeAt(j) : Infinity;
    if (left < right) {
      changes.added++;
      if (has(now, HEAD_WORDS, left) && !has(before, HEAD_WORDS, left)) changes.addedShown++;
    } else if (right < left) {
      changes.removed++;
      if (has(before, HEAD_WORDS, right) && !has(now, HEAD_WORDS, right)) changes.removedShown++;
    }
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return changes;
}

/** Words that a stamped result may have and one without the stamp has not ("generated", "request", "id"). */
const MOST_ADDED = 3;

/** Whether the result of `now` is that of `before` with no more than a stamp or an id added, and up to three words that go with it. */
export function addsOnlyVolatile(now: WordSets, before: WordSets): boolean {
  let i = now.charCodeAt(STARTS + RESULT);
  let j = before.charCodeAt(STARTS + RESULT);
  const endNow = i + now.charCodeAt(RESULT) * 2;
  const endBefore = j + before.charCodeAt(RESULT) * 2;
  let added = 0;
  let stamped = false;
  while (i < endNow) {
    const word = hashAt(now, i);
    const other = j < endBefore ? hashAt(before, j) : Infinity;
    // A word is gone: that is news.
    if (other < word) return false;
    if (other === word) j += 2;
    else if (word === STAMP_WORD) stamped = true;
    else if (word !== ID_WORD && ++added > MOST_ADDED) return false;
    i += 2;
  }
  return stamped && (j === endBefore || now.charCodeAt(RESULT) === CAPACITY[RESULT]);
}

function has(sets: WordSets, set: typeof HEAD_WORDS, word: number): boolean {
  const start = sets.charCodeAt(STARTS + set);
  const end = start + sets.charCodeAt(set);
  for (let i = start; i < end; i++) if (sets.charCodeAt(i) === word) return true;
  return false;
}
