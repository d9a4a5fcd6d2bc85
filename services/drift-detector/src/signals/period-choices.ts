// What a period has chosen so far: calls that act on options, and how much of each.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { readMark, writeMark, type Mark } from '../episode.js';
import type { Assortment, Option } from './assortment.js';
import { MAX_NAMES } from './offers.js';

const MAX_CHOICES = 32;
const MAX_QUANTITIES = 4;
const MAX_TOOLS = 8;
/** A call whose result repeats its amount was carried out, and tells so much more of which tool chooses. */
const CONFIRMED = 3;

/** A call of `tool` (hash) that acts on the option of these names (hashes). */
export interface Choice {
  readonly tool: number;
  readonly names: readonly number[];
  /** What could be the amount: argument's name (hash) and number. */
  readonly quantities: readonly (readonly [number, number])[];
}

/** The choices of the period in work, and which tool and which argument of it choose in this session. */
export class PeriodChoices {
  first: Mark | undefined;
  last: Mark | undefined;
  /** The argument that gave the amount last (hash of its name), or 0. */
  amount = 0;
  #choices: Choice[] = [];
  /** Acting tools and how often they have acted on an option. */
  #tools: [number, number][] = [];

  add(choice: Choice, isConfirmed: boolean, mark: Mark): void {
    this.#count(choice.tool, isConfirmed ? CONFIRMED : 1);
    if (this.#choices.length >= MAX_CHOICES) return;
    this.#choices.push({
      tool: choice.tool,
      names: choice.names.slice(0, MAX_NAMES),
      quantities: choice.quantities.slice(0, MAX_QUANTITIES),
    });
    this.first ??= mark;
    this.last = mark;
  }

  /** Nothing is chosen yet. */
  clear(): void {
    this.#choices = [];
    this.first = this.last = undefined;
  }

  /** Each chosen option's share of the period: by the argument whose number differs most often, else alike. */
  shares(assortment: Assortment): Map<Option, number> {
    const main = this.#mainTool();
    const choices = this.#choices.filter(({ tool }) => tool === main);
    const amount = amountOf(choices);
    if (amount !== undefined) this.amount = amount;
    const sums = new Map<Option, number>();
    let total = 0;
    for (const { names, quantities } of choices) {
      const option = assortment.named(names);
      if (!option) continue;
      const share = amount === undefined ? 1 : Math.abs(quantities.find(([name]) => name === amount)?.[1] ?? 0);
      sums.set(option, (sums.get(option) ?? 0) + share);
      total += share;
    }
    for (const [option, share] of sums) sums.set(option, total > 0 ? share / total : 0);
    return sums;
  }

  #count(tool: number, weight: number): void {
    const known = this.#tools.find(([one]) => one === tool);
    if (known) known[1] += weight;
    else if (this.#tools.length < MAX_TOOLS) this.#tools.push([tool, weight]);
  }

  /** Of the period's tools, the one that has chosen most in the session: what else acts on an option may undo a choice. */
  #mainTool(): number {
    let [main, most] = [0, 0];
    for (const [tool, count] of this.#tools)
      if (count > most && this.#choices.some((choice) => choice.tool === tool)) [main, most] = [tool, count];
    return main;
  }

  write(writer: StateWriter): void {
    writer.uint32(this.amount);
    for (const mark of [this.first, this.last]) {
      writer.bool(mark !== undefined);
      if (mark) writeMark(writer, mark);
    }
    writer.list(this.#choices, ({ tool, names, quantities }) => {
      writer.uint32(tool).list(names, (name) => writer.uint32(name));
      writer.list(quantities, ([name, value]) => writer.uint32(name).double(value));
    });
    writer.list(this.#tools, ([tool, count]) => writer.uint32(tool).int(count));
  }

  static read(reader: StateReader): PeriodChoices {
    const period = new PeriodChoices();
    period.amount = reader.uint32();
    period.first = reader.bool() ? readMark(reader) : undefined;
    period.last = reader.bool() ? readMark(reader) : undefined;
    period.#choices = reader.list(() => ({
      tool: reader.uint32(),
      names: reader.list(() => reader.uint32()),
      quantities: reader.list(() => [reader.uint32(), reader.double()] as const),
    }));
    period.#tools = reader.list(() => [reader.uint32(), reader.int()]);
    return period;
  }
}

/** The argument whose number differs most often; undefined where none differs. */
function amountOf(choices: readonly Choice[]): number | undefined {
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
  return amount;
}
