// How surprising a statistic is, by what it has been: the excesses over a streaming 98 % quantile, with a tail as heavy as so few of them leave possible.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { bytesOf, floatsOf } from './floats.js';

const SHARE = 0.98;
const BASE = -Math.log10(1 - SHARE);
const MOST = 20;
const HEAVIEST = 0.35;
/** Below these nothing is judged. */
const MIN_SEEN = 100;
const MIN_BEYOND = 5;
/** Excesses that are believed in before any is seen. */
const PRIOR = 4;
/** A single excess counts for so many average ones at most. */
const CLIP = 8;
/** The mean excess is at least this share of how far values lie from the quantile: a tail of ties is no tail. */
const LEAST = 0.1;
const UNCLIPPED = 20;
const WARM = 200;
const [QUANTILE, SCALE, FIRST, SECOND] = [0, 1, 2, 3] as const;

export class ExcessTail {
  /** Of how many excesses one is news of its own: neighbours of a smoothed statistic are alike. */
  readonly #independence: number;
  readonly #heaviest: number;
  readonly #moments = new Float32Array(4);
  #beyond = 0;
  #seen = 0;

  constructor(independence: number, heaviest = HEAVIEST) {
    this.#independence = independence;
    this.#heaviest = heaviest;
  }

  /** Enough was seen to judge. */
  get isKnown(): boolean {
    return this.#seen >= MIN_SEEN && this.#beyond >= MIN_BEYOND;
  }

  /**
   * Decades: 2 is one in a hundred; 0 below the quantile. A generalised Pareto tail by moments (Hosking and Wallis, 1987), its shape at
   * least 1/k where k independent excesses were seen: an exponential tail of unknown scale is foretold by a Pareto of that shape.
   */
  decades(value: number): number {
    const excess = value - this.#of(QUANTILE);
    if (!(excess > 0) || !this.isKnown) return 0;
    const mean = Math.max(this.#of(FIRST), LEAST * this.#of(SCALE));
    if (!(mean > 0)) return 0;
    const variance = this.#of(SECOND) - mean * mean;
    const byMoments = 0.5 * (1 - (mean * mean) / Math.max(variance, 1e-12 * this.#of(SECOND) + 1e-300));
    const least = 1 / (this.#beyond * this.#independence + PRIOR);
    const shape = Math.max(least, Math.min(this.#heaviest, byMoments));
    return BASE + Math.min(MOST, Math.log10(1 + (shape * excess) / (mean * (1 - shape))) / shape);
  }

  /** `faith` below 1: what is doubtful teaches little. */
  learn(value: number, faith: number): void {
    const seen = ++this.#seen;
    if (seen === 1) this.#moments[QUANTILE] = value;
    const rate = seen < WARM ? 1 : faith;
    const before = this.#of(QUANTILE);
    const scale = this.#of(SCALE) + rate * Math.max(0.002, 1 / seen) * (Math.abs(value - before) - this.#of(SCALE));
    const step = rate * Math.max(0.005, 1 / seen) * scale * 4;
    this.#moments[SCALE] = scale;
    this.#moments[QUANTILE] = before + (value > before ? step * SHARE : -step * (1 - SHARE));
    if (value > this.#of(QUANTILE)) this.#learnExcess(value - this.#of(QUANTILE), rate);
  }

  encode(writer: StateWriter): void {
    writer.bytes(bytesOf(this.#moments)).int(this.#beyond).int(this.#seen);
  }

  decode(reader: StateReader): void {
    this.#moments.set(floatsOf(reader.bytes()));
    this.#beyond = reader.int();
    this.#seen = reader.int();
  }

  #learnExcess(excess: number, rate: number): void {
    this.#beyond++;
    const first = this.#of(FIRST);
    const clipped = this.#beyond > UNCLIPPED ? Math.min(excess, CLIP * first) : excess;
    const share = rate * Math.max(0.01, 1 / this.#beyond);
    this.#moments[FIRST] = first + share * (clipped - first);
    this.#moments[SECOND] = this.#of(SECOND) + share * (clipped * clipped - this.#of(SECOND));
  }

  #of(moment: 0 | 1 | 2 | 3): number {
    return this.#moments[moment] ?? 0;
  }
}
