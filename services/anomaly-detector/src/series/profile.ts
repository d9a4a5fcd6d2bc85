// What a series usually is by hour of day, on working days and at weekends: its mean, its spread, and how far its extremes go.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { BINS, HOURS, type Moment } from './calendar.js';
import { bytesOf, floatsOf, fromHalves, halvesOf, roundedToHalf } from './floats.js';

const LEARNING = 0.08;
const EXTREME_LEARNING = 0.12;
const MOST_SEEN = 255;
/** From so many days on an hour is learnt from no further than this. */
const CLIP_FROM_SEEN = 3;
const MEAN_CLIP = 3;
const CLIP = 4;
/** How much the spread and the extremes of all hours count beside the hour's own. */
const SHARED_SPREAD = 0.2;
const SHARED_EXTREME = 0.25;
const SETTLED_POINTS = 300;
/** Beside the middle of an hour the neighbour's spread counts, where it is larger. */
const BORDER = 0.3;
const POINTS_PER_HOUR = 12;

/** A value as the profile sees it. */
export interface Residual {
  /** In spreads; below 0 where it lies under the mean. */
  readonly deviation: number;
  /** Its size in usual extremes. */
  readonly extremity: number;
  /** Days on which this hour was learnt. */
  readonly seen: number;
  /** Share of its points that lie above the lowest value. */
  readonly activity: number;
}

export class HourProfile {
  /** NaN until the hour was seen. */
  readonly #means = new Float32Array(BINS).fill(NaN);
  /** Of eight bits, as are the next two: all has to fit in 2 KB. */
  readonly #spreads = new Float32Array(BINS);
  /** Mean squares of an hour's largest residual. */
  readonly #extremes = new Float32Array(BINS);
  readonly #activities = new Float32Array(BINS);
  readonly #seen = new Uint8Array(BINS);
  /** The hour that is being gathered; -1 at the start. */
  #bin = -1;
  #sum = 0;
  #count = 0;
  #active = 0;
  #residuals = 0;
  #largest = 0;
  /** Something in this hour is in doubt: it teaches nothing. */
  #isSpoilt = false;
  #spread = 0;
  #extreme = 0;
  #points = 0;

  /**
   * The value against what is usual, undefined where nothing is known of its hour. Then it is gathered; `isActive` where it lies above the
   * lowest there is, `isDoubtful` spoils its hour.
   */
  update({ bin, neighbour, off }: Moment, value: number, isActive: boolean, isDoubtful: boolean): Residual | undefined {
    if (bin !== this.#bin) this.#turnTo(bin);
    if (isDoubtful) this.#isSpoilt = true;
    this.#sum += value;
    this.#count++;
    if (isActive) this.#active++;
    const own = this.#means[bin] ?? NaN;
    if (Number.isNaN(own)) return undefined;
    const near = this.#means[neighbour] ?? NaN;
    const hasNear = !Number.isNaN(near);
    const expected = hasNear ? own + off * (near - own) : own;
    let spread = this.#spreads[bin] ?? 0;
    let extreme = this.#extremeAt(bin);
    if (hasNear && off > BORDER) {
      spread = Math.max(spread, this.#spreads[neighbour] ?? 0);
      extreme = Math.max(extreme, this.#extremeAt(neighbour));
    }
    const residual = value - expected;
    const size = Math.abs(residual);
    this.#residuals += size;
    this.#largest = Math.max(this.#largest, size);
    if (!isDoubtful) {
      this.#points++;
      const clipped = this.#points > SETTLED_POINTS ? Math.min(size, 5 * this.#spread) : size;
      this.#spread += Math.max(0.0005, 1 / this.#points) * (clipped - this.#spread);
    }
    const floor = 1e-9 * Math.abs(expected) + 1e-12;
    return {
      deviation: residual / (spread + SHARED_SPREAD * this.#spread + floor),
      extremity: size / (extreme + SHARED_EXTREME * this.#extreme + floor),
      seen: this.#seen[bin] ?? 0,
      activity: this.#activityAt(bin),
    };
  }

  encode(writer: StateWriter): void {
    writer.bytes(bytesOf(this.#means)).bytes(halvesOf(this.#spreads)).bytes(halvesOf(this.#extremes));
    writer.bytes(halvesOf(this.#activities)).bytes(this.#seen);
    writer
      .int(this.#bin)
      .double(this.#sum)
      .int(this.#count)
      .int(this.#active)
      .double(this.#residuals)
      .double(this.#largest);
    writer.bool(this.#isSpoilt).double(this.#spread).double(this.#extreme).int(this.#points);
  }

  decode(reader: StateReader): void {
    this.#means.set(floatsOf(reader.bytes()));
    this.#spreads.set(fromHalves(reader.bytes()));
    this.#extremes.set(fromHalves(reader.bytes()));
    this.#activities.set(fromHalves(reader.bytes()));
    this.#seen.set(reader.bytes());
    this.#bin = reader.int();
    this.#sum = reader.double();
    this.#count = reader.int();
    this.#active = reader.int();
    this.#residuals = reader.double();
    this.#largest = reader.double();
    this.#isSpoilt = reader.bool();
    this.#spread = reader.double();
    this.#extreme = reader.double();
    this.#points = reader.int();
  }

  #turnTo(bin: number): void {
    if (this.#count > 0 && !this.#isSpoilt) this.#learn(this.#bin);
    this.#bin = bin;
    this.#sum = 0;
    this.#count = 0;
    this.#active = 0;
    this.#residuals = 0;
    this.#largest = 0;
    this.#isSpoilt = false;
  }

  /** The hour is over. */
  #learn(bin: number): void {
    const mean = this.#sum / this.#count;
    const before = this.#means[bin] ?? NaN;
    const seen = this.#seen[bin] ?? 0;
    this.#seen[bin] = Math.min(MOST_SEEN, seen + 1);
    const activity = this.#activities[bin] ?? 0;
    const share = Math.max(LEARNING, 1 / (seen + 1));
    this.#activities[bin] = roundedToHalf(activity + share * (this.#active / this.#count - activity));
    if (Number.isNaN(before)) {
      this.#means[bin] = mean;
      return;
    }
    const spread = this.#spreads[bin] ?? 0;
    const isSure = seen >= CLIP_FROM_SEEN;
    const usual = isSure ? spread + SHARED_SPREAD * this.#spread : Infinity;
    const apart = Math.max(-MEAN_CLIP * usual, Math.min(MEAN_CLIP * usual, mean - before));
    this.#means[bin] = before + share * apart;
    const newSpread = Math.min(this.#residuals / this.#count, CLIP * usual);
    this.#spreads[bin] = roundedToHalf(spread + Math.max(LEARNING, 1 / seen) * (newSpread - spread));
    const farthest = isSure ? CLIP * (this.#extremeAt(bin) + SHARED_SPREAD * this.#extreme) : Infinity;
    const largest = Math.min(this.#largest, farthest);
    const extreme = this.#extremes[bin] ?? 0;
    const learnt = extreme + Math.max(EXTREME_LEARNING, 1 / seen) * (largest * largest - extreme);
    this.#extremes[bin] = roundedToHalf(learnt);
    const rate = Math.max(0.01, 1 / (this.#points / POINTS_PER_HOUR + 1));
    this.#extreme += rate * (this.#largest - this.#extreme);
  }

  /** Of an hour and its neighbours: what is rare at one hour was seen at none of its days, but next to it. */
  #extremeAt(bin: number): number {
    const from = bin < HOURS ? 0 : HOURS;
    let sum = 0;
    let count = 0;
    for (let step = HOURS - 1; step <= HOURS + 1; step++) {
      const near = from + ((bin - from + step) % HOURS);
      if ((this.#seen[near] ?? 0) < 2) continue;
      sum += this.#extremes[near] ?? 0;
      count++;
    }
    return count === 0 ? 0 : Math.sqrt(sum / count);
  }

  /** Of an hour, and half as much of its neighbours: a day's count of an hour is thin. */
  #activityAt(bin: number): number {
    const from = bin < HOURS ? 0 : HOURS;
    let sum = 0;
    let weight = 0;
    for (let step = HOURS - 1; step <= HOURS + 1; step++) {
      const near = from + ((bin - from + step) % HOURS);
      if ((this.#seen[near] ?? 0) === 0) continue;
      const counts = step === HOURS ? 2 : 1;
      sum += counts * (this.#activities[near] ?? 0);
      weight += counts;
    }
    return weight === 0 ? 0 : sum / weight;
  }
}
