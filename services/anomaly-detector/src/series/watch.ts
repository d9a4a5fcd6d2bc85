// Watches a series whose hours are known: points and their means over hours against the profile of the hours, and values nobody has seen. Learns nothing from what it alarms on.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { momentOf } from './calendar.js';
import { ExcessTail } from './excess-tail.js';
import { bytesOf, floatsOf } from './floats.js';
import { IdleRun } from './idle.js';
import { HourProfile } from './profile.js';

/** Points over which deviations are averaged, with exponential weights. */
const SCALES = [12, 36, 72] as const;
/** No single deviation counts for more in a mean. */
const MOST_DEVIATION = 5;
/** Days on which an hour must have been seen before it enters means, teaches tails, and is judged. */
const MIN_KNOWN = 2;
const MIN_TAUGHT = 3;
const MIN_JUDGED = 4;
/** What is surprising by so much teaches a tenth. */
const DOUBT = 3;
const DOUBTFUL_FAITH = 0.1;
/** An alarm goes on until the surprise has been below this share of the threshold for so many points. */
const CALM_SHARE = 0.4;
const CALM_POINTS = 24;
/** While it goes on it is news again only so many decades higher, and so many points later. */
const HIGHER = 3;
const LATER_POINTS = 36;
/** Nothing is learnt for so long; what goes on longer is taken for usual, and is news no more than a day after. */
const FROZEN_POINTS = 320;
const ADOPTED_POINTS = 608;
/** Each alarm of a statistic raises what is asked of it, in decades, and is forgotten over so many points. */
const ALARM_COST = 0.7;
const FORGET_POINTS = 4032;
/** Tails of single values: of three excesses one is news; of means over w points 24/w. */
const POINT_NEWS = 1 / 3;
const MEAN_NEWS = 24;
/** Extremity, high value, low value, size of the steps; then a mean per scale. */
const POINTS = 4;
/** Points over which the size of the steps is averaged. */
const STEP_POINTS = 12;
/** A single step counts for so many usual ones at most: one leap is no larger noise. The usual one is a mean over so many points. */
const MOST_STEPS = 4;
const USUAL_STEP_POINTS = 500;
const STATISTICS = POINTS + SCALES.length;
const HEAVIEST_VALUE = 0.2;
const HEAVIEST_MEAN = 0.1;
/** Decades asked beyond the threshold: a new height is believed sooner, and steps, whose tail is the least known, later. */
const HEIGHT_GIVEN = 0.3;
const STEPS_ASKED = 0.6;
const GIVEN: readonly number[] = [0, HEIGHT_GIVEN, 0, -STEPS_ASKED, ...SCALES.map(() => 0)];

/** What each statistic says when it is the one that alarms, in their order. */
const REASONS: readonly string[] = [
  'far off for its hour',
  'higher than it has been',
  'lower than it has been',
  'larger steps than usual',
  ...SCALES.map((points) => `off its hours over ${points} points`),
];

export class Watch {
  readonly #profile = new HourProfile();
  readonly #means = new Float32Array(SCALES.length);
  readonly #tails = [
    new ExcessTail(POINT_NEWS),
    new ExcessTail(POINT_NEWS, HEAVIEST_VALUE),
    new ExcessTail(POINT_NEWS, HEAVIEST_VALUE),
    new ExcessTail(POINT_NEWS, HEAVIEST_MEAN),
    ...SCALES.map((points) => new ExcessTail(MEAN_NEWS / points, HEAVIEST_MEAN)),
  ];
  readonly #idle = new IdleRun();
  /** The last value, the size of steps of late, and the usual one. */
  readonly #steps = new Float32Array([NaN, 0, 0]);
  /** Alarms of each statistic, fading. */
  readonly #alarms = new Float32Array(STATISTICS);
  /** Points since the alarm that goes on; 0 where none does. */
  #open = 0;
  #sinceTold = 0;
  #calm = 0;
  #peak = 0;
  /** What made the last surprise. This and the next two are no part of the state. */
  reason = '';
  /** The last surprise, told or not; undefined where the watch knew too little to be surprised. */
  surprise: number | undefined;
  /** Decades of surprise at the silence that lasts; 0 where none does, or it was called. */
  silence = 0;

  /** News, in decades of surprise: from `threshold` on an alarm; what was told already is 0. */
  update(timeMicros: number, value: number, threshold: number): number {
    const isFrozen = this.#open > 0 && this.#open < FROZEN_POINTS;
    const isDoubtful = isFrozen || this.#idle.isCalled;
    const residual = this.#profile.update(momentOf(timeMicros), value, this.#idle.isActive(value), isDoubtful);
    const silence = this.#idle.update(value, residual?.activity ?? 0, isDoubtful);
    this.silence = (residual?.seen ?? 0) < MIN_JUDGED ? 0 : silence;
    this.surprise = undefined;
    if (!residual) {
      this.#open = 0;
      return 0;
    }
    const { deviation, extremity, seen } = residual;
    const bounded = seen < MIN_KNOWN ? 0 : Math.max(-MOST_DEVIATION, Math.min(MOST_DEVIATION, deviation));
    SCALES.forEach((points, at) => {
      const mean = this.#means[at] ?? 0;
      this.#means[at] = mean + (bounded - mean) / points;
    });
    const steps = this.#step(value);
    const statistic = (at: number): number => {
      if (at >= POINTS) return Math.abs(this.#means[at - POINTS] ?? 0);
      return [extremity, value, -value, steps][at] ?? 0;
    };
    let surprise = 0;
    let by = 0;
    this.#tails.forEach((tail, at) => {
      if (seen < MIN_JUDGED) return;
      const decades = tail.decades(statistic(at)) - ALARM_COST * (this.#alarms[at] ?? 0) + (GIVEN[at] ?? 0);
      if (decades > surprise) [surprise, by] = [decades, at];
    });
    if (seen >= MIN_JUDGED && this.#tails[0]?.isKnown === true) this.surprise = surprise;
    if (seen >= MIN_TAUGHT && !isDoubtful) {
      const faith = surprise >= DOUBT ? DOUBTFUL_FAITH : 1;
      this.#tails.forEach((tail, at) => {
        tail.learn(statistic(at), faith);
      });
    }
    for (let at = 0; at < STATISTICS; at++) this.#alarms[at] = (this.#alarms[at] ?? 0) * (1 - 1 / FORGET_POINTS);
    this.reason = REASONS[by] ?? '';
    return this.#news(surprise, by, threshold);
  }

  /** The silence that lasts is called: once. */
  callSilence(): void {
    this.#idle.call();
  }

  encode(writer: StateWriter): void {
    this.#profile.encode(writer);
    this.#idle.encode(writer);
    for (const tail of this.#tails) tail.encode(writer);
    writer.bytes(bytesOf(this.#means)).bytes(bytesOf(this.#steps)).bytes(bytesOf(this.#alarms));
    writer.int(this.#open).int(this.#sinceTold).int(this.#calm).double(this.#peak);
  }

  decode(reader: StateReader): void {
    this.#profile.decode(reader);
    this.#idle.decode(reader);
    for (const tail of this.#tails) tail.decode(reader);
    this.#means.set(floatsOf(reader.bytes()));
    this.#steps.set(floatsOf(reader.bytes()));
    this.#alarms.set(floatsOf(reader.bytes()));
    this.#open = reader.int();
    this.#sinceTold = reader.int();
    this.#calm = reader.int();
    this.#peak = reader.double();
  }

  #step(value: number): number {
    const [last = NaN, size = 0, usual = 0] = this.#steps;
    this.#steps[0] = value;
    if (Number.isNaN(last)) return size;
    const step = usual > 0 ? Math.min(Math.abs(value - last), MOST_STEPS * usual) : Math.abs(value - last);
    this.#steps[1] = size + (step - size) / STEP_POINTS;
    this.#steps[2] = usual + (step - usual) / USUAL_STEP_POINTS;
    return this.#steps[1];
  }

  #news(surprise: number, by: number, threshold: number): number {
    if (this.#open === 0) {
      if (surprise < threshold) return surprise;
      this.#alarms[by] = (this.#alarms[by] ?? 0) + 1;
      this.#open = 1;
      this.#calm = 0;
      this.#tell(surprise);
      return surprise;
    }
    this.#open++;
    this.#sinceTold++;
    this.#calm = surprise < CALM_SHARE * threshold ? this.#calm + 1 : 0;
    const isNews = surprise >= threshold && surprise > this.#peak + HIGHER && this.#sinceTold >= LATER_POINTS;
    if (isNews) this.#tell(surprise);
    if (this.#calm >= CALM_POINTS || this.#open >= ADOPTED_POINTS) this.#open = 0;
    return isNews || surprise < threshold ? surprise : 0;
  }

  #tell(surprise: number): void {
    this.#peak = surprise;
    this.#sinceTold = 0;
  }
}
