// The model of a share (failed calls of all calls): a running rate with its overdispersion, judged by the binomial's signed root deviance.

import type { HistogramArrays, StateReader, StateWriter } from '@watchkeeper/schemas';
import type { Model, Sample, Verdict } from './model.js';
import { HOUR_MICROS } from './options.js';
import type { Block } from './ring.js';

const MEMORY_MICROS = 5 * 24 * HOUR_MICROS;
const READY_CALLS = 100;
/** What is believed before anything is seen: two failures in a hundred, worth so many calls. */
const PRIOR_RATE = 0.02;
const PRIOR_CALLS = 30;
/** Calls over which the spread of the counts is compared with a binomial's. */
const SPREAD_CALLS = 24;
const MIN_CALLS = 8;
const MIN_FAILED = 4;
const MIN_RISE = 0.08;
/** In an errors tally: calls that failed. */
const FAILED_BUCKET = 1;

/** Calls by outcome, as a tally takes them. */
export function outcomes(calls: number, failed: number): HistogramArrays {
  return { buckets: [0, FAILED_BUCKET], counts: [calls - failed, failed] };
}

export class ShareModel implements Model {
  #failed = 0;
  #calls = 0;
  #lastMicros = 0;
  #spreadFailed = 0;
  #spreadCalls = 0;
  #spread = 0;
  #spreadSeen = 0;

  get ready(): boolean {
    return this.#calls >= READY_CALLS;
  }

  get scale(): number {
    return Math.sqrt(this.#dispersion());
  }

  usualAt(): number {
    return (this.#failed + PRIOR_RATE * PRIOR_CALLS) / (this.#calls + PRIOR_CALLS);
  }

  blockOf({ startMicros, endMicros, tally }: Sample): Block {
    const count = tally.total;
    let failed = 0;
    for (let i = 0; i < tally.size; i++) if (tally.buckets[i] === FAILED_BUCKET) failed = tally.counts[i] ?? 0;
    return { startMicros, endMicros, count, weight: count, sum: failed, rawSum: failed };
  }

  judge({ count, sum }: Block): Verdict {
    if (count === 0) return { z: 0, ratio: 1 };
    const rate = this.usualAt();
    // The rate is itself an estimate: half its standard error is given away.
    const usual = Math.min(0.9, rate + 0.5 * Math.sqrt(rate / (this.#calls + PRIOR_CALLS)));
    const share = sum / count;
    // Half a failure for the step from counts to a curve.
    const corrected = Math.max(0, sum - 0.5) / count;
    const deviance = 2 * count * divergence(corrected, usual);
    const z = (corrected < usual ? -1 : 1) * Math.sqrt(deviance / this.#dispersion());
    return { z, ratio: share / rate };
  }

  matters({ count, sum }: Block): boolean {
    if (count < MIN_CALLS || sum < MIN_FAILED) return false;
    const rate = this.usualAt();
    return sum / count >= Math.max(2 * rate, rate + MIN_RISE);
  }

  learn({ count, sum, endMicros }: Block): void {
    const decay = this.#lastMicros === 0 ? 1 : Math.exp(-Math.max(0, endMicros - this.#lastMicros) / MEMORY_MICROS);
    this.#lastMicros = Math.max(this.#lastMicros, endMicros);
    this.#spreadFailed += sum;
    this.#spreadCalls += count;
    if (this.#spreadCalls >= SPREAD_CALLS && this.ready) {
      const rate = this.usualAt();
      const expected = this.#spreadCalls * rate;
      const squared = (this.#spreadFailed - expected) ** 2 / (expected * (1 - rate));
      this.#spreadSeen = Math.min(this.#spreadSeen + 1, 400);
      this.#spread += (Math.min(squared, 8) - this.#spread) / this.#spreadSeen;
      this.#spreadFailed = 0;
      this.#spreadCalls = 0;
    }
    this.#failed = this.#failed * decay + sum;
    this.#calls = this.#calls * decay + count;
  }

  adopt({ count, sum }: Block): void {
    if (count > 0) this.#failed = (sum / count) * this.#calls;
  }

  encode(writer: StateWriter): void {
    writer.double(this.#failed).double(this.#calls).int(this.#lastMicros).double(this.#spreadFailed);
    writer.double(this.#spreadCalls).double(this.#spread).double(this.#spreadSeen);
  }

  decode(reader: StateReader): void {
    this.#failed = reader.double();
    this.#calls = reader.double();
    this.#lastMicros = reader.int();
    this.#spreadFailed = reader.double();
    this.#spreadCalls = reader.double();
    this.#spread = reader.double();
    this.#spreadSeen = reader.double();
  }

  /** At least a binomial's: retries make failures come together, nothing makes them keep apart. */
  #dispersion(): number {
    const faith = 10;
    return Math.max(1, (this.#spread * this.#spreadSeen + faith) / (this.#spreadSeen + faith));
  }
}

/** Kullback-Leibler divergence of Bernoulli(a) from Bernoulli(b), in nats. */
function divergence(a: number, b: number): number {
  const yes = a === 0 ? 0 : a * Math.log(a / b);
  const no = a === 1 ? 0 : (1 - a) * Math.log((1 - a) / (1 - b));
  return yes + no;
}
