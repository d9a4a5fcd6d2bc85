// The keys of one engine: those in use with their states in memory, those that nothing has touched for long on disk.

import type { Detector } from '@watchkeeper/schemas';
import { RecencyList } from './recency-list.js';
import { byRecency, decodeSlot, encodeSlot, newSlot, type Slot } from './slot.js';
import type { MemoryShare } from './state-memory.js';

type Codec<State> = Pick<Detector<State, never, unknown>, 'dueAt' | 'encode' | 'decode'>;

/** What a state may take before any has been written. */
const FIRST_GUESS_BYTES = 2_048;
/** The guess follows what is written by one part in so many. */
const GUESS_INERTIA = 64;

/**
 * Invariant: every cold key is idler than every hot one, so both lists, one after the other, are all keys in the order of idleness, whatever fits into
 * memory: what an engine says cannot depend on it. A key costs about 400 bytes of memory while its state is on disk.
 */
export class StateTiers<State> {
  readonly #codec: Codec<State>;
  readonly #memory: MemoryShare | undefined;
  readonly #slots = new Map<string, Slot<State>>();
  readonly #hot = new RecencyList<Slot<State>>();
  readonly #cold = new RecencyList<Slot<State>>();
  #hotBytes = 0;
  #coldKeys = 0;
  #guessBytes = FIRST_GUESS_BYTES;
  #spilled = 0;
  #loaded = 0;

  /** Without `memory` all is hot. */
  constructor(codec: Codec<State>, memory: MemoryShare | undefined) {
    this.#codec = codec;
    this.#memory = memory;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Keys whose state is on disk. */
  get coldKeys(): number {
    return this.#coldKeys;
  }

  /** States written to disk so far, and read from it. */
  get moved(): { readonly spilled: number; readonly loaded: number } {
    return { spilled: this.#spilled, loaded: this.#loaded };
  }

  get(key: string): Slot<State> | undefined {
    return this.#slots.get(key);
  }

  get idlest(): Slot<State> | undefined {
    return this.#cold.oldest ?? this.#hot.oldest;
  }

  *idlestFirst(): Iterable<Slot<State>> {
    yield* this.#cold.oldestFirst();
    yield* this.#hot.oldestFirst();
  }

  add(key: string, state: State): Slot<State> {
    const slot = newSlot(key, state, this.#guessBytes);
    this.#slots.set(key, slot);
    this.#enterHot(slot);
    this.makeRoom();
    return slot;
  }

  /** The state of a key that is in use from now on. */
  use(slot: Slot<State>): State {
    if (slot.state !== undefined) {
      this.#hot.touch(slot);
      return slot.state;
    }
    const state = this.#load(slot);
    this.#cold.remove(slot);
    this.#leaveCold(slot);
    slot.state = state;
    this.#enterHot(slot);
    this.makeRoom();
    return state;
  }

  /** The state of a key that is not in use: a timer, the end. Where it was changed, {@link putBack} follows. */
  peek(slot: Slot<State>): State {
    return slot.state ?? this.#load(slot);
  }

  putBack(slot: Slot<State>, state: State): void {
    if (slot.state !== undefined) return;
    this.#leaveCold(slot);
    this.#writeCold(slot, state);
  }

  remove(slot: Slot<State>): void {
    slot.open = false;
    this.#slots.delete(slot.key);
    if (slot.state === undefined) {
      this.#cold.remove(slot);
      this.#leaveCold(slot);
    } else {
      this.#hot.remove(slot);
      this.#hotBytes -= slot.bytes;
    }
  }

  /** A key's bytes for a store. */
  written(slot: Slot<State>): Buffer {
    if (slot.state === undefined) return this.#readCold(slot);
    const bytes = this.#encode(slot, slot.state);
    this.#hotBytes += bytes.length - slot.bytes;
    this.#noteSize(slot, bytes.length);
    return bytes;
  }

  /** Takes in what {@link written} gave, as not used since. When all is there, {@link sortByIdleness} is due. */
  restore(key: string, bytes: Buffer): void {
    const known = this.#slots.get(key);
    if (known) this.remove(known);
    const { lastMicros, idleFromMicros, lastOffset, dueMicros, readState } = decodeSlot(bytes);
    const slot = newSlot<State>(key, undefined, bytes.length);
    this.#slots.set(key, slot);
    const decoded = dueMicros === undefined || !this.#memory ? this.#codec.decode(readState()) : undefined;
    Object.assign(slot, {
      lastMicros,
      idleFromMicros,
      lastOffset,
      dueMicros: dueMicros ?? this.#dueOf(decoded),
      stored: true,
    });
    if (this.#memory) {
      slot.coldAt = this.#memory.cold.put(bytes);
      this.#coldKeys++;
      this.#cold.touch(slot);
    } else {
      slot.state = decoded;
      this.#enterHot(slot);
    }
  }

  /** After a restore, which comes in another order. */
  sortByIdleness(): void {
    const list = this.#memory ? this.#cold : this.#hot;
    for (const slot of [...this.#slots.values()].sort(byRecency)) list.touch(slot);
  }

  all(): Iterable<Slot<State>> {
    return this.#slots.values();
  }

  /** Puts the idlest on disk until the rest fits; the one in use stays. */
  makeRoom(): void {
    if (!this.#memory) return;
    const mostBytes = this.#memory.bytes;
    while (this.#hotBytes > mostBytes) {
      const slot = this.#hot.oldest;
      if (!slot || slot === this.#hot.newest) return;
      this.#spill(slot);
    }
  }

  close(): void {
    this.#memory?.close();
  }

  #spill(slot: Slot<State>): void {
    const { state } = slot;
    if (state === undefined) return;
    this.#hot.remove(slot);
    this.#hotBytes -= slot.bytes;
    this.#writeCold(slot, state);
    this.#cold.touch(slot);
    slot.state = undefined;
    this.#spilled++;
  }

  #enterHot(slot: Slot<State>): void {
    this.#hot.touch(slot);
    this.#hotBytes += slot.bytes;
  }

  #writeCold(slot: Slot<State>, state: State): void {
    const bytes = this.#encode(slot, state);
    this.#noteSize(slot, bytes.length);
    slot.coldAt = this.#memory?.cold.put(bytes) ?? -1;
    this.#coldKeys++;
  }

  #leaveCold(slot: Slot<State>): void {
    this.#memory?.cold.free(slot.coldAt, slot.bytes);
    slot.coldAt = -1;
    this.#coldKeys--;
  }

  #load(slot: Slot<State>): State {
    this.#loaded++;
    return this.#codec.decode(decodeSlot(this.#readCold(slot)).readState());
  }

  #readCold(slot: Slot<State>): Buffer {
    if (!this.#memory) throw new TypeError(`the state of ${slot.key} is on disk, and there is none`);
    return this.#memory.cold.get(slot.coldAt, slot.bytes);
  }

  #encode(slot: Slot<State>, state: State): Buffer {
    slot.dueMicros = this.#dueOf(state);
    return encodeSlot(slot, this.#codec.encode(state));
  }

  #dueOf(state: State | undefined): number {
    return state === undefined ? Infinity : (this.#codec.dueAt(state) ?? Infinity);
  }

  #noteSize(slot: Slot<State>, bytes: number): void {
    slot.bytes = bytes;
    this.#guessBytes += (bytes - this.#guessBytes) / GUESS_INERTIA;
  }
}
