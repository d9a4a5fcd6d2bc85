// A detector for any series of (time, value), one pass: value novelty and shape novelty, each through its own calibrated tail, joined by RMS.

import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { Novelty } from './novelty.js';
import { Tail } from './tail.js';

export interface SeriesOptions {
  /** Decades of surprise that alarm. */
  readonly threshold: number;
  /** Points before the first alarm can come. */
  readonly probation: number;
  /** Points after an alarm in which none follows, at most; less on short series. */
  readonly refractory: number;
}

/** Constants of the prototype, frozen: they were selected on the development series. */
export const DEFAULT_SERIES_OPTIONS: SeriesOptions = { threshold: 2, probation: 50, refractory: 150 };

export interface SeriesPoint {
  readonly timeMicros: number;
  readonly value: number;
}

const STATE_VERSION = 1;

/** One series. The rhythm of the day joins with a later version; `timeMicros` is a part of the interface for its sake. */
export class SeriesDetector {
  readonly #options: SeriesOptions;
  readonly #shape = new Novelty(4, 4, 504);
  readonly #value = new Novelty(1, 1, 2016);
  readonly #shapeTail = new Tail();
  readonly #valueTail = new Tail();
  #points = 0;
  #lastAlarm = -Infinity;

  constructor(options: SeriesOptions = DEFAULT_SERIES_OPTIONS) {
    this.#options = options;
  }

  /** The score in decades of surprise (0 in probation, and while refractory), and whether it alarms. What is no number scores 0. */
  update({ value }: SeriesPoint): { score: number; isAlarm: boolean } {
    if (!Number.isFinite(value)) return { score: 0, isAlarm: false };
    const shape = this.#shapeTail.update(this.#shape.update(value));
    const values = this.#valueTail.update(this.#value.update(value));
    const score = Math.sqrt((shape * shape + values * values) / 2);
    const at = this.#points++;
    const { probation, refractory, threshold } = this.#options;
    if (at < probation || at - this.#lastAlarm < Math.min(refractory, Math.max(10, 0.04 * at)))
      return { score: 0, isAlarm: false };
    if (score < threshold) return { score, isAlarm: false };
    this.#lastAlarm = at;
    return { score, isAlarm: true };
  }

  encode(): Buffer {
    const writer = new StateWriter(STATE_VERSION, 2048);
    for (const part of [this.#shape, this.#value, this.#shapeTail, this.#valueTail]) part.encode(writer);
    return writer.int(this.#points).double(this.#lastAlarm).done();
  }

  /** Throws on bytes of a version it does not know. */
  static decode(bytes: Buffer, options: SeriesOptions = DEFAULT_SERIES_OPTIONS): SeriesDetector {
    const reader = new StateReader(bytes, [STATE_VERSION]);
    const series = new SeriesDetector(options);
    for (const part of [series.#shape, series.#value, series.#shapeTail, series.#valueTail]) part.decode(reader);
    series.#points = reader.int();
    series.#lastAlarm = reader.double();
    return series;
  }
}
