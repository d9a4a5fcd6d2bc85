// Who said each token first, and how near to the goal: an open-addressing table of bounded size.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';

/** The goal, the user or the system said it. */
export const AUTHORITY = 1;
/** The agent said it first. */
export const AGENT = 2;
/** A tool's output brought it. */
export const TOOL = 3;

const SMALLEST = 256;
/** 8 bytes per slot: 32 KB at most. */
const LARGEST = 4096;
const RELEVANCE_STEPS = 63;

/**
 * Token hash → origin, kind, relevance to the goal (0 to 1 in 63 steps) and when it was last met. At most 3,072 tokens: then the half that
 * was met longest ago goes, authority last. Which go depends on age alone, so that a decoded table behaves like the one encoded.
 */
export class TokenTable {
  #hashes = new Uint32Array(0);
  /** stamp 16 bits, relevance 6, origin 2, kind 3. */
  #facts = new Uint32Array(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#hashes.byteLength + this.#facts.byteLength;
  }

  /** The token's slot, or -1; valid until the next {@link put}. */
  find(hash: number): number {
    const mask = this.#hashes.length - 1;
    if (mask < 0) return -1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const held = this.#hashes[slot];
      if (held === hash) return slot;
      if (held === 0) return -1;
    }
  }

  originAt(slot: number): number {
    return ((this.#facts[slot] ?? 0) >>> 22) & 3;
  }

  kindAt(slot: number): number {
    return ((this.#facts[slot] ?? 0) >>> 24) & 7;
  }

  relevanceAt(slot: number): number {
    return (((this.#facts[slot] ?? 0) >>> 16) & RELEVANCE_STEPS) / RELEVANCE_STEPS;
  }

  /** Says that the token was met again at `clock`. */
  touch(slot: number, clock: number): void {
    this.#facts[slot] = (((this.#facts[slot] ?? 0) & 0xffff0000) | (clock & 0xffff)) >>> 0;
  }

  /** Adds a token, or replaces what is known of it. */
  put(hash: number, kind: number, origin: number, relevance: number, clock: number): void {
    let slot = this.find(hash);
    if (slot < 0) {
      if (this.#size * 4 >= this.#hashes.length * 3) this.#grow(clock);
      slot = this.#free(hash);
      this.#hashes[slot] = hash;
      this.#size++;
    }
    const steps = Math.round(Math.min(1, Math.max(0, relevance)) * RELEVANCE_STEPS);
    this.#facts[slot] = ((kind << 24) | (origin << 22) | (steps << 16) | (clock & 0xffff)) >>> 0;
  }

  write(writer: StateWriter): void {
    const slots = this.#hashes.length;
    writer.int(slots).int(this.#size);
    // From an empty slot on, around the end: put back in this order, every token finds the slot that it had.
    const start = this.#hashes.indexOf(0);
    for (let i = 0; i < slots; i++) {
      const slot = (start + i) & (slots - 1);
      const hash = this.#hashes[slot] ?? 0;
      if (hash !== 0) writer.uint32(hash).uint32(this.#facts[slot] ?? 0);
    }
  }

  static read(reader: StateReader): TokenTable {
    const table = new TokenTable();
    const slots = reader.int();
    table.#hashes = new Uint32Array(slots);
    table.#facts = new Uint32Array(slots);
    table.#size = reader.int();
    for (let left = table.#size; left > 0; left--) {
      const hash = reader.uint32();
      const slot = table.#free(hash);
      table.#hashes[slot] = hash;
      table.#facts[slot] = reader.uint32();
    }
    return table;
  }

  #free(hash: number): number {
    const mask = this.#hashes.length - 1;
    let slot = hash & mask;
    while (this.#hashes[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(clock: number): void {
    if (this.#hashes.length < LARGEST) this.#rebuild(Math.max(SMALLEST, this.#hashes.length * 2), () => true);
    else {
      this.#dropOldest(clock, (origin) => origin !== AUTHORITY);
      if (this.#size * 2 > LARGEST) this.#dropOldest(clock, () => true);
    }
  }

  /** Drops, of the tokens whose origin `may` go, those at least as old as the median. */
  #dropOldest(clock: number, may: (origin: number) => boolean): void {
    const ages: number[] = [];
    for (let slot = 0; slot < this.#hashes.length; slot++) {
      if (this.#hashes[slot] !== 0 && may(this.originAt(slot))) ages.push(this.#age(slot, clock));
    }
    ages.sort((a, b) => a - b);
    const median = ages[ages.length >> 1] ?? 0;
    this.#rebuild(this.#hashes.length, (slot) => !may(this.originAt(slot)) || this.#age(slot, clock) < median);
  }

  #age(slot: number, clock: number): number {
    return (clock - (this.#facts[slot] ?? 0)) & 0xffff;
  }

  #rebuild(slots: number, keeps: (slot: number) => boolean): void {
    const kept: [number, number][] = [];
    for (let slot = 0; slot < this.#hashes.length; slot++) {
      const hash = this.#hashes[slot] ?? 0;
      if (hash !== 0 && keeps(slot)) kept.push([hash, this.#facts[slot] ?? 0]);
    }
    this.#hashes = new Uint32Array(slots);
    this.#facts = new Uint32Array(slots);
    this.#size = kept.length;
    for (const [hash, facts] of kept) {
      const slot = this.#free(hash);
      this.#hashes[slot] = hash;
      this.#facts[slot] = facts;
    }
  }
}
