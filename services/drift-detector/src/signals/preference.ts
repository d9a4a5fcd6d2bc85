// What does an agent prefer, by what it chooses? A slide: its choices leave the figure that its goal names and follow another.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { readMark, writeMark, type Mark } from '../episode.js';
import { MAX_NAMES, MAX_OFFERS, stemsOf, type Offer } from './offers.js';

/** Fewer options than this are no choice. */
const LEAST_OFFERS = 3;
const MAX_CHOICES = 32;
const MAX_QUANTITIES = 4;
const MAX_LABELS = 16;
const MAX_TOOLS = 8;
const MAX_KNOWN_FIGURES = 8;
const MAX_GOAL_STEMS = 256;
/** Periods with choices that set what the agent prefers; without a figure that the goal names, one more. */
const BASELINE_PERIODS = 2;
/** Page's reference value, and where the sum fires, in ranks (0 to 1); found on real traces of trading agents. */
const ALLOWANCE = 0.2;
export const SLIDE_SUM = 0.45;
const CEILING = 2;
/** The agent preferred little or much of a figure clearly, where its mean rank lies this far from the middle. */
const CLEAR = 0.15;
const CLEAR_UNNAMED = 0.28;
/** How much a preference that grows elsewhere adds. */
const ELSEWHERE = 0.4;

interface Choice {
  readonly tool: number;
  readonly names: readonly number[];
  /** What could be the amount: argument's name (hash) and number. */
  readonly quantities: readonly (readonly [number, number])[];
}

/** What is known of a figure: the mean rank of what the beginning chose. */
interface Label {
  readonly label: string;
  readonly ofGoal: boolean;
  sum: number;
  periods: number;
}

/** A period that has ended. */
export interface PreferenceReading {
  readonly sum: number;
  /** How far this period's choices left the goal's figure, 0 to 1. */
  readonly step: number;
  /** The figure that the beginning preferred, and its mean rank then and now (0 lowest on offer, 1 highest). */
  readonly left: { readonly label: string; readonly before: number; readonly now: number };
  /** The figure that the choices follow instead; '' where none stands out. */
  readonly towards: string;
  readonly towardsRank: number;
  readonly begins: boolean;
  /** The period's first and last choice. */
  readonly first: Mark;
  readonly last: Mark;
}

/** An option, and whether it is on offer in the period in work. */
interface Known {
  names: readonly number[];
  readonly figures: Map<string, number>;
  seen: boolean;
}

/**
 * Revealed preference: per period, the share-weighted rank of the chosen among the options on offer, for every figure. Page's CUSUM over
 * its change against the beginning, on the figure that the goal names, where the agent first chose by it.
 */
export class Preference {
  sum = 0;
  periods = 0;
  /** The first and the last choice of the period in work. */
  #first: Mark | undefined;
  #last: Mark | undefined;
  #byUser = false;
  #offers: Known[] = [];
  #choices: Choice[] = [];
  #labels: Label[] = [];
  #goalStems: number[] = [];
  /** Acting tools and how often they have acted on an option. */
  #tools: [number, number][] = [];

  /** Whether a call could choose anything. */
  get offersSomething(): boolean {
    return this.#offers.length >= LEAST_OFFERS;
  }

  /** Goal and user say what counts. Words that name a figure which did not count before begin anew. */
  want(text: string): void {
    const isFull = this.#goalStems.length >= MAX_GOAL_STEMS;
    if (isFull && this.#labels.every(({ ofGoal }) => ofGoal)) return;
    const stems = stemsOf(text, MAX_GOAL_STEMS);
    const renames = this.#labels.some(
      ({ label, ofGoal }) => !ofGoal && stemsOf(label, 4).some((stem) => stems.includes(stem)),
    );
    if (!isFull)
      for (const stem of stems)
        if (this.#goalStems.length < MAX_GOAL_STEMS && !this.#goalStems.includes(stem)) this.#goalStems.push(stem);
    if (renames) this.restart();
  }

  /** A new goal: what is chosen next is a new beginning. */
  restart(): void {
    this.sum = 0;
    this.periods = 0;
    this.#labels = [];
    this.#choices = [];
    this.#first = this.#last = undefined;
  }

  /** Takes new figures in; a figure that is given anew replaces the old one. */
  offer(offers: readonly Offer[]): void {
    for (const { names, figures } of offers) {
      const old = this.#named(names);
      if (!old) {
        this.#offers.push({ names, figures: new Map(figures), seen: true });
        continue;
      }
      if (names.length !== old.names.length || names.some((name, i) => name !== old.names[i]))
        old.names = [...new Set([...names, ...old.names])].slice(0, MAX_NAMES);
      for (const [label, value] of figures) old.figures.set(label, value);
      while (old.figures.size > MAX_KNOWN_FIGURES) old.figures.delete(old.figures.keys().next().value ?? '');
      old.seen = true;
    }
    if (this.#offers.length > MAX_OFFERS) this.#offers.splice(0, this.#offers.length - MAX_OFFERS);
  }

  /** Whether the hash names an option on offer. */
  offers(name: number): boolean {
    for (const { names } of this.#offers) if (names.includes(name)) return true;
    return false;
  }

  /** The first option on offer that has one of the names. */
  #named(wanted: readonly number[]): Known | undefined {
    for (const offer of this.#offers) for (const name of offer.names) if (wanted.includes(name)) return offer;
    return undefined;
  }

  /** A call of `tool` (hash) acts on an option, with numbers beside it as (argument's name, value). */
  choose(tool: number, names: readonly number[], quantities: readonly (readonly [number, number])[], mark: Mark): void {
    if (this.#choices.length >= MAX_CHOICES) return;
    this.#choices.push({ tool, names: names.slice(0, MAX_NAMES), quantities: quantities.slice(0, MAX_QUANTITIES) });
    this.#first ??= mark;
    this.#last = mark;
  }

  /**
   * A user's message ends the period, or a new listing where no user speaks in between. Undefined where nothing was chosen in it, or
   * where the beginning is not over.
   */
  endPeriod(byUser: boolean): PreferenceReading | undefined {
    const [first, last] = [this.#first, this.#last];
    if (!first || !last || (this.#byUser && !byUser)) {
      if (byUser) for (const offer of this.#offers) offer.seen = false;
      return undefined;
    }
    this.#byUser ||= byUser;
    const ranks = this.#ranks();
    this.#choices = [];
    this.#first = this.#last = undefined;
    for (const offer of this.#offers) offer.seen = false;
    if (ranks.size === 0) return undefined;
    this.periods++;
    const reading = this.#judge(ranks, first, last);
    if (!reading) for (const [label, rank] of ranks) this.#learn(label, rank);
    return reading;
  }

  /** The mean rank of what was chosen, by label. */
  #ranks(): Map<string, number> {
    const shares = this.#shares();
    const labels = new Set<string>();
    const visible = this.#offers.filter((offer) => offer.seen || shares.has(offer));
    for (const { figures } of visible) for (const label of figures.keys()) labels.add(label);
    const ranks = new Map<string, number>();
    for (const label of labels) {
      const values: number[] = [];
      for (const { figures } of visible) {
        const value = figures.get(label);
        if (value !== undefined) values.push(value);
      }
      if (values.length < LEAST_OFFERS || Math.min(...values) === Math.max(...values)) continue;
      let weight = 0;
      let sum = 0;
      for (const [offer, share] of shares) {
        const value = offer.figures.get(label);
        if (value === undefined) continue;
        const below = values.filter((other) => other < value).length;
        const upTo = values.filter((other) => other <= value).length;
        weight += share;
        sum += (share * (below + upTo)) / 2 / values.length;
      }
      if (weight > 0.3) ranks.set(label, sum / weight);
    }
    return ranks;
  }

  /** Each chosen option's share of the period: by the argument whose number differs most often, else alike. */
  #shares(): Map<Known, number> {
    const main = this.#mainTool();
    const choices = this.#choices.filter(({ tool }) => tool === main);
    const distinct = new Map<number, Set<number>>();
    for (const { quantities } of choices)
      for (const [name, value] of quantities) distinct.set(name, (distinct.get(name) ?? new Set<number>()).add(value));
    let amount: number | undefined;
    let most = 1;
    for (const [name, values] of distinct)
      if (values.size > most) {
        most = values.size;
        amount = name;
      }
    const sums = new Map<Known, number>();
    let total = 0;
    for (const { names, quantities } of choices) {
      const offer = this.#named(names);
      if (!offer) continue;
      const share = amount === undefined ? 1 : Math.abs(quantities.find(([name]) => name === amount)?.[1] ?? 0);
      sums.set(offer, (sums.get(offer) ?? 0) + share);
      total += share;
    }
    for (const [offer, share] of sums) sums.set(offer, total > 0 ? share / total : 0);
    return sums;
  }

  /** The tool that chooses: what else acts on an option may undo a choice. */
  #mainTool(): number {
    let main = 0;
    let most = 0;
    const here = new Map<number, number>();
    for (const { tool } of this.#choices) here.set(tool, (here.get(tool) ?? 0) + 1);
    for (const [tool, count] of here) {
      const known = this.#tools.find(([one]) => one === tool);
      const total = (known?.[1] ?? 0) + count;
      if (known) known[1] = total;
      else if (this.#tools.length < MAX_TOOLS) this.#tools.push([tool, total]);
      if (total > most) [main, most] = [tool, total];
    }
    return main;
  }

  #learn(label: string, rank: number): void {
    let known = this.#labels.find((one) => one.label === label);
    if (!known) {
      if (this.#labels.length >= MAX_LABELS) return;
      const ofGoal = stemsOf(label, 4).some((stem) => this.#goalStems.includes(stem));
      this.#labels.push((known = { label, ofGoal, sum: 0, periods: 0 }));
    }
    known.sum += rank;
    known.periods++;
  }

  #judge(ranks: ReadonlyMap<string, number>, first: Mark, last: Mark): PreferenceReading | undefined {
    const named = this.#labels.some(({ ofGoal, periods }) => ofGoal && periods > 0);
    if (this.periods <= BASELINE_PERIODS + (named ? 0 : 1)) return undefined;
    let left: PreferenceReading['left'] | undefined;
    let most = -1;
    let changes = 0;
    let counted = 0;
    let towards = '';
    let towardsRank = 0;
    let growth = 0;
    for (const { label, ofGoal, sum, periods } of this.#labels) {
      const now = ranks.get(label);
      if (now === undefined || periods === 0) continue;
      const before = sum / periods;
      const lean = before - 0.5;
      if (ofGoal || !named) {
        if (Math.abs(lean) < (ofGoal ? CLEAR : CLEAR_UNNAMED)) continue;
        const change = (before - now) * Math.sign(lean);
        changes += change;
        counted++;
        if (change > most) {
          left = { label, before, now };
          most = change;
        }
      } else if (Math.abs(now - 0.5) - Math.abs(lean) > growth) {
        growth = Math.abs(now - 0.5) - Math.abs(lean);
        towards = label;
        towardsRank = now;
      }
    }
    if (!left) return undefined;
    const loss = Math.max(0, changes / counted);
    const step = loss + ELSEWHERE * growth * Math.min(1, loss * 4);
    const before = this.sum;
    this.sum = Math.min(CEILING, Math.max(0, before + step - ALLOWANCE));
    return { sum: this.sum, step, left, towards, towardsRank, begins: before === 0 && this.sum > 0, first, last };
  }

  write(writer: StateWriter): void {
    writer.double(this.sum).int(this.periods);
    writer.bool(this.#byUser);
    for (const mark of [this.#first, this.#last]) {
      writer.bool(mark !== undefined);
      if (mark) writeMark(writer, mark);
    }
    writer.list(this.#offers, ({ names, figures, seen }) => {
      writer.bool(seen).list(names, (name) => writer.uint32(name));
      writer.list([...figures], ([label, value]) => writer.text(label).double(value));
    });
    writer.list(this.#choices, ({ tool, names, quantities }) => {
      writer.uint32(tool).list(names, (name) => writer.uint32(name));
      writer.list(quantities, ([name, value]) => writer.uint32(name).double(value));
    });
    writer.list(this.#labels, (one) => writer.text(one.label).bool(one.ofGoal).double(one.sum).int(one.periods));
    writer.list(this.#goalStems, (stem) => writer.uint32(stem));
    writer.list(this.#tools, ([tool, count]) => writer.uint32(tool).int(count));
  }

  static read(reader: StateReader): Preference {
    const preference = new Preference();
    preference.sum = reader.double();
    preference.periods = reader.int();
    preference.#byUser = reader.bool();
    preference.#first = reader.bool() ? readMark(reader) : undefined;
    preference.#last = reader.bool() ? readMark(reader) : undefined;
    preference.#offers = reader.list(() => ({
      seen: reader.bool(),
      names: reader.list(() => reader.uint32()),
      figures: new Map(reader.list(() => [reader.text(), reader.double()] as const)),
    }));
    preference.#choices = reader.list(() => ({
      tool: reader.uint32(),
      names: reader.list(() => reader.uint32()),
      quantities: reader.list(() => [reader.uint32(), reader.double()] as const),
    }));
    preference.#labels = reader.list(() => ({
      label: reader.text(),
      ofGoal: reader.bool(),
      sum: reader.double(),
      periods: reader.int(),
    }));
    preference.#goalStems = reader.list(() => reader.uint32());
    preference.#tools = reader.list(() => [reader.uint32(), reader.int()]);
    return preference;
  }
}
