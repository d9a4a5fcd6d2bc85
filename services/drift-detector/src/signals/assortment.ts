// What is on offer: options and their figures, the newest 32, and which of them this period has shown.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { readNumber, writeNumber } from '../memory/compact.js';
import { MAX_NAMES, MAX_OFFERS, type Offer } from './offers.js';

/** Fewer options than this are no choice. */
const LEAST_OPTIONS = 3;
const MAX_LABELS = 16;
const MAX_FIGURES = 8;
/** Hashes are never negative. */
const NO_NAME = -1;

/** An option; its figures by the number of their label. */
export interface Option {
  readonly figures: Map<number, number>;
  /** Shown in the period in work. */
  seen: boolean;
  /** Was chosen once. */
  chosen: boolean;
}

/**
 * How what was chosen stands among what was on offer, by one figure. `rank`: the mean rank, 0 lowest, 1 highest. `ifLess`, `ifMore`: the
 * regret of one who wants little, or much, of it: 0 the best on offer, 0.5 as by chance, 1 twice as far from the best or worse. Against
 * chance, not against the worst, for one outlier on offer would make all choices good.
 */
export interface Standing {
  readonly rank: number;
  readonly ifLess: number;
  readonly ifMore: number;
}

/** Options by name, their figures by label. A figure that is given anew replaces the old one. */
export class Assortment {
  #options: Option[] = [];
  /** The options' names one behind the other, {@link MAX_NAMES} each, {@link NO_NAME} for none: every argument of a call is looked for among them. */
  #names: number[] = [];
  #labels: string[] = [];

  /** The figures' labels; a label keeps its number. */
  get labels(): readonly string[] {
    return this.#labels;
  }

  /** Whether a call could choose anything. */
  get offersSomething(): boolean {
    return this.#options.length >= LEAST_OPTIONS;
  }

  /** Takes new figures in. */
  add(offers: readonly Offer[]): void {
    for (const { names, figures } of offers) {
      const option = this.#optionOf(names);
      option.seen = true;
      for (const [label, value] of figures) {
        const number = this.#numberOf(label);
        if (number >= 0 && (option.figures.has(number) || option.figures.size < MAX_FIGURES))
          option.figures.set(number, value);
      }
    }
    const oldest = this.#options.length - MAX_OFFERS;
    if (oldest <= 0) return;
    this.#options.splice(0, oldest);
    this.#names.splice(0, oldest * MAX_NAMES);
  }

  /** The option of these names, which from now on has them all (as far as there is room); a new one where none has any of them. */
  #optionOf(names: readonly number[]): Option {
    const row = this.#rowOf(names);
    const option = this.#options[row];
    if (!option) return this.#push(names, { figures: new Map(), seen: true, chosen: false });
    const held = this.#namesAt(row);
    if (names.length !== held.length || names.some((name, i) => name !== held[i]))
      this.#setNames(row, [...new Set([...names, ...held])]);
    return option;
  }

  #push(names: readonly number[], option: Option): Option {
    this.#setNames(this.#options.push(option) - 1, names);
    return option;
  }

  #setNames(row: number, names: readonly number[]): void {
    for (let i = 0; i < MAX_NAMES; i++) this.#names[row * MAX_NAMES + i] = names[i] ?? NO_NAME;
  }

  #namesAt(row: number): number[] {
    return this.#names.slice(row * MAX_NAMES, (row + 1) * MAX_NAMES).filter((name) => name !== NO_NAME);
  }

  /** The first option that has one of the names, or -1. */
  #rowOf(names: readonly number[]): number {
    let first = -1;
    for (const name of names) {
      const at = this.#names.indexOf(name);
      if (at >= 0 && (first < 0 || at < first)) first = at;
    }
    return Math.floor(first / MAX_NAMES);
  }

  /** The first option that has one of the names (hashes). */
  named(names: readonly number[]): Option | undefined {
    return this.#options[this.#rowOf(names)];
  }

  /** Whether the hash names an option. */
  has(name: number): boolean {
    return this.#names.includes(name);
  }

  /** Whether the figure compares options: enough have it, and among them one that was chosen once. */
  compares(label: number): boolean {
    const isChosen = this.#options.some(({ figures, chosen }) => chosen && figures.has(label));
    return isChosen && valuesOf(this.#options, label).length >= LEAST_OPTIONS;
  }

  /** The next period has shown nothing yet. */
  beginPeriod(): void {
    for (const option of this.#options) option.seen = false;
  }

  /** How what was chosen stands among the options of this period, by the label's number; `shares` sum to 1. */
  standings(shares: ReadonlyMap<Option, number>): Map<number, Standing> {
    for (const option of shares.keys()) option.chosen = true;
    const visible = this.#options.filter((option) => option.seen || shares.has(option));
    const standings = new Map<number, Standing>();
    for (let label = 0; label < this.#labels.length; label++) {
      // Most labels come from other texts than what is chosen from.
      const weight = weightOf(shares, label);
      if (weight <= LEAST_SHARE) continue;
      const spread = spreadOf(valuesOf(this.#options, label));
      const standing = spread > 0 ? standingOf(valuesOf(visible, label), shares, label, weight, spread) : undefined;
      if (standing) standings.set(label, standing);
    }
    return standings;
  }

  #numberOf(label: string): number {
    const held = this.#labels.indexOf(label);
    if (held >= 0) return held;
    return this.#labels.length < MAX_LABELS ? this.#labels.push(label) - 1 : -1;
  }

  write(writer: StateWriter): void {
    writer.list(this.#labels, (label) => writer.text(label));
    writer.int(this.#options.length);
    this.#options.forEach(({ figures, seen, chosen }, row) => {
      writer
        .bool(seen)
        .bool(chosen)
        .list(this.#namesAt(row), (name) => writer.uint32(name));
      writer.list([...figures], ([label, value]) => {
        writer.int(label);
        writeNumber(writer, value);
      });
    });
  }

  static read(reader: StateReader): Assortment {
    const assortment = new Assortment();
    assortment.#labels = reader.list(() => reader.text());
    for (let left = reader.int(); left > 0; left--) {
      const [seen, chosen] = [reader.bool(), reader.bool()];
      const names = reader.list(() => reader.uint32());
      const figures = new Map(
        reader.list(() => [reader.int(), reader.version < 3 ? reader.double() : readNumber(reader)] as const),
      );
      assortment.#push(names, { figures, seen, chosen });
    }
    return assortment;
  }
}

/** Of the period's choices, this share at least must have a figure for it to count. */
const LEAST_SHARE = 0.3;
/** Options that differ less than this part of what all known ones span are alike. */
const ALIKE = 0.1;

function valuesOf(options: readonly Option[], label: number): number[] {
  const values: number[] = [];
  for (const { figures } of options) {
    const value = figures.get(label);
    if (value !== undefined) values.push(value);
  }
  return values;
}

function spreadOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
}

/** How much of what was chosen has the figure; the shares sum to 1. */
function weightOf(shares: ReadonlyMap<Option, number>, label: number): number {
  let weight = 0;
  for (const [{ figures }, share] of shares) if (figures.has(label)) weight += share;
  return weight;
}

/** Undefined where few options have the figure, or all alike. `weight` is how much of what was chosen has it. */
function standingOf(
  values: readonly number[],
  shares: ReadonlyMap<Option, number>,
  label: number,
  weight: number,
  spread: number,
): Standing | undefined {
  if (values.length < LEAST_OPTIONS || spreadOf(values) === 0) return undefined;
  let ranks = 0;
  let chosen = 0;
  for (const [{ figures }, share] of shares) {
    const value = figures.get(label);
    if (value === undefined) continue;
    ranks += share * midrank(value, values);
    chosen += share * value;
  }
  chosen /= weight;
  const byChance = values.reduce((sum, value) => sum + value, 0) / values.length;
  const rank = ranks / weight;
  const regret = (best: number): number =>
    Math.min(1, Math.abs(chosen - best) / (2 * Math.max(Math.abs(byChance - best), ALIKE * spread)));
  return { rank, ifLess: regret(Math.min(...values)), ifMore: regret(Math.max(...values)) };
}

/** Where a value stands among all, 0 to 1; ties in the middle. */
function midrank(value: number, values: readonly number[]): number {
  let twice = 0;
  for (const other of values) twice += other < value ? 2 : other === value ? 1 : 0;
  return twice / 2 / values.length;
}
