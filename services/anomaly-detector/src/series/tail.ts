// How surprising a novelty is: a streaming 98 % quantile, and beyond it a generalised Pareto tail by two moments. In decades.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';

const LN10 = Math.LN10;
const SHARE = 0.98;
const BASE = -Math.log10(1 - SHARE);
const MOST = 20;

/** Calibrates one stream of non-negative novelties. */
export class Tail {
  #quantile = 0;
  #scale = 0;
  #first = 0;
  #second = 0;
  #beyond = 0;
  #seen = 0;

  /** The surprise of `novelty`, in decades: 2 is one in a hundred; 0 below the quantile. Then it is learnt. */
  update(novelty: number): number {
    const seen = ++this.#seen;
    if (seen === 1) this.#quantile = novelty;
    const surprise = novelty > this.#quantile ? this.#surprise(novelty - this.#quantile) : 0;
    this.#scale += Math.max(0.005, 1 / seen) * (Math.abs(novelty - this.#quantile) - this.#scale);
    const step = Math.max(0.02, 1 / seen) * this.#scale * 4;
    this.#quantile += novelty > this.#quantile ? step * SHARE : -step * (1 - SHARE);
    if (novelty > this.#quantile) this.#learn(novelty - this.#quantile, surprise);
    return surprise;
  }

  encode(writer: StateWriter): void {
    writer.double(this.#quantile).double(this.#scale).double(this.#first).double(this.#second);
    writer.int(this.#beyond).int(this.#seen);
  }

  decode(reader: StateReader): void {
    this.#quantile = reader.double();
    this.#scale = reader.double();
    this.#first = reader.double();
    this.#second = reader.double();
    this.#beyond = reader.int();
    this.#seen = reader.int();
  }

  /** Moments fit (Hosking and Wallis, 1987), the shape kept between a finite end and a heavy tail. */
  #surprise(excess: number): number {
    const mean = this.#first;
    if (this.#beyond < 3 || mean <= 0) return this.#seen > 60 ? Math.min(Math.log10(this.#seen + 1), 3.5) : 0;
    const variance = this.#second - mean * mean;
    const ratio = (mean * mean) / Math.max(variance, 1e-12 * this.#second + 1e-300);
    const shape = Math.max(-0.2, Math.min(0.45, 0.5 * (1 - ratio)));
    const width = mean * (1 - shape);
    const decades =
      Math.abs(shape) < 1e-3
        ? excess / width / LN10
        : Math.log10(1 + Math.max(-0.99, (shape * excess) / width)) / shape;
    return BASE + Math.min(decades, MOST);
  }

  /** What is very surprising is learnt slowly: it is what is looked for. */
  #learn(excess: number, surprise: number): void {
    const caution = surprise > 3 && this.#beyond > 20 ? 0.25 : 1;
    this.#beyond++;
    const rate = Math.max(0.02, 1 / this.#beyond) * caution;
    this.#first += rate * (excess - this.#first);
    this.#second += rate * (excess * excess - this.#second);
  }
}
