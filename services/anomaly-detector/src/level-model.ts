// The model of a level (latency, tokens, cost …): robust mean of the logarithm, hour-of-day offsets, and its variance at each scale.

import { HISTOGRAM_TOP_BUCKET, histogramValue, type StateReader, type StateWriter } from '@watchkeeper/schemas';
import type { Model, Sample, Verdict } from './model.js';
import { HOUR_MICROS } from './options.js';
import type { Block } from './ring.js';
import type { Tally } from './tally.js';

/** Scales at which the variance of a mean is watched: 1, 2, … 64 sessions. Neighbours are alike, so it may fall slower than 1/n. */
const SCALES = 7;
const FINEST = 1;
/** Sessions of one block beyond this many tell nothing new: they share their moment. */
const MAX_WEIGHT = 16;
const HOURS = 24;
/** An hour's own offset counts half once it rests on so many sessions. */
const HOUR_PRIOR = 12;
const MEMORY_MICROS = 5 * 24 * HOUR_MICROS;
const READY_WEIGHT = 10;
/** A level wanders by so much (log) without being another one. */
const WANDER = 0.08;
const CLIP = 2.5;
const LOWER_HALF_CLIP = 4;
const START_SCALE = 0.5;

interface Scale {
  sum: number;
  weight: number;
  /** Mean of squared deviations × weight: the variance of one session's mean as seen at this scale. */
  variance: number;
  seen: number;
}

export interface LevelModelOptions {
  /** Of many sessions; what rests on one alone must be twice as high, for a session may have its own reasons. */
  readonly minRatio: number;
  /** Judge the lower half of a block's calls alone: where calls grow with their session's length, the early ones tell more. */
  readonly lowerHalf?: boolean;
  /** Fewer calls than these never make a detection. */
  readonly minCount: number;
}

export class LevelModel implements Model {
  readonly #options: LevelModelOptions;
  readonly #minLogRatio: number;
  #mean = 0;
  #weight = 0;
  /** Of a single call's logarithm. */
  #callVariance = START_SCALE * START_SCALE;
  #lastMicros = 0;
  readonly #hourSum = new Float64Array(HOURS);
  readonly #hourWeight = new Float64Array(HOURS);
  readonly #scales: Scale[] = Array.from({ length: SCALES }, () => ({ sum: 0, weight: 0, variance: 0, seen: 0 }));

  /** Derived from the scales. */
  readonly #variances = new Float64Array(SCALES);

  constructor(options: LevelModelOptions) {
    this.#options = options;
    this.#minLogRatio = Math.log(options.minRatio);
    this.#refreshVariances();
  }

  get ready(): boolean {
    return this.#weight >= READY_WEIGHT;
  }

  get scale(): number {
    return Math.sqrt(this.#callVariance);
  }

  usualAt(micros: number): number {
    return Math.exp(this.#expected(micros));
  }

  blockOf({ startMicros, endMicros, sessions, tally }: Sample): Block {
    const { buckets, counts, total } = tally;
    // The lower half: the smallest values, at least one of them.
    const most = this.#options.lowerHalf === true ? Math.ceil(total / 2) : total;
    const expected = this.#weight > 0 ? this.#expected(startMicros) : meanLog(tally, most);
    // One call in fifty is slow for reasons of its own: no call moves its block by more than this.
    const clip = most === total ? CLIP : LOWER_HALF_CLIP;
    const limit = this.#weight > 0 ? clip * this.scale : Infinity;
    let values = 0;
    let clipped = 0;
    let raw = 0;
    for (let i = 0; values < most; i++) {
      const n = Math.min(counts[i] ?? 0, most - values);
      const deviation = logOf(buckets[i] ?? 0) - expected;
      values += n;
      raw += n * deviation;
      clipped += n * clamp(deviation, limit);
    }
    const weight = Math.min(sessions, total, MAX_WEIGHT);
    const share = values === 0 ? 0 : weight / values;
    // The first block of all has nothing to deviate from: it carries its mean.
    const base = this.#weight > 0 ? 0 : expected * weight;
    return { startMicros, endMicros, count: total, weight, sum: clipped * share + base, rawSum: raw * share + base };
  }

  judge({ weight, sum, rawSum }: Block): Verdict {
    if (weight === 0) return { z: 0, ratio: 1 };
    const deviation = sum / weight;
    const variance =
      Math.max(this.#varianceAt(weight) / weight, WANDER * WANDER) + this.#varianceAt(Infinity) / this.#weight;
    return { z: deviation / Math.sqrt(variance), ratio: Math.exp(rawSum / weight) };
  }

  matters({ count, weight, rawSum }: Block): boolean {
    const { minCount, minRatio } = this.#options;
    if (count < minCount || weight === 0 || rawSum < this.#minLogRatio * weight) return false;
    return Math.exp(rawSum / weight) >= minRatio * (1 + 1 / Math.max(1, weight));
  }

  learn(block: Block): void {
    const { weight, startMicros, endMicros } = block;
    if (weight === 0) return;
    if (this.#weight === 0) {
      this.#mean = block.sum / weight;
      this.#weight = weight;
      this.#lastMicros = endMicros;
      return;
    }
    const deviation = block.sum / weight;
    const limit = 3.5 * Math.sqrt(this.#varianceAt(weight) / weight);
    const clipped = this.#weight < READY_WEIGHT ? deviation : clamp(deviation, limit);
    const decay = Math.exp(-Math.max(0, endMicros - this.#lastMicros) / MEMORY_MICROS);
    this.#lastMicros = Math.max(this.#lastMicros, endMicros);
    this.#weight = this.#weight * decay + weight;
    const hour = hourOf(startMicros);
    const fromMean = clipped + this.#offset(hour);
    this.#mean += (weight / this.#weight) * clipped;
    this.#hourSum[hour] = (this.#hourSum[hour] ?? 0) * decay + weight * fromMean;
    this.#hourWeight[hour] = (this.#hourWeight[hour] ?? 0) * decay + weight;
    this.#learnVariance(0, weight * clipped, weight);
    this.#refreshVariances();
    // A single call scatters at least as much as a session's mean.
    this.#callVariance = Math.max(0.09, 1.5 * this.#varianceAt(FINEST));
  }

  adopt(run: Block): void {
    if (run.weight > 0) this.#mean += run.rawSum / run.weight;
    this.#hourSum.fill(0);
    this.#hourWeight.fill(0);
  }

  encode(writer: StateWriter): void {
    writer.double(this.#mean).double(this.#weight).double(this.#callVariance).int(this.#lastMicros);
    for (let hour = 0; hour < HOURS; hour++)
      writer.double(this.#hourSum[hour] ?? 0).double(this.#hourWeight[hour] ?? 0);
    for (const scale of this.#scales)
      writer.double(scale.sum).double(scale.weight).double(scale.variance).double(scale.seen);
  }

  decode(reader: StateReader): void {
    this.#mean = reader.double();
    this.#weight = reader.double();
    this.#callVariance = reader.double();
    this.#lastMicros = reader.int();
    for (let hour = 0; hour < HOURS; hour++) {
      this.#hourSum[hour] = reader.double();
      this.#hourWeight[hour] = reader.double();
    }
    for (const scale of this.#scales) {
      scale.sum = reader.double();
      scale.weight = reader.double();
      scale.variance = reader.double();
      scale.seen = reader.double();
    }
    this.#refreshVariances();
  }

  #expected(micros: number): number {
    return this.#mean + this.#offset(hourOf(micros));
  }

  #offset(hour: number): number {
    return (this.#hourSum[hour] ?? 0) / ((this.#hourWeight[hour] ?? 0) + HOUR_PRIOR);
  }

  #learnVariance(at: number, sum: number, weight: number): void {
    const scale = this.#scales[at];
    if (!scale) return;
    scale.sum += sum;
    scale.weight += weight;
    if (scale.weight < FINEST * 2 ** at) return;
    const squared = (scale.sum * scale.sum) / scale.weight;
    const before = this.#variances[at] ?? 0;
    scale.seen = Math.min(scale.seen + 1, 400);
    scale.variance += (Math.min(squared, 12 * before) - scale.variance) / scale.seen;
    const { sum: wholeSum, weight: wholeWeight } = scale;
    scale.sum = 0;
    scale.weight = 0;
    this.#learnVariance(at + 1, wholeSum, wholeWeight);
  }

  /** Each scale's own figure, leaning on the finer one while it has seen little. Worked out once per block learnt: every judgement reads it. */
  #refreshVariances(): void {
    let prior = START_SCALE * START_SCALE;
    this.#scales.forEach((scale, at) => {
      const faith = at === 0 ? 2 : 5;
      const variance = (scale.variance * scale.seen + prior * faith) / (scale.seen + faith);
      this.#variances[at] = variance;
      prior = 1.2 * variance;
    });
  }

  #varianceAt(weight: number): number {
    const at = Math.log2(Math.max(weight, FINEST) / FINEST);
    if (at >= SCALES - 1) return this.#variances[SCALES - 1] ?? 0;
    const low = Math.floor(at);
    const from = this.#variances[low] ?? 0;
    return from + (at - low) * ((this.#variances[low + 1] ?? 0) - from);
  }
}

/** Hour of the day, UTC. */
export function hourOf(micros: number): number {
  return Math.floor(micros / HOUR_MICROS) % HOURS;
}

/** Logarithm of what stands for each bucket; of the first one, which begins at 0, that of a half. */
const BUCKET_LOGS = Float64Array.from({ length: HISTOGRAM_TOP_BUCKET + 1 }, (_, bucket) =>
  bucket === 0 ? Math.log(0.5) : Math.log(histogramValue(bucket)),
);

function logOf(bucket: number): number {
  return BUCKET_LOGS[Math.max(0, bucket)] ?? Math.log(histogramValue(bucket));
}

/** Mean logarithm of the `most` smallest values. */
function meanLog({ buckets, counts }: Tally, most: number): number {
  let count = 0;
  let sum = 0;
  for (let i = 0; count < most; i++) {
    const n = Math.min(counts[i] ?? 0, most - count);
    count += n;
    sum += n * logOf(buckets[i] ?? 0);
  }
  return count === 0 ? 0 : sum / count;
}

function clamp(value: number, limit: number): number {
  return value > limit ? limit : value < -limit ? -limit : value;
}
