// Silence: an agent that does nothing for longer than its pauses are at this hour.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { fitHours, type HourFit } from './hour-fit.js';
import { HOUR_MICROS } from './options.js';

const HOURS = 24;
/** For the regularity of pauses, which needs a rate at each arrival: one day's count of an hour is thin, so neighbours lend theirs. */
const KERNEL = [1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1] as const;
const KERNEL_MIDDLE = 5;
/** Before, the hours are too little known to say how long a pause was for its time of day. */
const LONGEST_FROM_HOURS = 10;
const BEYOND_LONGEST = 1.35;
/** The longest pause is forgotten in weeks, so that a weekend's is remembered at the next one. */
const LONGEST_MEMORY_MICROS = 28 * 24 * HOUR_MICROS;
/** Pauses that are believed to be pure chance before any is seen. */
const SHAPE_PRIOR = 2;
/** Some thirty pauses often look more regular than they are, and then an ordinary one seems too long. */
const MOST_REGULAR = 2;
const MEMORY_MICROS = 7 * 24 * HOUR_MICROS;
/** No pause shorter than this is a silence, however busy the agent; nor one of fewer average pauses, however busy the hour. */
const MIN_SILENCE_MICROS = 15 * 60_000_000;
const MIN_AVERAGE_PAUSES = 4.5;
/** Without SESSION_STARTED events, activity after such a pause counts as a new arrival. */
const ARRIVAL_PAUSE_MICROS = 10 * 60_000_000;
const MIN_ARRIVALS = 12;
const MAX_SILENCE_HOURS = 14 * 24;
const MIN_HISTORY_HOURS = 20;

/** A silence that was reported. */
export interface SilenceEpisode {
  readonly anchorMicros: number;
  revision: number;
  /** Arrivals that would have come meanwhile. */
  expected: number;
  /** How improbable, in nats. */
  surprise: number;
  untilMicros: number;
}

/** Arrivals by hour of day, the regularity of pauses, and the pause that lasts. All counts fade over a week. */
export class SilenceModel {
  readonly #arrivals = new Float64Array(HOURS);
  readonly #hours = new Float64Array(HOURS);
  #countsStarts = false;
  #lastEventMicros = 0;
  #lastArrivalMicros = 0;
  #seenUntilMicros = 0;
  #historyHours = 0;
  /** Pauses between arrivals in units of the expected one: how many, and the sum of squared deviations from 1. */
  #pauses = 0;
  #pauseSquares = 0;
  /** The longest pause of late in those units; fades. */
  #longest = 0;
  episode: SilenceEpisode | undefined;

  /** Something was seen in a slot. The silence that it ends, if any. */
  onActivity(startMicros: number, endMicros: number, sessionsStarted: number): SilenceEpisode | undefined {
    const ended = this.episode;
    this.episode = undefined;
    if (this.#seenUntilMicros === 0) {
      this.#seenUntilMicros = startMicros;
      this.#lastEventMicros = startMicros;
    }
    // A reported silence is no evidence of how quiet the agent usually is.
    if (ended) this.#seenUntilMicros = startMicros;
    this.#expose(endMicros);
    if (sessionsStarted > 0) this.#countsStarts = true;
    const isArrival = this.#countsStarts
      ? sessionsStarted > 0
      : startMicros - this.#lastEventMicros > ARRIVAL_PAUSE_MICROS;
    if (isArrival) this.#arrive(startMicros, Math.max(1, sessionsStarted), ended !== undefined);
    this.#lastEventMicros = Math.max(this.#lastEventMicros, endMicros);
    if (ended) {
      ended.revision++;
      ended.untilMicros = startMicros;
    }
    return ended;
  }

  /** A time before which the pause that lasts cannot be too long; undefined while too little is known or it is reported already. */
  notBefore(warmAtMicros: number): number | undefined {
    if (this.episode || this.#lastEventMicros === 0 || this.#historyHours < MIN_HISTORY_HOURS) return undefined;
    const arrivals = sum(this.#arrivals);
    if (arrivals < MIN_ARRIVALS) return undefined;
    const averagePauseMicros = (HOUR_MICROS * sum(this.#hours)) / arrivals;
    const least = Math.max(MIN_SILENCE_MICROS, MIN_AVERAGE_PAUSES * averagePauseMicros);
    return Math.ceil(Math.max(this.#lastEventMicros + least, warmAtMicros));
  }

  /** When the pause that lasts will be one in `onceIn`; undefined where it never will. Dearer than {@link notBefore}, so ask that first. */
  dueAt(warmAtMicros: number, onceIn: number): number | undefined {
    const notBefore = this.notBefore(warmAtMicros);
    if (notBefore === undefined) return undefined;
    const fit = fitHours(this.#arrivals, this.#hours);
    const wanted = Math.log(onceIn);
    let expected = 0;
    let spread = 0;
    for (let at = this.#lastEventMicros, steps = 0; steps < MAX_SILENCE_HOURS; steps++) {
      const next = (Math.floor(at / HOUR_MICROS) + 1) * HOUR_MICROS;
      const hours = (next - at) / HOUR_MICROS;
      const rate = fit.rates[hourAt(at)] ?? 0;
      const deviation = rate * Math.sqrt(fit.variances[hourAt(at)] ?? 0);
      const isTooLong = (share: number): boolean =>
        this.#isTooLong(expected + rate * share, spread + deviation * share, wanted);
      if (isTooLong(hours)) {
        let [low, high] = [0, hours];
        for (let halving = 0; halving < 20; halving++) {
          const middle = (low + high) / 2;
          if (isTooLong(middle)) high = middle;
          else low = middle;
        }
        return Math.max(Math.ceil(at + high * HOUR_MICROS), notBefore);
      }
      expected += rate * hours;
      spread += deviation * hours;
      at = next;
    }
    return undefined;
  }

  /** The pause has lasted until `dueMicros`: it is a silence now. */
  fire(dueMicros: number): SilenceEpisode {
    const { expected, spread } = expectedIn(fitHours(this.#arrivals, this.#hours), this.#lastEventMicros, dueMicros);
    this.episode = {
      anchorMicros: this.#lastEventMicros,
      revision: 1,
      expected,
      surprise: this.#surprise(expected, spread),
      untilMicros: dueMicros,
    };
    return this.episode;
  }

  encode(writer: StateWriter): void {
    for (let hour = 0; hour < HOURS; hour++) writer.double(this.#arrivals[hour] ?? 0).double(this.#hours[hour] ?? 0);
    writer.bool(this.#countsStarts).int(this.#lastEventMicros).int(this.#lastArrivalMicros).int(this.#seenUntilMicros);
    writer
      .double(this.#historyHours)
      .double(this.#pauses)
      .double(this.#pauseSquares)
      .double(this.#longest)
      .bool(this.episode !== undefined);
    if (!this.episode) return;
    const { anchorMicros, revision, expected, surprise, untilMicros } = this.episode;
    writer.int(anchorMicros).int(revision).double(expected).double(surprise).int(untilMicros);
  }

  decode(reader: StateReader): void {
    for (let hour = 0; hour < HOURS; hour++) {
      this.#arrivals[hour] = reader.double();
      this.#hours[hour] = reader.double();
    }
    this.#countsStarts = reader.bool();
    this.#lastEventMicros = reader.int();
    this.#lastArrivalMicros = reader.int();
    this.#seenUntilMicros = reader.int();
    this.#historyHours = reader.double();
    this.#pauses = reader.double();
    this.#pauseSquares = reader.double();
    this.#longest = reader.double();
    if (!reader.bool()) return;
    const anchorMicros = reader.int();
    const revision = reader.int();
    this.episode = {
      anchorMicros,
      revision,
      expected: reader.double(),
      surprise: reader.double(),
      untilMicros: reader.int(),
    };
  }

  /** Counts the time up to `micros` as time in which something could have come. */
  #expose(micros: number): void {
    if (micros <= this.#seenUntilMicros) return;
    const from = Math.max(this.#seenUntilMicros, micros - 48 * HOUR_MICROS);
    const decay = Math.exp(-(micros - this.#seenUntilMicros) / MEMORY_MICROS);
    this.#historyHours += (micros - this.#seenUntilMicros) / HOUR_MICROS;
    for (let hour = 0; hour < HOURS; hour++) {
      this.#arrivals[hour] = (this.#arrivals[hour] ?? 0) * decay;
      this.#hours[hour] = (this.#hours[hour] ?? 0) * decay;
    }
    for (let at = from; at < micros;) {
      const next = Math.min(micros, (Math.floor(at / HOUR_MICROS) + 1) * HOUR_MICROS);
      const hour = hourAt(at);
      this.#hours[hour] = (this.#hours[hour] ?? 0) + (next - at) / HOUR_MICROS;
      at = next;
    }
    this.#seenUntilMicros = micros;
  }

  #arrive(micros: number, count: number, afterSilence: boolean): void {
    const hour = hourAt(micros);
    if (!afterSilence && this.#lastArrivalMicros > 0 && this.#historyHours >= 6) {
      const lasted = this.#during(this.#lastArrivalMicros, micros);
      this.#longest *= Math.exp(-(micros - this.#lastArrivalMicros) / LONGEST_MEMORY_MICROS);
      if (this.#historyHours >= LONGEST_FROM_HOURS) this.#longest = Math.max(this.#longest, lasted);
      const pause = Math.min(4, lasted);
      this.#pauses = Math.min(500, this.#pauses + 1);
      this.#pauseSquares += (pause - 1) ** 2;
      if (this.#pauses === 500) this.#pauseSquares *= 499 / 500;
    }
    this.#arrivals[hour] = (this.#arrivals[hour] ?? 0) + count;
    this.#lastArrivalMicros = micros;
  }

  /** Arrivals an hour at an hour of the day, by its neighbours. */
  #rate(hour: number): number {
    let arrivals = 0;
    let hours = 0;
    KERNEL.forEach((weight, i) => {
      const near = (hour + i - KERNEL_MIDDLE + HOURS) % HOURS;
      arrivals += weight * (this.#arrivals[near] ?? 0);
      hours += weight * (this.#hours[near] ?? 0);
    });
    return hours <= 0 ? 0 : arrivals / Math.max(hours, 1);
  }

  /** Arrivals expected in a span. */
  #during(from: number, to: number): number {
    let expected = 0;
    for (let at = from, steps = 0; at < to && steps < MAX_SILENCE_HOURS; steps++) {
      const next = Math.min(to, (Math.floor(at / HOUR_MICROS) + 1) * HOUR_MICROS);
      expected += (this.#rate(hourAt(at)) * (next - at)) / HOUR_MICROS;
      at = next;
    }
    return expected;
  }

  #isTooLong(expected: number, spread: number, wanted: number): boolean {
    return expected >= BEYOND_LONGEST * this.#longest && this.#surprise(expected, spread) >= wanted;
  }

  /**
   * −log of the chance of a pause in which `expected` arrivals stay away. Pauses are gamma-distributed; their shape (1 pure chance, 2 the most
   * regular that is believed) is learnt, and survival is interpolated between the two. The expectation has a standard deviation of
   * `spread`, for which it is discounted: were it gamma-distributed, no arrival would have the negative binomial's chance.
   */
  #surprise(expected: number, spread: number): number {
    if (expected <= 0) return 0;
    const variance = Math.max(1e-6, (spread / expected) ** 2);
    const sure = Math.log1p(variance * expected) / variance;
    const irregularity = (this.#pauseSquares + SHAPE_PRIOR) / (this.#pauses + SHAPE_PRIOR);
    const shape = Math.min(MOST_REGULAR, Math.max(1, 1 / irregularity));
    const regular = 2 * sure - Math.log1p(2 * sure);
    return sure + (shape - 1) * (regular - sure);
  }
}

/** Arrivals expected in a span, and the standard deviation of that expectation: hours next to each other err alike. */
function expectedIn(fit: HourFit, from: number, to: number): { expected: number; spread: number } {
  let expected = 0;
  let spread = 0;
  for (let at = from, steps = 0; at < to && steps < MAX_SILENCE_HOURS; steps++) {
    const next = Math.min(to, (Math.floor(at / HOUR_MICROS) + 1) * HOUR_MICROS);
    const hours = (next - at) / HOUR_MICROS;
    const rate = fit.rates[hourAt(at)] ?? 0;
    expected += rate * hours;
    spread += rate * hours * Math.sqrt(fit.variances[hourAt(at)] ?? 0);
    at = next;
  }
  return { expected, spread };
}

function hourAt(micros: number): number {
  return Math.floor(micros / HOUR_MICROS) % HOURS;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
