// The word sets of a step, packed into one array: 24 steps of them lie in memory per session.

/** Which set: key=value tokens of the arguments (numbers masked), their plain words, the result, its first line, the words of its head. */
export const ARGUMENTS = 0;
export const ARGUMENT_WORDS = 1;
export const RESULT = 2;
export const LEAD = 3;
export const HEAD_WORDS = 4;
const SETS = 5;

/** How many hashes each set keeps: its smallest, so that two sets are sampled alike (bottom-k, as in schemas' sketches). */
const CAPACITY = [20, 24, 20, 16, 28] as const;

export type SetName = 0 | 1 | 2 | 3 | 4;

/** The ends of the five sets, then their hashes, each set ascending. */
export type WordSets = Uint32Array;

/** Words of a packed array at most. */
export const MAX_WORD_SETS = SETS + CAPACITY.reduce((sum, size) => sum + size, 0);

const scratch = new Uint32Array(MAX_WORD_SETS);

/** Packs the smallest distinct hashes of each list, in the order of {@link SetName}. */
export function packSets(lists: readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>, ArrayLike<number>, ArrayLike<number>]): WordSets {
  let end = SETS;
  for (let set = 0; set < SETS; set++) {
    end = smallestDistinct(lists[set] ?? [], CAPACITY[set] ?? 0, end);
    scratch[set] = end;
  }
  return scratch.slice(0, end);
}

/** Insertion into scratch[from…]: few hashes get past the largest kept one, so it costs about one look each. */
function smallestDistinct(hashes: ArrayLike<number>, capacity: number, from: number): number {
  let size = 0;
  for (let i = 0; i < hashes.length; i++) {
    const hash = hashes[i] ?? 0;
    if (size === capacity && hash >= (scratch[from + size - 1] ?? 0)) continue;
    let at = size;
    while (at > 0 && (scratch[from + at - 1] ?? 0) > hash) at--;
    if (at > 0 && scratch[from + at - 1] === hash) continue;
    if (size < capacity) size++;
    scratch.copyWithin(from + at + 1, from + at, from + size - 1);
    scratch[from + at] = hash;
  }
  return from + size;
}

/** How many hashes a set has. */
export function sizeOf(sets: WordSets, set: SetName): number {
  return endOf(sets, set) - startOf(sets, set);
}

const startOf = (sets: WordSets, set: SetName): number => (set === 0 ? SETS : (sets[set - 1] ?? SETS));
const endOf = (sets: WordSets, set: SetName): number => sets[set] ?? SETS;

/** Jaccard similarity of a set of two steps, by the k-minimum-values estimate (see schemas' jaccardOfSketches); 1 where both are empty. */
export function overlap(a: WordSets, b: WordSets, set: SetName): number {
  let i = startOf(a, set);
  let j = startOf(b, set);
  const endA = endOf(a, set);
  const endB = endOf(b, set);
  const capacity = CAPACITY[set];
  const full = endA - i >= capacity || endB - j >= capacity;
  const limit = full ? capacity : 2 * capacity;
  let union = 0;
  let both = 0;
  while (union < limit && (i < endA || j < endB)) {
    const left = i < endA ? (a[i] ?? 0) : Infinity;
    const right = j < endB ? (b[j] ?? 0) : Infinity;
    if (left === right) both++;
    if (left <= right) i++;
    if (right <= left) j++;
    union++;
  }
  return union === 0 ? 1 : both / union;
}

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
  let i = startOf(now, ARGUMENT_WORDS);
  let j = startOf(before, ARGUMENT_WORDS);
  const endNow = endOf(now, ARGUMENT_WORDS);
  const endBefore = endOf(before, ARGUMENT_WORDS);
  while (i < endNow || j < endBefore) {
    const left = i < endNow ? (now[i] ?? 0) : Infinity;
    const right = j < endBefore ? (before[j] ?? 0) : Infinity;
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

function has(sets: WordSets, set: SetName, hash: number): boolean {
  const end = endOf(sets, set);
  for (let i = startOf(sets, set); i < end; i++) {
    const held = sets[i] ?? 0;
    if (held >= hash) return held === hash;
  }
  return false;
}
