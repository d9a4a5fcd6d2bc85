// The core of perKey, without Kafka: keyed state, timers, expiry and the watermark of one partition.

import { StateReader, StateWriter, type Detector } from '@watchkeeper/schemas';
import { stuckDetector } from './errors.js';
import { RecencyList } from './recency-list.js';
import { byRecency, newSlot, type Slot } from './slot.js';
import type { RestoredState, StateChange } from './state-store.js';
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
  /** Keys held per partition; beyond, the idlest is closed. */
  readonly maxKeys: number;
  /** True of an input that moves the watermark alone and belongs to no key (a mark). */
  readonly isMark?: (input: Input) => boolean;
  /** True of an input after which its key is closed (the session has ended). */
  readonly endsKey?: (input: Input) => boolean;
}

/**
 * Judges one partition's inputs in log order. Invariant: what it returns depends on the inputs and their order alone, never on how
 * they were cut into batches, for every timer that a record makes due fires right after that record.
 */
export class KeyedEngine<State, Input, Output> {
  readonly #options: EngineOptions<State, Input, Output>;
  readonly #idleMicros: number;
  readonly #slots = new Map<string, Slot<State>>();
  readonly #recency = new RecencyList<Slot<State>>();
  readonly #timers = new TimerHeap<Slot<State>>();
  readonly #trackChanges: boolean;
  /** Slots changed since the last takeChanges, and stored keys closed since. */
  #dirty: Slot<State>[] = [];
  #gone = new Set<string>();
  #watermark: Watermark<Input>;
  #evicted = 0;
  #expired = 0;
  #repeated = 0;

  /** `trackChanges` where a durable store will ask for them. */
  constructor(options: EngineOptions<State, Input, Output>, { trackChanges = false } = {}) {
    this.#options = options;
    this.#idleMicros = options.idleMs * 1000;
    this.#watermark = options.watermark.create();
    this.#trackChanges = trackChanges;
  }

  /** Keys held. */
  get size(): number {
    return this.#slots.size;
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
    for (const slot of this.#recency.oldestFirst())
      yield { key: slot.key, score: this.#options.detector.score(slot.state) };
  }

  /** Takes the input at `offset`; its outputs, then those of the timers that it made due. */
  observe(input: Input, offset: number): readonly Output[] {
    const outputs: Output[] = [];
    if (this.#watermark.isRepeated?.(input) === true) {
      this.#repeated++;
      return outputs;
    }
    if (this.#options.isMark?.(input) !== true) this.#judge(input, offset, outputs);
    const watermarkMicros = this.#watermark.observe(input);
    if (this.#timers.nextMicros <= watermarkMicros) this.#fire(watermarkMicros, outputs);
    return outputs;
  }

  /** Moves the watermark on (the log's end, the end of an evaluation). */
  advance(toMicros: number): readonly Output[] {
    const outputs: Output[] = [];
    this.#fire(this.#watermark.advance(toMicros), outputs);
    return outputs;
  }

  /** Closes every key, idlest first; for the end of an evaluation. */
  closeAll(): readonly Output[] {
    const outputs: Output[] = [];
    for (const slot of [...this.#recency.oldestFirst()]) this.#close(slot, outputs);
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
    for (const key of gone) if (!this.#slots.has(key)) yield { key, state: undefined };
    for (const slot of dirty) {
      slot.dirty = false;
      if (!slot.open) continue;
      slot.stored = true;
      yield { key: slot.key, state: this.#encode(slot) };
    }
  }

  /** The partition's own record of a checkpoint. */
  encodePartition(): Buffer {
    return this.#watermark.encode();
  }

  /** Takes over what a store kept. Call before the first input. */
  restore(kept: Pick<RestoredState, 'keys' | 'partition'>): void {
    this.#watermark = this.#options.watermark.decode(kept.partition);
    const slots: Slot<State>[] = [];
    for (const { key, state } of kept.keys) slots.push(this.#decode(key, state));
    for (const slot of slots.sort(byRecency)) {
      slot.stored = true;
      this.#slots.set(slot.key, slot);
      this.#recency.touch(slot);
      this.#schedule(slot);
    }
  }

  /** Keys that a store holds and this engine does not: among the next changes they are closed. */
  bury(keys: Iterable<{ readonly key: string }>): void {
    for (const { key } of keys) this.#gone.add(key);
  }

  #judge(input: Input, offset: number, outputs: Output[]): void {
    const { detector, timeOf, endsKey } = this.#options;
    const key = detector.keyOf(input);
    const timeMicros = timeOf(input);
    let slot = this.#slots.get(key);
    // By the key's own time, so that whether a gap closes it does not depend on what other keys of the partition did meanwhile.
    if (slot && timeMicros > slot.lastMicros + this.#idleMicros) {
      this.#expire(slot, outputs);
      slot = undefined;
    }
    slot ??= this.#create(key, outputs);
    append(outputs, detector.onEvent(slot.state, input));
    if (timeMicros > slot.lastMicros) slot.lastMicros = timeMicros;
    slot.idleFromMicros = Math.max(slot.lastMicros, this.#watermark.micros);
    slot.lastOffset = offset;
    this.#noteChange(slot);
    this.#recency.touch(slot);
    if (endsKey?.(input) === true) this.#close(slot, outputs);
    else this.#schedule(slot);
  }

  #create(key: string, outputs: Output[]): Slot<State> {
    if (this.#slots.size >= this.#options.maxKeys) {
      const idlest = this.#recency.oldest;
      if (idlest) {
        this.#close(idlest, outputs);
        this.#evicted++;
      }
    }
    const slot = newSlot(key, this.#options.detector.create(key), -Infinity, 0);
    this.#slots.set(key, slot);
    return slot;
  }

  #dueMicros(slot: Slot<State>): number {
    const idleMicros = slot.idleFromMicros + this.#idleMicros;
    const dueMicros = this.#options.detector.dueAt(slot.state);
    return dueMicros !== undefined && dueMicros < idleMicros ? dueMicros : idleMicros;
  }

  /** Sets a timer only where the slot's is later than it should be: an earlier one finds out when it fires. */
  #schedule(slot: Slot<State>): void {
    const dueMicros = this.#dueMicros(slot);
    if (dueMicros >= slot.timerMicros) return;
    slot.timerMicros = dueMicros;
    this.#timers.push(dueMicros, slot);
    if (this.#timers.size > 4 * this.#slots.size + 64) this.#dropStaleTimers();
  }

  #dropStaleTimers(): void {
    this.#timers.rebuild([...this.#slots.values()].map((slot) => [slot.timerMicros, slot] as const));
  }

  #fire(watermarkMicros: number, outputs: Output[]): void {
    while (this.#timers.nextMicros <= watermarkMicros) {
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
    const detectorDue = detector.dueAt(slot.state);
    if (detectorDue === undefined || detectorDue > dueMicros) {
      this.#expire(slot, outputs);
      return;
    }
    append(outputs, detector.onTime(slot.state, watermarkMicros));
    this.#noteChange(slot);
    const next = detector.dueAt(slot.state);
    if (next !== undefined && next <= detectorDue) throw stuckDetector(detector.id, next);
    this.#schedule(slot);
  }

  #expire(slot: Slot<State>, outputs: Output[]): void {
    this.#expired++;
    this.#close(slot, outputs);
  }

  #close(slot: Slot<State>, outputs: Output[]): void {
    append(outputs, this.#options.detector.onClose(slot.state));
    slot.open = false;
    this.#slots.delete(slot.key);
    this.#recency.remove(slot);
    if (slot.stored) this.#gone.add(slot.key);
  }

  #noteChange(slot: Slot<State>): void {
    if (slot.dirty || !this.#trackChanges) return;
    slot.dirty = true;
    this.#dirty.push(slot);
    // Keys that came and went between two checkpoints must not be held on to.
    if (this.#dirty.length > 2 * this.#slots.size + 1_024) this.#dirty = this.#dirty.filter(({ open }) => open);
  }

  #encode(slot: Slot<State>): Buffer {
    return new StateWriter(1)
      .double(slot.lastMicros)
      .double(slot.idleFromMicros)
      .int(slot.lastOffset)
      .bytes(this.#options.detector.encode(slot.state))
      .done();
  }

  #decode(key: string, bytes: Buffer): Slot<State> {
    const reader = new StateReader(bytes, [1]);
    const lastMicros = reader.double();
    const idleFromMicros = reader.double();
    const lastOffset = reader.int();
    return {
      ...newSlot(key, this.#options.detector.decode(reader.bytes()), lastMicros, lastOffset),
      idleFromMicros,
    };
  }
}

function append<T>(to: T[], more: readonly T[]): void {
  for (const one of more) to.push(one);
}
