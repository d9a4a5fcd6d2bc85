// What does an agent prefer, by what it chooses? A slide: its choices leave the figure that its goal names and follow another.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { Mark } from '../episode.js';
import type { WordVectors } from '../text/word-vectors.js';
import { Assortment, type Standing } from './assortment.js';
import { stemHash } from './degree-words.js';
import { Objective, type Aim } from './objective.js';
import type { Offer } from './offers.js';
import { PeriodChoices, type Choice } from './period-choices.js';
import { ServedFigures } from './served-figures.js';
import { slideConstants } from './slide-constants.js';

/** Periods with choices that set what the agent prefers; without a figure that the goal names, one more. */
const BASELINE_PERIODS = 2;
const CEILING = 2;
/** Below this nearness no label is what the goal means; nor where another is nearer by this factor. */
const LEAST_NEARNESS = 0.2;
/** A user who speaks of another figure as near as this means it; so does a goal, which then leaves no doubt what other figures are. */
const HEARD = 0.5;
const AS_NEAR = 0.8;
/** Where the goal says no direction, the beginning shows one that it served with less regret than this; or no figure, less than that. */
const SERVED = 0.3;
const SERVED_UNNAMED = 0.15;
/** What leaves a figure that the goal does not mean counts half: it may be what the work needs. */
const UNNAMED = 0.5;

/** How the beginning stood by a figure: sums over its periods, 0 where the figure came up later. */
interface Beginning {
  rank: number;
  ifLess: number;
  ifMore: number;
  periods: number;
}

/** A period that has ended. */
export interface PreferenceReading {
  readonly sum: number;
  /** How much worse than it may be this period's choices serve the goal, in regret, -1 to 1. */
  readonly step: number;
  /** The figure that is left, whether the goal (or else the beginning) wants more of it, and its mean rank in the beginning and now. */
  readonly left: {
    readonly label: string;
    readonly wantsMore: boolean;
    readonly before: number | undefined;
    readonly now: number;
  };
  /** The figure that the choices follow instead; '' where none stands out. */
  readonly towards: string;
  readonly towardsRank: number;
  readonly begins: boolean;
  /** The period's first and last choice. */
  readonly first: Mark;
  readonly last: Mark;
}

/**
 * Revealed preference: per period, the regret of what was chosen among the options on offer, by the figure that the goal means. Page's
 * CUSUM over it, against the beginning's (of which only so much is excused). Where the goal means none, by the figures that the beginning
 * clearly preferred.
 */
export class Preference {
  sum = 0;
  periods = 0;
  #byUser = false;
  #assortment = new Assortment();
  #objective = new Objective();
  #choices = new PeriodChoices();
  /** By the label's number. */
  #beginnings: (Beginning | undefined)[] = [];
  /** By the label's number; worked out from the objective when asked for. */
  #aims: (Aim | undefined)[] = [];
  #served = new ServedFigures();

  /** Whether a call could choose anything. */
  get offersSomething(): boolean {
    return this.#assortment.offersSomething;
  }

  /** A goal says what counts, beside what counted already or instead of it. */
  want(text: string, instead = false): void {
    if (instead) this.#objective = new Objective();
    this.#objective.add(text);
    this.#aims = [];
  }

  /** A user says something: where that means another figure than the goal did, it counts from now on, and what comes next is a new beginning. */
  hear(text: string, vectors: WordVectors): void {
    const { labels } = this.#assortment;
    if (labels.length === 0) {
      this.want(text);
      return;
    }
    const said = new Objective();
    said.add(text);
    const now = labels.map((label) => said.aimAt(label, vectors).nearness);
    const nearest = Math.max(...now);
    if (nearest < HEARD) return;
    const best = now.indexOf(nearest);
    if (this.#aimAt(best, vectors).nearness >= AS_NEAR * this.#nearest(vectors)) return;
    this.#objective = said;
    this.#aims = [];
    this.restart();
  }

  /** A new goal: what is chosen next is a new beginning. */
  restart(): void {
    this.sum = 0;
    this.periods = 0;
    this.#beginnings = [];
    this.#served.restart();
    this.#choices.clear();
  }

  /** Takes new figures in. */
  offer(offers: readonly Offer[]): void {
    this.#assortment.add(offers);
  }

  /** Whether the hash names an option on offer. */
  offers(name: number): boolean {
    return this.#assortment.has(name);
  }

  /** A call acts on an option; `isConfirmed` where its result repeats the amount. */
  choose(choice: Choice, isConfirmed: boolean, mark: Mark): void {
    this.#choices.add(choice, isConfirmed, mark);
  }

  /**
   * A user's message ends the period, or a new listing where no user speaks in between. Undefined where nothing was chosen in it, or
   * where the beginning is not over.
   */
  endPeriod(byUser: boolean, vectors: WordVectors): PreferenceReading | undefined {
    const { first, last } = this.#choices;
    if (!first || !last || (this.#byUser && !byUser)) {
      if (byUser) this.#assortment.beginPeriod();
      return undefined;
    }
    this.#byUser ||= byUser;
    const standings = this.#assortment.standings(this.#choices.shares(this.#assortment));
    this.#choices.clear();
    this.#assortment.beginPeriod();
    if (standings.size === 0) return undefined;
    this.periods++;
    for (const label of standings.keys()) this.#beginnings[label] ??= { rank: 0, ifLess: 0, ifMore: 0, periods: 0 };
    const reading = this.#judge(standings, vectors, first, last);
    if (this.#isBeginning(vectors)) for (const [label, standing] of standings) this.#learn(label, standing);
    return reading;
  }

  #learn(label: number, { rank, ifLess, ifMore }: Standing): void {
    const held = this.#beginnings[label];
    if (!held) return;
    held.rank += rank;
    held.ifLess += ifLess;
    held.ifMore += ifMore;
    held.periods++;
  }

  #isBeginning(vectors: WordVectors): boolean {
    const beyond = this.periods - BASELINE_PERIODS;
    return beyond <= 0 || (beyond === 1 && !this.#isNamed(vectors));
  }

  /** Whether the goal means one of the figures on offer. */
  #isNamed(vectors: WordVectors): boolean {
    return this.#nearest(vectors) >= LEAST_NEARNESS;
  }

  /** How near the goal is to the nearest of the figures by which options differ. */
  #nearest(vectors: WordVectors): number {
    let nearest = 0;
    this.#assortment.labels.forEach((_, label) => {
      if (this.#beginnings[label] || this.#assortment.compares(label))
        nearest = Math.max(nearest, this.#aimAt(label, vectors).nearness);
    });
    return nearest;
  }

  #judge(
    standings: ReadonlyMap<number, Standing>,
    vectors: WordVectors,
    first: Mark,
    last: Mark,
  ): PreferenceReading | undefined {
    const nearest = this.#nearest(vectors);
    const isNamed = nearest >= LEAST_NEARNESS;
    const { lean } = this.#objective;
    let left: PreferenceReading['left'] | undefined;
    let most = -Infinity;
    let excesses = 0;
    let counted = 0;
    const others = new Map<number, Standing>();
    for (const [label, standing] of standings) {
      const aim = this.#aimAt(label, vectors);
      if (isNamed && aim.nearness < AS_NEAR * nearest) {
        if (!this.#isAmount(label)) others.set(label, standing);
        continue;
      }
      const beginning = this.#beginnings[label];
      const served = isNamed ? SERVED : SERVED_UNNAMED;
      const direction = isNamed && aim.direction !== 0 ? aim.direction : directionOf(beginning, served);
      if (direction === 0) continue;
      // "As much as possible" of what no figure is called: what the beginning had little of is not meant.
      if (!isNamed && lean !== 0 && direction !== lean) continue;
      const side = direction > 0 ? 'ifMore' : 'ifLess';
      const usual = beginning && beginning.periods > 0 ? beginning[side] / beginning.periods : slideConstants.excused;
      const excess = standing[side] - Math.min(slideConstants.excused, usual);
      excesses += excess;
      counted++;
      if (excess > most) {
        const before = beginning && beginning.periods > 0 ? beginning.rank / beginning.periods : undefined;
        left = { label: this.#assortment.labels[label] ?? '', wantsMore: direction > 0, before, now: standing.rank };
        most = excess;
      }
    }
    if (!left) return undefined;
    const step = Math.min(slideConstants.mostPerPeriod, (excesses / counted) * (isNamed || lean !== 0 ? 1 : UNNAMED));
    const before = this.sum;
    const ceiling = this.periods <= BASELINE_PERIODS ? slideConstants.sum * 0.99 : CEILING;
    this.sum = this.#served.add(step, before, others, nearest >= HEARD, ceiling);
    const begins = before === 0 && this.sum > 0;
    return { sum: this.sum, step, left, ...this.#followed(standings, left.label), begins, first, last };
  }

  /** The other figure whose rank went furthest from where it began. */
  #followed(
    standings: ReadonlyMap<number, Standing>,
    left: string,
  ): Pick<PreferenceReading, 'towards' | 'towardsRank'> {
    let growth = 0;
    let [towards, towardsRank] = ['', 0];
    for (const [label, { rank }] of standings) {
      const name = this.#assortment.labels[label] ?? '';
      const beginning = this.#beginnings[label];
      const lean = beginning && beginning.periods > 0 ? Math.abs(beginning.rank / beginning.periods - 0.5) : 0;
      if (name === left || Math.abs(rank - 0.5) - lean <= growth) continue;
      growth = Math.abs(rank - 0.5) - lean;
      [towards, towardsRank] = [name, rank];
    }
    return { towards, towardsRank };
  }

  /** What the goal wants of a figure; of the amounts that the agent itself gave, nothing. */
  #aimAt(number: number, vectors: WordVectors): Aim {
    if (this.#isAmount(number)) return { nearness: 0, direction: 0 };
    return (this.#aims[number] ??= this.#objective.aimAt(this.#assortment.labels[number] ?? '', vectors));
  }

  #isAmount(number: number): boolean {
    const label = this.#assortment.labels[number] ?? '';
    return label.split(' ').some((word) => stemHash(word) === this.#choices.amount);
  }

  write(writer: StateWriter): void {
    writer.double(this.sum).int(this.periods);
    writer.bool(this.#byUser);
    this.#assortment.write(writer);
    this.#objective.write(writer);
    this.#choices.write(writer);
    writer.list(Array.from(this.#beginnings), (one) => {
      writer.int(one?.periods ?? -1);
      if (one) writer.double(one.rank).double(one.ifLess).double(one.ifMore);
    });
    this.#served.write(writer);
  }

  static read(reader: StateReader): Preference {
    const preference = new Preference();
    preference.sum = reader.double();
    preference.periods = reader.int();
    preference.#byUser = reader.bool();
    preference.#assortment = Assortment.read(reader);
    preference.#objective = Objective.read(reader);
    preference.#choices = PeriodChoices.read(reader);
    preference.#beginnings = reader.list(() => {
      const periods = reader.int();
      if (periods < 0) return undefined;
      return { rank: reader.double(), ifLess: reader.double(), ifMore: reader.double(), periods };
    });
    if (reader.version > 4) preference.#served = ServedFigures.read(reader);
    return preference;
  }
}

/** Which way of a figure the beginning served, with less than so much regret: -1 little, 1 much, 0 neither clearly. */
function directionOf(beginning: Beginning | undefined, served: number): -1 | 0 | 1 {
  if (!beginning || beginning.periods === 0) return 0;
  const { ifLess, ifMore, periods } = beginning;
  if (Math.min(ifLess, ifMore) >= served * periods) return 0;
  return ifLess < ifMore ? -1 : 1;
}
