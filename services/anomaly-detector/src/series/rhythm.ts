// The rhythm of a series: its usual value by hour of day, on working days and at weekends, with its own usual deviation.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { BINS, HOURS, momentOf } from './calendar.js';
import { bytesOf, floatsOf, fromHalves, halvesOf, roundedToHalf } from './floats.js';

/** Points over which the residual is averaged. */
const RESIDUAL_POINTS = 36;
const LEARNING = 0.3;
/** Times that an hour must have been seen before it judges. */
const MIN_SEEN = 4;
const MOST_SEEN = 99;
/** Beyond this many deviations an hour is learnt from no further, once it was seen so often. */
const CLIP = 4;
const CLIP_FROM_SEEN = 3;
/** How much the deviation of all hours counts beside the hour's own. */
const SHARED = 0.5;
const SHARED_RATE = 0.0005;
const SHARED_SETTLED = 300;
const SHARED_CLIP = 5;

/** Judges a smoothed residual by what it was at this hour on other days. */
export class Rhythm {
  /** Mean by hour; NaN until it was seen. Working days, then weekends. */
  readonly #means = new Float32Array(BINS).fill(NaN);
  /** Of eight bits: all has to fit in 2 KB. */
  readonly #deviations = new Float32Array(BINS);
  readonly #seen = new Uint8Array(BINS);
  /** The hour that is being gathered; -1 at the start. */
  #bin = -1;
  #sum = 0;
  #deviationSum = 0;
  #count = 0;
  #residual = 0;
  #shared = 0;
  #points = 0;

  /** How far the residual lies off, in the deviations usual at this hour; 0 where they are not known yet. */
  update(timeMicros: number, value: number): number {
    const { bin, neighbour, off } = momentOf(timeMicros);
    if (bin !== this.#bin) {
      if (this.#bin >= 0) this.#learn(this.#bin);
      this.#bin = bin;
      this.#sum = 0;
      this.#deviationSum = 0;
      this.#count = 0;
    }
    this.#sum += value;
    this.#count++;
    // A weekend never seen yet is judged as a working day.
    const shift = bin >= HOURS && Number.isNaN(this.#means[bin]) ? HOURS : 0;
    const judged = bin - shift;
    const own = this.#means[judged] ?? NaN;
    if (Number.isNaN(own)) {
      this.#residual = 0;
      return 0;
    }
    const near = this.#means[neighbour - shift] ?? NaN;
    const expected = Number.isNaN(near) ? own : own + off * (near - own);
    let deviation = this.#deviations[judged] ?? 0;
    if (!Number.isNaN(near) && off > 0.3) deviation = Math.max(deviation, this.#deviations[neighbour - shift] ?? 0);
    this.#residual += (value - expected - this.#residual) / RESIDUAL_POINTS;
    const apart = Math.abs(this.#residual);
    this.#deviationSum += apart;
    this.#points++;
    const clipped = this.#points > SHARED_SETTLED ? Math.min(apart, SHARED_CLIP * this.#shared) : apart;
    this.#shared += Math.max(SHARED_RATE, 1 / this.#points) * (clipped - this.#shared);
    return (this.#seen[judged] ?? 0) < MIN_SEEN ? 0 : apart / (deviation + SHARED * this.#shared + 1e-12);
  }

  encode(writer: StateWriter): void {
    writer.bytes(bytesOf(this.#means)).bytes(halvesOf(this.#deviations)).bytes(this.#seen).int(this.#bin);
    writer.double(this.#sum).double(this.#deviationSum).int(this.#count).double(this.#residual);
    writer.double(this.#shared).int(this.#points);
  }

  decode(reader: StateReader): void {
    this.#means.set(floatsOf(reader.bytes()));
    this.#deviations.set(fromHalves(reader.bytes()));
    this.#seen.set(reader.bytes());
    this.#bin = reader.int();
    this.#sum = reader.double();
    this.#deviationSum = reader.double();
    this.#count = reader.int();
    this.#residual = reader.double();
    this.#shared = reader.double();
    this.#points = reader.int();
  }

  /** The hour is over. */
  #learn(bin: number): void {
    const mean = this.#sum / this.#count;
    const before = this.#means[bin] ?? NaN;
    const seen = this.#seen[bin] ?? 0;
    if (Number.isNaN(before)) this.#means[bin] = mean;
    else {
      const deviation = this.#deviations[bin] ?? 0;
      const isSure = seen >= CLIP_FROM_SEEN;
      const most = isSure ? CLIP * (deviation + SHARED * this.#shared) : Infinity;
      const apart = Math.max(-most, Math.min(most, mean - before));
      this.#means[bin] = before + Math.max(LEARNING, 1 / (seen + 1)) * apart;
      const mostDeviation = isSure ? CLIP * (deviation + 0.5 * SHARED * this.#shared) : Infinity;
      const newDeviation = Math.min(this.#deviationSum / this.#count, mostDeviation);
      this.#deviations[bin] = roundedToHalf(deviation + Math.max(LEARNING, 1 / seen) * (newDeviation - deviation));
    }
    this.#seen[bin] = Math.min(MOST_SEEN, seen + 1);
  }
}
