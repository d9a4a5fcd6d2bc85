// Novelty of a value or a shape: distance to the nearest of a few prototypes that are learnt online and merged when full.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';

const PROTOTYPES = 16;
const MAX_USES = 50;
const LEARNING = 0.2;
/** A point further off than this many usual distances founds a prototype of its own. */
const APART = 3;

interface Prototype {
  values: number[];
  uses: number;
  usedAt: number;
}

/** Art(length, stride): windows of `length` means over `stride` points. Art(1, 1) sees values, Art(4, 4) shapes. */
export class Novelty {
  readonly #length: number;
  readonly #stride: number;
  readonly #forgetAfter: number;
  #prototypes: Prototype[] = [];
  #window: number[] = [];
  #sum = 0;
  #summed = 0;
  #usual = 0;
  #seen = 0;
  #last = 0;

  constructor(length: number, stride: number, forgetAfter: number) {
    this.#length = length;
    this.#stride = stride;
    this.#forgetAfter = forgetAfter;
  }

  /** The novelty with this point, per value; between strides the last one again. */
  update(value: number): number {
    this.#sum += value;
    if (++this.#summed < this.#stride) return this.#last;
    this.#window.push(this.#sum / this.#summed);
    this.#sum = 0;
    this.#summed = 0;
    if (this.#window.length > this.#length) this.#window.shift();
    if (this.#window.length < this.#length) return this.#last;
    this.#seen++;
    const nearest = this.#nearest();
    if (!nearest) {
      this.#found();
      return 0;
    }
    this.#forget(nearest.prototype);
    const distance = nearest.distance / this.#length;
    this.#last = distance;
    if (distance > APART * this.#usual && distance > 0) this.#found();
    else this.#pull(nearest.prototype);
    const bounded = this.#seen > 30 ? Math.min(distance, 9 * this.#usual) : distance;
    this.#usual += Math.max(0.01, 1 / this.#seen) * (bounded - this.#usual);
    return distance;
  }

  encode(writer: StateWriter): void {
    writer.list(this.#prototypes, ({ values, uses, usedAt }) => {
      writer.int(usedAt).double(uses);
      for (const value of values) writer.double(value);
    });
    writer.list(this.#window, (value) => writer.double(value));
    writer.double(this.#sum).int(this.#summed).double(this.#usual).int(this.#seen).double(this.#last);
  }

  decode(reader: StateReader): void {
    this.#prototypes = reader.list(() => ({
      usedAt: reader.int(),
      uses: reader.double(),
      values: Array.from({ length: this.#length }, () => reader.double()),
    }));
    this.#window = reader.list(() => reader.double());
    this.#sum = reader.double();
    this.#summed = reader.int();
    this.#usual = reader.double();
    this.#seen = reader.int();
    this.#last = reader.double();
  }

  #nearest(): { prototype: Prototype; distance: number } | undefined {
    let best: { prototype: Prototype; distance: number } | undefined;
    for (const prototype of this.#prototypes) {
      const distance = apart(prototype.values, this.#window);
      if (!best || distance < best.distance) best = { prototype, distance };
    }
    return best;
  }

  #found(): void {
    if (this.#prototypes.length >= PROTOTYPES) this.#mergeNearestTwo();
    this.#prototypes.push({ values: [...this.#window], uses: 1, usedAt: this.#seen });
  }

  #pull(prototype: Prototype): void {
    prototype.uses = Math.min(MAX_USES, prototype.uses + 1);
    prototype.usedAt = this.#seen;
    prototype.values = prototype.values.map((value, i) => value + LEARNING * ((this.#window[i] ?? value) - value));
  }

  #forget(keep: Prototype): void {
    if (this.#seen % 16 !== 0 || this.#prototypes.length <= 2) return;
    const oldest = this.#prototypes.reduce((one, other) => (other.usedAt < one.usedAt ? other : one));
    if (oldest === keep || this.#seen - oldest.usedAt <= this.#forgetAfter) return;
    this.#prototypes = this.#prototypes.filter((prototype) => prototype !== oldest);
  }

  #mergeNearestTwo(): void {
    let least = Infinity;
    let pair: [Prototype, Prototype] | undefined;
    for (const [i, one] of this.#prototypes.entries()) {
      for (const other of this.#prototypes.slice(0, i)) {
        const distance = apart(one.values, other.values);
        if (distance < least) {
          least = distance;
          pair = [one, other];
        }
      }
    }
    if (!pair) return;
    const [gone, kept] = pair;
    const uses = gone.uses + kept.uses;
    kept.values = kept.values.map((value, i) => (gone.uses * (gone.values[i] ?? value) + kept.uses * value) / uses);
    kept.uses = Math.min(MAX_USES, uses);
    kept.usedAt = Math.max(kept.usedAt, gone.usedAt);
    this.#prototypes = this.#prototypes.filter((prototype) => prototype !== gone);
  }
}

function apart(one: readonly number[], other: readonly number[]): number {
  let distance = 0;
  for (let i = 0; i < one.length; i++) distance += Math.abs((one[i] ?? 0) - (other[i] ?? 0));
  return distance;
}
