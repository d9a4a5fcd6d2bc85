// A detector for any series of (time, value), one pass: novelty of values, steps and shapes, each through its calibrated tail; beside them the day's rhythm, and once the hours are known a watch over them.

import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { SERIES_CONSTANTS, type SeriesConstants } from './constants.js';
import { Novelty } from './novelty.js';
import { Rhythm } from './rhythm.js';
import { Tail } from './tail.js';
import { Watch } from './watch.js';

export interface SeriesPoint {
  /** Not negative, never decreasing. */
  readonly timeMicros: number;
  readonly value: number;
}

export interface SeriesVerdict {
  /** Decades of surprise; 0 in probation, and while refractory. Of what is no number 0. */
  readonly score: number;
  readonly isAlarm: boolean;
  /** What an alarm rests on, in words; '' without one. */
  readonly reason: string;
}

const QUIET: SeriesVerdict = { score: 0, isAlarm: false, reason: '' };

const STATE_VERSION = 4;
/** Beyond single precision nothing is told apart. */
const MOST = 1e30;
const CHANNELS = [
  { length: 1, stride: 1 },
  { length: 2, stride: 1 },
  { length: 4, stride: 4 },
] as const;

/** One series. Under 2 KB of state whatever its length. */
export class SeriesDetector {
  readonly #constants: SeriesConstants;
  readonly #channels = CHANNELS.map((options) => ({ novelty: new Novelty(options), tail: new Tail() }));
  readonly #rhythm = new Rhythm();
  readonly #watch = new Watch();
  #firstMicros = -1;
  #points = 0;
  #lastAlarm = -1;
  #lastWatchAlarm = -1;
  /** Points in a row at which the rhythm was broken. */
  #broken = 0;

  constructor(constants: SeriesConstants = SERIES_CONSTANTS) {
    this.#constants = constants;
  }

  update({ timeMicros, value }: SeriesPoint): SeriesVerdict {
    if (!Number.isFinite(value)) return QUIET;
    const { threshold, probation, settledMicros, settledAsksMore, watchTimes } = this.#constants;
    const clamped = Math.max(-MOST, Math.min(MOST, value));
    if (this.#firstMicros < 0) this.#firstMicros = timeMicros;
    const isSettled = timeMicros - this.#firstMicros >= settledMicros;
    const surprise = this.#surprise(clamped);
    const breach = this.#breach(timeMicros, clamped);
    const news = this.#news(timeMicros, clamped);
    const novelty = isSettled
      ? Math.max(0, surprise - settledAsksMore)
      : Math.max(surprise - this.#askedMore(timeMicros), threshold * breach);
    const at = this.#points++;
    if (isSettled && this.#watch.silence >= watchTimes * threshold) return this.#silence();
    if (at < probation || this.#isRefractory(at)) return QUIET;
    const watched = isSettled && this.#mayWatch(at) ? news : 0;
    if (novelty >= threshold) this.#lastAlarm = at;
    if (watched >= threshold) this.#lastWatchAlarm = at;
    const score = Math.max(novelty, watched);
    if (score < threshold) return { ...QUIET, score };
    const unheardOf = surprise >= threshold ? 'a value, step or shape not seen before' : 'off its usual hours';
    return { score, isAlarm: true, reason: watched > novelty ? this.#watch.reason : unheardOf };
  }

  encode(): Buffer {
    const writer = new StateWriter(STATE_VERSION, 2048);
    for (const { novelty, tail } of this.#channels) {
      novelty.encode(writer);
      tail.encode(writer);
    }
    this.#rhythm.encode(writer);
    this.#watch.encode(writer);
    writer.int(this.#points).int(this.#lastAlarm).int(this.#lastWatchAlarm).int(this.#broken);
    return writer.int(this.#firstMicros).done();
  }

  /** Throws WK_STATE_VERSION on bytes of a version it does not know. */
  static decode(bytes: Buffer, constants: SeriesConstants = SERIES_CONSTANTS): SeriesDetector {
    const reader = new StateReader(bytes, [STATE_VERSION]);
    const series = new SeriesDetector(constants);
    for (const { novelty, tail } of series.#channels) {
      novelty.decode(reader);
      tail.decode(reader);
    }
    series.#rhythm.decode(reader);
    series.#watch.decode(reader);
    series.#points = reader.int();
    series.#lastAlarm = reader.int();
    series.#lastWatchAlarm = reader.int();
    series.#broken = reader.int();
    series.#firstMicros = reader.int();
    return series;
  }

  /** The channels joined by their root mean square: they must agree, or one be very sure; less what a long series may show by chance. */
  #surprise(value: number): number {
    let squares = 0;
    for (const { novelty, tail } of this.#channels) {
      const surprise = tail.update(novelty.update(value));
      squares += surprise * surprise;
    }
    const { perTenfold, referencePoints } = this.#constants;
    const chance = perTenfold * Math.log10((this.#points + 1) / referencePoints);
    return Math.max(0, Math.sqrt(squares / this.#channels.length) - chance);
  }

  /** 1 where the rhythm is as broken as it takes to alarm. On entry alone: a new rhythm is news once. */
  #breach(timeMicros: number, value: number): number {
    const { rhythmDeviations, rhythmEntryPoints } = this.#constants;
    const breach = this.#rhythm.update(timeMicros, value) / rhythmDeviations;
    if (breach < 0.5) this.#broken = 0;
    else if (breach >= 1) this.#broken++;
    return this.#broken > rhythmEntryPoints ? 0 : breach;
  }

  /** What novelty must bring beyond the threshold where the hours are half known, and the watch sees little in them. */
  #askedMore(timeMicros: number): number {
    const { heardMicros, calmAsksMore, calmDecades } = this.#constants;
    const surprise = this.#watch.surprise;
    const isCalm = timeMicros - this.#firstMicros >= heardMicros && surprise !== undefined && surprise < calmDecades;
    return isCalm ? calmAsksMore : 0;
  }

  /** A silence is news of its own, once, whatever was told before. */
  #silence(): SeriesVerdict {
    const score = this.#watch.silence / this.#constants.watchTimes;
    this.#watch.callSilence();
    return { score, isAlarm: true, reason: 'nothing for longer than its pauses at such hours' };
  }

  /** What the watch has to tell, on the scale of the threshold. */
  #news(timeMicros: number, value: number): number {
    const { threshold, watchTimes } = this.#constants;
    return this.#watch.update(timeMicros, value, watchTimes * threshold) / watchTimes;
  }

  #mayWatch(at: number): boolean {
    return this.#lastWatchAlarm < 0 || at - this.#lastWatchAlarm >= this.#constants.watchGapPoints;
  }

  #isRefractory(at: number): boolean {
    const { refractoryShare, minRefractory, maxRefractory } = this.#constants;
    const span = Math.min(maxRefractory, Math.max(minRefractory, refractoryShare * at));
    return this.#lastAlarm >= 0 && at - this.#lastAlarm < span;
  }
}
