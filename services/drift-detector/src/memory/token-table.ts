// Who said each token first, and how near to the goal: an open-addressing table of bounded size.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { namesTarget } from '../text/literal.js';
import type { Scan } from '../text/scan.js';

/** The goal, the user or the system said it. */
export const AUTHORITY = 1;
/** The agent said it first. */
export const AGENT = 2;
/** A tool's output brought it. */
export const TOOL = 3;

const SMALLEST = 256;
/** 8 bytes per slot: 8 KB at most. */
const LARGEST = 1024;
const RELEVANCE_STEPS = 63;

const EMPTY = new Int32Array(0);

/**
 * Token hash → origin, kind, relevance to the goal (0 to 1 in 63 steps) and when it was last met. At most 768 tokens: then the half that
 * was met longest ago goes, authority last. Which go depends on age alone, so that a decoded table behaves like the one encoded.
 */
export class TokenTable {
  /** Per slot the hash and, behind it, its facts: stamp 16 bits, relevance 6, origin 2, kind 3. Side by side, for a session is read cold. */
  #pairs: Int32Array = EMPTY;
  #size = 0;
  /** Tokens added or said anew so far: what was looked up before is out of date. */
  #changes = 0;
  /** Times that tokens have moved to other slots. */
  #moves = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#pairs.byteLength;
  }

  /** The token's slot, or -1; valid until the next {@link put}. */
  find(hash: number): number {
    return slotOf(this.#pairs, hash | 0);
  }

  originAt(slot: number): number {
    return originIn(this.#pairs[slot + 1] ?? 0);
  }

  kindAt(slot: number): number {
    return ((this.#pairs[slot + 1] ?? 0) >>> 24) & 7;
  }

  relevanceAt(slot: number): number {
    return (((this.#pairs[slot + 1] ?? 0) >>> 16) & RELEVANCE_STEPS) / RELEVANCE_STEPS;
  }

  /** Says that the token was met again at `clock`. */
  touch(slot: number, clock: number): void {
    this.#pairs[slot + 1] = ((this.#pairs[slot + 1] ?? 0) & ~STAMP) | (clock & STAMP);
  }

  /** Adds a token, or replaces what is known of it. */
  put(hash: number, kind: number, origin: number, relevance: number, clock: number): void {
    this.#changes++;
    this.#set(hash | 0, this.find(hash), (kind << 24) | factsOf(origin, relevance, clock), clock);
  }

  /** Looks every token of the text up, into `scan.known`; once per text, unless the table has changed since. */
  locate({ known, hashes, classes, count }: Scan): void {
    if (known.by === this && known.changes === this.#changes) return;
    const { slots, origins, authority } = known;
    const pairs = this.#pairs;
    let said = 0;
    let news = 0;
    for (let t = 0; t < count; t++) {
      if (classes[t] !== 0) {
        slots[t] = -1;
        origins[t] = 0;
        continue;
      }
      const slot = slotOf(pairs, (hashes[t] ?? 0) | 0);
      if (slot < 0) news++;
      const origin = slot < 0 ? 0 : originIn(pairs[slot + 1] ?? 0);
      slots[t] = slot;
      origins[t] = origin;
      if (origin === AUTHORITY) authority[said++] = t;
    }
    known.authorityCount = said;
    known.news = news;
    known.by = this;
    known.changes = this.#changes;
  }

  /**
   * Puts the text's tokens that nobody said before into the table, and touches the others: all literals, words up to `maxWords` new ones.
   * What authority says becomes authority's. Returns how many were new.
   */
  absorb(scan: Scan, origin: number, relevance: number, clock: number, maxWords: number): number {
    const { hashes, kinds, classes, count, known: found } = scan;
    // Most texts have been looked up by now; what is only taken in needs no look of its own.
    const isLocated = found.by === this && found.changes === this.#changes;
    const moves = this.#moves;
    const facts = factsOf(origin, relevance, clock);
    let added = 0;
    for (let t = 0; t < count; t++) {
      if (classes[t] !== 0) continue;
      const kind = kinds[t] ?? 0;
      if (added >= maxWords && !namesTarget(kind)) continue;
      const hash = (hashes[t] ?? 0) | 0;
      const pairs = this.#pairs;
      // What was absent may stand earlier in this text, and a table that has grown has other slots.
      let slot = isLocated && moves === this.#moves ? (found.slots[t] ?? -1) : -1;
      if (slot < 0) slot = slotOf(pairs, hash);
      const known = pairs[slot + 1] ?? 0;
      if (slot >= 0 && (origin !== AUTHORITY || originIn(known) === AUTHORITY)) {
        pairs[slot + 1] = (known & ~STAMP) | (clock & STAMP);
        continue;
      }
      this.#set(hash, slot, (kind << 24) | facts, clock);
      added++;
    }
    if (added > 0) this.#changes++;
    return added;
  }

  /** By facts, then hash: most tokens share theirs with others of the same text. Which slot a token has changes nothing. */
  write(writer: StateWriter): void {
    const pairs = this.#pairs;
    writer.int(pairs.length / 2).int(this.#size);
    let count = 0;
    for (let at = 0; at < pairs.length; at += 2) {
      const hash = pairs[at] ?? 0;
      if (hash === 0) continue;
      sorting[count * 2] = hash;
      sorting[count * 2 + 1] = pairs[at + 1] ?? 0;
      count++;
    }
    sortingPairs.subarray(0, count).sort();
    for (let from = 0; from < count;) {
      const facts = sorting[from * 2 + 1] ?? 0;
      let to = from + 1;
      while (to < count && sorting[to * 2 + 1] === facts) to++;
      writer.uint32(facts).int(to - from);
      for (let i = from; i < to; i++) writer.uint32(sorting[i * 2] ?? 0);
      from = to;
    }
  }

  /** Also what the first two versions wrote: each token with its facts. */
  static read(reader: StateReader): TokenTable {
    const table = new TokenTable();
    const slots = reader.int();
    if (slots > 0) table.#pairs = new Int32Array(slots * 2);
    table.#size = reader.int();
    const isGrouped = reader.version > 2;
    for (let left = table.#size; left > 0;) {
      const facts = isGrouped ? reader.uint32() : 0;
      let count = isGrouped ? reader.int() : 1;
      if (count < 1) throw new RangeError(`A group of ${count} tokens.`);
      left -= count;
      for (; count > 0; count--) {
        const hash = reader.uint32() | 0;
        const slot = freeSlot(table.#pairs, hash);
        table.#pairs[slot] = hash;
        table.#pairs[slot + 1] = isGrouped ? facts : reader.uint32();
      }
    }
    return table;
  }

  #set(hash: number, known: number, facts: number, clock: number): void {
    let slot = known;
    if (slot < 0) {
      if (this.#size * 8 >= this.#pairs.length * 3) this.#grow(clock);
      slot = freeSlot(this.#pairs, hash);
      this.#pairs[slot] = hash;
      this.#size++;
    }
    this.#pairs[slot + 1] = facts;
  }

  #grow(clock: number): void {
    const slots = this.#pairs.length / 2;
    if (slots < LARGEST) this.#rebuild(Math.max(SMALLEST, slots * 2), clock, NEVER, false);
    else {
      this.#dropOldest(clock, false);
      if (this.#size * 2 > LARGEST) this.#dropOldest(clock, true);
    }
  }

  /** Drops, of the tokens (those of authority only where it says so), those at least as old as the median. */
  #dropOldest(clock: number, alsoAuthority: boolean): void {
    const pairs = this.#pairs;
    let count = 0;
    for (let at = 0; at < pairs.length; at += 2) {
      const facts = pairs[at + 1] ?? 0;
      if (pairs[at] !== 0 && (alsoAuthority || originIn(facts) !== AUTHORITY)) ages[count++] = (clock - facts) & STAMP;
    }
    this.#rebuild(pairs.length / 2, clock, middleAge(count), alsoAuthority);
  }

  /** Empties the pairs; what was in them, until the next time. */
  #setAside(): Int32Array {
    const held = aside.subarray(0, this.#pairs.length);
    held.set(this.#pairs);
    this.#pairs.fill(0);
    return held;
  }

  /** Puts the tokens younger than `tooOld` into so many slots, and those of authority of any age unless they may go, too. */
  #rebuild(slots: number, clock: number, tooOld: number, alsoAuthority: boolean): void {
    const before = this.#pairs.length === slots * 2 ? this.#setAside() : this.#pairs;
    const after = before === this.#pairs ? new Int32Array(slots * 2) : this.#pairs;
    let size = 0;
    for (let at = 0; at < before.length; at += 2) {
      const hash = before[at] ?? 0;
      if (hash === 0) continue;
      const facts = before[at + 1] ?? 0;
      if (((clock - facts) & STAMP) >= tooOld && (alsoAuthority || originIn(facts) !== AUTHORITY)) continue;
      const slot = freeSlot(after, hash);
      after[slot] = hash;
      after[slot + 1] = facts;
      size++;
    }
    this.#pairs = after;
    this.#size = size;
    this.#moves++;
  }
}

const STAMP = 0xffff;
/** No token is so old. */
const NEVER = STAMP + 1;
// Of one clearing out at a time.
const ages = new Uint16Array(LARGEST);
const aside = new Int32Array(LARGEST * 2);
// Of one writing at a time: hash and facts side by side, which as one number of 64 bits have the facts above (in the other order of bytes they only group worse).
const sorting = new Uint32Array(LARGEST * 2);
const sortingPairs = new BigUint64Array(sorting.buffer);

const ofSameByte = new Uint16Array(256);

/** The median of the first `count` ages: its upper byte, then its lower one. To sort them all took most of a clearing out. */
function middleAge(count: number): number {
  if (count === 0) return 0;
  let below = count >> 1;
  let median = 0;
  for (const shift of [8, 0]) {
    ofSameByte.fill(0);
    for (let i = 0; i < count; i++) {
      const age = ages[i] ?? 0;
      if (age >>> (shift + 8) !== median) continue;
      const byte = (age >>> shift) & 255;
      ofSameByte[byte] = (ofSameByte[byte] ?? 0) + 1;
    }
    let byte = 0;
    while (below >= (ofSameByte[byte] ?? 0)) below -= ofSameByte[byte++] ?? 0;
    median = (median << 8) | byte;
  }
  return median;
}

function originIn(facts: number): number {
  return (facts >>> 22) & 3;
}

function factsOf(origin: number, relevance: number, clock: number): number {
  const steps = Math.round(Math.min(1, Math.max(0, relevance)) * RELEVANCE_STEPS);
  return (origin << 22) | (steps << 16) | (clock & STAMP);
}

/** Where the hash (signed) stands in the pairs, or -1. */
function slotOf(pairs: Int32Array, hash: number): number {
  const mask = pairs.length - 1;
  if (mask < 0) return -1;
  for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
    const held = pairs[slot];
    if (held === hash) return slot;
    if (held === 0) return -1;
  }
}

function freeSlot(pairs: Int32Array, hash: number): number {
  const mask = pairs.length - 1;
  let slot = (hash << 1) & mask;
  while (pairs[slot] !== 0) slot = (slot + 2) & mask;
  return slot;
}
