// The core of perKey, without Kafka: keyed state, timers, expiry and the watermark of one partition.

import type { Detector } from '@watchkeeper/schemas';
import { stuckDetector } from './errors.js';
import type { Slot } from './slot.js';
import type { MemoryShare } from './state-memory.js';
import type { StateChange, StateSink } from './state-store.js';
import { StateTiers } from './state-tiers.js';
import { TimerHeap } from './timer-heap.js';
import type { Watermark, WatermarkPolicy } from './watermark.js';

/** How inputs meet a detector; an engine needs no more, so evaluation and bench use the same. */
export interface EngineOptions<State, Input, Output> {
  /** Maybe wrapped in `sequenced`. */
  readonly detector: Detector<State, Input, Output>;
  readonly watermark: WatermarkPolicy<Input>;
  /** Event time of an input in microseconds, clamped to the log. */
  readonly timeOf: (input: Input) => number;
  /** A key that was silent for so long (event time; of history behind the watermark, the watermark's) is closed. */
  readonly idleMs: number;
  /** Keys held per partition, in memory and on disk; beyond, the idlest is closed. */
  readonly maxKeys: number;
  /** True of an input that moves the watermark alone and belongs to no key (a mark). */
  readonly isMark?: (input: Input) => boolean;
  /** True of an input after which its key is closed (the session has ended). */
  readonly endsKey?: (input: Input) => boolean;
}

/**
 * Judges one partition's inputs in log order. Invariant: what it returns depends on the inputs and their order alone, never on how
 * they were cut into batches, for every timer that a record makes due fires right after that record, nor on how many states fit into memory.
 */
export class KeyedEngine<State, Input, Output> implements StateSink {
  readonly #options: EngineOptions<State, Input, Output>;
  readonly #idleMicros: number;
  readonly #tiers: StateTiers<State>;
  readonly #timers = new TimerHeap<Slot<State>>();
  readonly #trackChanges: boolean;
  /** Slots changed since the last takeChanges, and stored keys closed since. */
  #dirty: Slot<State>[] = [];
  #gone = new Set<string>();
  #watermark: Watermark<Input>;
  #evicted = 0;
  #expired = 0;
  #repeated = 0;

  /** `trackChanges` where a durable store will ask for them; without `memory` all states are held in memory. */
  constructor(
    options: EngineOptions<State, Input, Output>,
    { trackChanges = false, memory }: { trackChanges?: boolean; memory?: MemoryShare } = {},
  ) {
    this.#options = options;
    this.#tiers = new StateTiers(options.detector, memory);
    this.#idleMicros = options.idleMs * 1000;
    this.#watermark = options.watermark.create();
    this.#trackChanges = trackChanges;
  }

  /** Keys held. */
  get size(): number {
    return this.#tiers.size;
  }

  /** Of them, those whose states are on disk. */
  get coldKeys(): number {
    return this.#tiers.coldKeys;
  }

  /** States written to disk so far, and read from it. */
  get moved(): { readonly spilled: number; readonly loaded: number } {
    return this.#tiers.moved;
  }

  /** Keys closed because the bound was reached. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Keys closed because they were idle. */
  get expired(): number {
    return this.#expired;
  }

  /** Inputs left out because their source had already said that all of them were there. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Timers set, stale ones included. */
  get timers(): number {
    return this.#timers.size;
  }

  /** -Infinity until something is known. */
  get watermarkMicros(): number {
    return this.#watermark.micros;
  }

  /** How near to a detection each key is, in the order of idleness; for evaluation. */
  *scores(): Iterable<{ key: string; score: number }> {
    for (const slot of this.#tiers.idlestFirst())
      yield { key: slot.key, score: this.#options.detector.score(this.#tiers.peek(slot)) };
  }

  /**
   * Takes the input at `offset`; its outputs, then those of the timers that it made due: of `mostTimers` of them, and the others are due still
   * ({@link hasDue}, {@link fireDue}) and must have fired before the next input.
   */
  observe(input: Input, offset: number, mostTimers = Infinity): readonly Output[] {
    const outputs: Output[] = [];
    if (this.#watermark.isRepeated?.(input) === true) {
      this.#repeated++;
      return outputs;
    }
    if (this.#options.isMark?.(input) !== true) this.#judge(input, offset, outputs);
    const watermarkMicros = this.#watermark.observe(input);
    if (this.#timers.nextMicros <= watermarkMicros) this.#fire(watermarkMicros, outputs, mostTimers);
    return outputs;
  }

  /** Moves the watermark on (the log's end, the end of an evaluation); timers as in {@link observe}. */
  advance(toMicros: number, mostTimers = Infinity): readonly Output[] {
    const outputs: Output[] = [];
    this.#fire(this.#watermark.advance(toMicros), outputs, mostTimers);
    return outputs;
  }

  /** Timers are due as of the watermark: an hour's sessions that expire at one record, a slice at a time. */
  get hasDue(): boolean {
    return this.#timers.nextMicros <= this.#watermark.micros;
  }

  /** Fires some of what is due. */
  fireDue(mostTimers: number): readonly Output[] {
    const outputs: Output[] = [];
    this.#fire(this.#watermark.micros, outputs, mostTimers);
    return outputs;
  }

  /** Closes every key, idlest first; for the end of an evaluation. */
  closeAll(): readonly Output[] {
    const outputs: Output[] = [];
    for (const slot of [...this.#tiers.idlestFirst()]) this.#close(slot, outputs);
    return outputs;
  }

  /**
   * What changed since the last call: states, and tombstones of closed keys. A key that was opened and closed in between costs nothing. Encodes
   * as it is gone through, once and to the end, while the engine stands still.
   */
  *takeChanges(): Generator<StateChange, undefined> {
    const gone = this.#gone;
    const dirty = this.#dirty;
    this.#gone = new Set();
    this.#dirty = [];
    for (const key of gone) if (!this.#tiers.get(key)) yield { key, state: undefined };
    for (const slot of dirty) {
      slot.dirty = false;
      if (!slot.open) continue;
      slot.stored = true;
      yield { key: slot.key, state: this.#tiers.written(slot) };
    }
    this.#tiers.makeRoom();
  }

  /** The partition's own record of a checkpoint. */
  encodePartition(): Buffer {
    return this.#watermark.encode();
  }

  /** Before the first input: a key's state as a store kept it. */
  keep(key: string, state: Buffer): void {
    this.#tiers.restore(key, state);
  }

  /** Before the first input: a key that was kept is closed. */
  drop(key: string): void {
    const slot = this.#tiers.get(key);
    if (slot) this.#tiers.remove(slot);
  }

  /** Goes on from what was kept. Throws WK_STATE_VERSION where this build cannot read it. */
  restore(partition: Buffer): void {
    this.#watermark = this.#options.watermark.decode(partition);
    this.#tiers.sortByIdleness();
    for (const slot of this.#tiers.all()) this.#schedule(slot);
    const { idlest } = this.#tiers;
    if (idlest) this.#tiers.peek(idlest);
  }

  /** Begins empty: what was kept is closed among the next changes. */
  bury(): void {
    for (const slot of [...this.#tiers.all()]) {
      this.#tiers.remove(slot);
      this.#gone.add(slot.key);
    }
  }

  /** Lets go of memory and disk. */
  close(): void {
    this.#tiers.close();
  }

  #judge(input: Input, offset: number, outputs: Output[]): void {
    const { detector, timeOf, endsKey } = this.#options;
    const key = detector.keyOf(input);
    const timeMicros = timeOf(input);
    let slot = this.#tiers.get(key);
    // By the key's own time, so that whether a gap closes it does not depend on what other keys of the partition did meanwhile.
    if (slot && timeMicros > slot.lastMicros + this.#idleMicros) {
      this.#expire(slot, outputs);
      slot = undefined;
    }
    slot ??= this.#create(key, outputs);
    append(outputs, detector.onEvent(this.#tiers.use(slot), input));
    if (timeMicros > slot.lastMicros) slot.lastMicros = timeMicros;
    slot.idleFromMicros = Math.max(slot.lastMicros, this.#watermark.micros);
    slot.lastOffset = offset;
    this.#noteChange(slot);
    if (endsKey?.(input) === true) this.#close(slot, outputs);
    else this.#schedule(slot);
  }

  #create(key: string, outputs: Output[]): Slot<State> {
    const { idlest } = this.#tiers;
    if (this.#tiers.size >= this.#options.maxKeys && idlest) {
      this.#close(idlest, outputs);
      this.#evicted++;
    }
    return this.#tiers.add(key, this.#options.detector.create(key));
  }

  #detectorDueMicros(slot: Slot<State>): number {
    if (slot.state === undefined) return slot.dueMicros;
    return this.#options.detector.dueAt(slot.state) ?? Infinity;
  }

  #dueMicros(slot: Slot<State>): number {
    return Math.min(this.#detectorDueMicros(slot), slot.idleFromMicros + this.#idleMicros);
  }

  /** Sets a timer only where the slot's is later than it should be: an earlier one finds out when it fires. */
  #schedule(slot: Slot<State>): void {
    const dueMicros = this.#dueMicros(slot);
    if (dueMicros >= slot.timerMicros) return;
    slot.timerMicros = dueMicros;
    this.#timers.push(dueMicros, slot);
    if (this.#timers.size > 4 * this.#tiers.size + 64) this.#dropStaleTimers();
  }

  #dropStaleTimers(): void {
    this.#timers.rebuild([...this.#tiers.all()].map((slot) => [slot.timerMicros, slot] as const));
  }

  #fire(watermarkMicros: number, outputs: Output[], mostTimers: number): void {
    for (let left = mostTimers; left > 0 && this.#timers.nextMicros <= watermarkMicros; left--) {
      const timer = this.#timers.pop();
      if (!timer) return;
      const slot = timer.of;
      if (!slot.open || timer.dueMicros !== slot.timerMicros) continue;
      slot.timerMicros = Infinity;
      const dueMicros = this.#dueMicros(slot);
      if (dueMicros > timer.dueMicros) this.#schedule(slot);
      else this.#wake(slot, dueMicros, watermarkMicros, outputs);
    }
  }

  #wake(slot: Slot<State>, dueMicros: number, watermarkMicros: number, outputs: Output[]): void {
    const { detector } = this.#options;
    const detectorDue = this.#detectorDueMicros(slot);
    if (detectorDue > dueMicros) {
      this.#expire(slot, outputs);
      return;
    }
    const state = this.#tiers.peek(slot);
    append(outputs, detector.onTime(state, watermarkMicros));
    const next = detector.dueAt(state);
    if (next !== undefined && next <= detectorDue) throw stuckDetector(detector.id, next);
    this.#tiers.putBack(slot, state);
    this.#noteChange(slot);
    this.#schedule(slot);
  }

  #expire(slot: Slot<State>, outputs: Output[]): void {
    this.#expired++;
    this.#close(slot, outputs);
  }

  #close(slot: Slot<State>, outputs: Output[]): void {
    append(outputs, this.#options.detector.onClose(this.#tiers.peek(slot)));
    this.#tiers.remove(slot);
    if (slot.stored) this.#gone.add(slot.key);
  }

  #noteChange(slot: Slot<State>): void {
    if (slot.dirty || !this.#trackChanges) return;
    slot.dirty = true;
    this.#dirty.push(slot);
    // Keys that came and went between two checkpoints must not be held on to.
    if (this.#dirty.length > 2 * this.#tiers.size + 1_024) this.#dirty = this.#dirty.filter(({ open }) => open);
  }
}

function append<T>(to: T[], more: readonly T[]): void {
  for (const one of more) to.push(one);
}
