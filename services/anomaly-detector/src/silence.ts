// Silence: an agent that does nothing for longer than its pauses are at this hour.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { HOUR_MICROS } from './options.js';

const HOURS = 24;
/** One day's count of an hour is thin: neighbours lend theirs. Wide: of the widths tried it told silences best from pauses. */
const KERNEL = [1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1] as const;
const KERNEL_MIDDLE = 5;
/** Before, the hours are too little known to say how long a pause was for its time of day. */
const LONGEST_FROM_HOURS = 10;
const BEYOND_LONGEST = 1.35;
/** Pauses that are believed to be pure chance before any is seen. */
const SHAPE_PRIOR = 2;
/** The kernel reaches further than the hours counted as known. */
const KNOWN_REACH = 3;
const NEAR: readonly number[] = [-2, -1, 0, 1];
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

  /** When the pause that lasts will be one in `onceIn`; undefined while too little is known or it is reported already. */
  dueAt(warmAtMicros: number, onceIn: number): number | undefined {
    if (this.episode || this.#lastEventMicros === 0 || this.#historyHours < MIN_HISTORY_HOURS) return undefined;
    if (sum(this.#arrivals) < MIN_ARRIVALS) return undefined;
    const from = this.#lastEventMicros;
    const wanted = Math.log(onceIn);
    let expected = 0;
    let known = this.#arrivalsNear(from);
    for (let at = from, steps = 0; steps < MAX_SILENCE_HOURS; steps++) {
      const next = (Math.floor(at / HOUR_MICROS) + 1) * HOUR_MICROS;
      const hour = hourAt(at);
      const rate = this.#rate(hour);
      const hours = (next - at) / HOUR_MICROS;
      if (steps < HOURS - NEAR.length) known += this.#arrivals[(hour + 2) % HOURS] ?? 0;
      if (this.#isTooLong(expected + rate * hours, known, wanted)) {
        let [low, high] = [0, hours];
        for (let halving = 0; halving < 20; halving++) {
          const middle = (low + high) / 2;
          if (this.#isTooLong(expected + rate * middle, known, wanted)) high = middle;
          else low = middle;
        }
        const least = Math.max(MIN_SILENCE_MICROS, MIN_AVERAGE_PAUSES * this.#averagePauseMicros());
        return Math.ceil(Math.max(at + high * HOUR_MICROS, from + least, warmAtMicros));
      }
      expected += rate * hours;
      at = next;
    }
    return undefined;
  }

  /** The pause has lasted until `dueMicros`: it is a silence now. */
  fire(dueMicros: number): SilenceEpisode {
    const { expected, known } = this.#during(this.#lastEventMicros, dueMicros);
    this.episode = {
      anchorMicros: this.#lastEventMicros,
      revision: 1,
      expected,
      surprise: this.#surprise(expected, known),
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
      const lasted = this.#during(this.#lastArrivalMicros, micros).expected;
      if (this.#historyHours >= LONGEST_FROM_HOURS) this.#longest = Math.max(0.995 * this.#longest, lasted);
      const pause = Math.min(4, lasted);
      this.#pauses = Math.min(500, this.#pauses + 1);
      this.#pauseSquares += (pause - 1) ** 2;
      if (this.#pauses === 500) this.#pauseSquares *= 499 / 500;
    }
    this.#arrivals[hour] = (this.#arrivals[hour] ?? 0) + count;
    this.#lastArrivalMicros = micros;
  }

  /** Arrivals an hour at an hour of the day. */
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

  /** Arrivals expected in a span, and those that this expectation rests on. */
  #during(from: number, to: number): { expected: number; known: number } {
    let expected = 0;
    let known = this.#arrivalsNear(from);
    for (let at = from, steps = 0; at < to && steps < MAX_SILENCE_HOURS; steps++) {
      const next = Math.min(to, (Math.floor(at / HOUR_MICROS) + 1) * HOUR_MICROS);
      const hour = hourAt(at);
      expected += (this.#rate(hour) * (next - at)) / HOUR_MICROS;
      if (steps < HOURS - NEAR.length) known += this.#arrivals[(hour + 2) % HOURS] ?? 0;
      at = next;
    }
    return { expected, known };
  }

  /** Arrivals in the two hours of the day before `micros`, its own and the next one: a rate rests on its neighbours, too. */
  #arrivalsNear(micros: number): number {
    return NEAR.reduce((known, step) => known + (this.#arrivals[(hourAt(micros) + step + HOURS) % HOURS] ?? 0), 0);
  }

  #averagePauseMicros(): number {
    return (HOUR_MICROS * sum(this.#hours)) / Math.max(1, sum(this.#arrivals));
  }

  #isTooLong(expected: number, known: number, wanted: number): boolean {
    return expected >= BEYOND_LONGEST * this.#longest && this.#surprise(expected, known) >= wanted;
  }

  /**
   * −log of the chance of a pause in which `expected` arrivals stay away. Pauses are gamma-distributed; their shape (1 pure chance, 3
   * quite regular) is learnt, and survival is interpolated between the whole shapes. The expectation is discounted for resting on
   * `known` arrivals alone (the negative binomial's log-chance of none).
   */
  #surprise(expected: number, known: number): number {
    const base = KNOWN_REACH * known + 4;
    const sure = base * Math.log1p(expected / base);
    const spread = (this.#pauseSquares + SHAPE_PRIOR) / (this.#pauses + SHAPE_PRIOR);
    const shape = Math.min(3, Math.max(1, 1 / spread));
    const one = sure;
    const two = 2 * sure - Math.log1p(2 * sure);
    const three = 3 * sure - Math.log(1 + 3 * sure + 4.5 * sure * sure);
    return shape <= 2 ? one + (shape - 1) * (two - one) : two + (shape - 2) * (three - two);
  }
}

function hourAt(micros: number): number {
  return Math.floor(micros / HOUR_MICROS) % HOURS;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
