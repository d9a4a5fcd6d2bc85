// Novelty of a value or a shape: distance to the nearest of a few prototypes that are learnt online and merged when full.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { bytesOf, floatsOf } from './floats.js';

const PROTOTYPES = 16;
const MAX_USES = 50;
const LEARNING = 0.2;
/** A window further off than this many usual distances founds a prototype of its own. */
const APART = 3;
/** How fast the usual distance follows, and how much of it a single window may count for. */
const USUAL_RATE = 0.01;
const MOST_USUALS = 9;
const SETTLED_AFTER = 30;

export interface NoveltyOptions {
  /** Means in a window, and points in a mean: (1, 1) sees values, (2, 1) steps, (4, 4) shapes. */
  readonly length: number;
  readonly stride: number;
}

/** Adaptive resonance by L1 distance, one pass (after Carpenter and Grossberg, 1987). Single precision, so that the state stays small. */
export class Novelty {
  readonly #options: NoveltyOptions;
  /** `#size` prototypes, flat. */
  readonly #values: Float32Array;
  readonly #uses = new Uint8Array(PROTOTYPES);
  #size = 0;
  readonly #window: Float32Array;
  #filled = 0;
  #sum = 0;
  #summed = 0;
  #usual = 0;
  #seen = 0;
  #last = 0;

  constructor(options: NoveltyOptions) {
    this.#options = options;
    this.#values = new Float32Array(PROTOTYPES * options.length);
    this.#window = new Float32Array(options.length);
  }

  /** The novelty with this point, per value; between strides the last one again. */
  update(value: number): number {
    const { length, stride } = this.#options;
    this.#sum += value;
    if (++this.#summed < stride) return this.#last;
    this.#shiftIn(this.#sum / this.#summed);
    this.#sum = 0;
    this.#summed = 0;
    if (this.#filled < length) return this.#last;
    this.#seen++;
    if (this.#size === 0) {
      this.#found();
      return 0;
    }
    let nearest = 0;
    let least = Infinity;
    for (let i = 0; i < this.#size; i++) {
      const apart = this.#apart(i, this.#window, 0);
      if (apart < least) {
        least = apart;
        nearest = i;
      }
    }
    const distance = least / length;
    this.#last = distance;
    if (distance > APART * this.#usual && distance > 0) this.#found();
    else this.#pull(nearest);
    const bounded = this.#seen > SETTLED_AFTER ? Math.min(distance, MOST_USUALS * this.#usual) : distance;
    this.#usual += Math.max(USUAL_RATE, 1 / this.#seen) * (bounded - this.#usual);
    return distance;
  }

  encode(writer: StateWriter): void {
    writer.byte(this.#size).byte(this.#filled).int(this.#summed).int(this.#seen);
    writer.double(this.#sum).double(this.#usual).double(this.#last);
    writer.bytes(bytesOf(this.#values.slice(0, this.#size * this.#options.length)));
    writer.bytes(bytesOf(this.#window)).bytes(this.#uses.slice(0, this.#size));
  }

  decode(reader: StateReader): void {
    this.#size = reader.byte();
    this.#filled = reader.byte();
    this.#summed = reader.int();
    this.#seen = reader.int();
    this.#sum = reader.double();
    this.#usual = reader.double();
    this.#last = reader.double();
    this.#values.set(floatsOf(reader.bytes()));
    this.#window.set(floatsOf(reader.bytes()));
    this.#uses.set(reader.bytes());
  }

  #shiftIn(mean: number): void {
    const { length } = this.#options;
    if (this.#filled === length) this.#window.copyWithin(0, 1);
    else this.#filled++;
    this.#window[this.#filled - 1] = mean;
  }

  /** L1 distance of prototype `i` from `other[from …]`. */
  #apart(i: number, other: Float32Array, from: number): number {
    const { length } = this.#options;
    let distance = 0;
    for (let m = 0; m < length; m++) distance += Math.abs((this.#values[i * length + m] ?? 0) - (other[from + m] ?? 0));
    return distance;
  }

  #found(): void {
    const at = this.#size < PROTOTYPES ? this.#size++ : this.#mergeNearestTwo();
    this.#values.set(this.#window, at * this.#options.length);
    this.#uses[at] = 1;
  }

  #pull(i: number): void {
    const { length } = this.#options;
    this.#uses[i] = Math.min(MAX_USES, (this.#uses[i] ?? 0) + 1);
    for (let m = 0; m < length; m++) {
      const value = this.#values[i * length + m] ?? 0;
      this.#values[i * length + m] = value + LEARNING * ((this.#window[m] ?? 0) - value);
    }
  }

  /** Joins the two that are nearest to each other, weighed by their uses. The place that is free now. */
  #mergeNearestTwo(): number {
    const { length } = this.#options;
    let least = Infinity;
    let [gone, kept] = [1, 0];
    for (let i = 1; i < this.#size; i++) {
      for (let j = 0; j < i; j++) {
        const apart = this.#apart(i, this.#values, j * length);
        if (apart >= least) continue;
        least = apart;
        [gone, kept] = [i, j];
      }
    }
    const [goneUses, keptUses] = [this.#uses[gone] ?? 0, this.#uses[kept] ?? 0];
    for (let m = 0; m < length; m++) {
      const [one, other] = [this.#values[gone * length + m] ?? 0, this.#values[kept * length + m] ?? 0];
      this.#values[kept * length + m] = (goneUses * one + keptUses * other) / (goneUses + keptUses);
    }
    this.#uses[kept] = Math.min(MAX_USES, goneUses + keptUses);
    return gone;
  }
}
