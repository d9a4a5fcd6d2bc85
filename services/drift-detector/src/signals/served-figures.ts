// Do the choices that leave the goal's figure serve another one? Then there is less to excuse than where they serve none.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { Standing } from './assortment.js';
import { slideConstants } from './slide-constants.js';

/** Regret of choices by chance. */
const BY_CHANCE = 0.5;
const SIDES = ['ifLess', 'ifMore'] as const;

/** The goal's sum of regret as it stands if little, or much, of another figure is what is followed. */
type Sums = Record<(typeof SIDES)[number], number>;

/**
 * Page's CUSUM once per other figure and direction: what a period may cost without counting is the less the better its choices serve that
 * figure, so that a slide towards something is told from choices that are merely poor. Where nothing else is on offer it is as by chance.
 */
export class ServedFigures {
  /** By the label's number. */
  #sums: (Sums | undefined)[] = [];

  /**
   * Takes a period that left the goal by `step`; `before` is the sum up to it, at which a figure that comes up later begins. Returns the
   * highest sum. With `isMeant` false it is not sure which figure the goal means, and what else is served says nothing.
   */
  add(step: number, before: number, others: ReadonlyMap<number, Standing>, isMeant: boolean, ceiling: number): number {
    for (const label of others.keys()) this.#sums[label] ??= { ifLess: before, ifMore: before };
    const { allowance, allowanceServed } = slideConstants;
    const next = (sum: number, regret: number): number => {
      const excused = isMeant ? allowanceServed + (allowance - allowanceServed) * (regret / BY_CHANCE) : allowance;
      return Math.min(ceiling, Math.max(0, sum + step - excused));
    };
    let highest: number | undefined;
    this.#sums.forEach((sums, label) => {
      if (!sums) return;
      for (const side of SIDES) {
        sums[side] = next(sums[side], others.get(label)?.[side] ?? BY_CHANCE);
        highest = Math.max(highest ?? 0, sums[side]);
      }
    });
    return highest ?? next(before, BY_CHANCE);
  }

  restart(): void {
    this.#sums = [];
  }

  write(writer: StateWriter): void {
    writer.list(Array.from(this.#sums), (sums) => {
      writer.bool(sums !== undefined);
      if (sums) writer.double(sums.ifLess).double(sums.ifMore);
    });
  }

  static read(reader: StateReader): ServedFigures {
    const served = new ServedFigures();
    served.#sums = reader.list(() =>
      reader.bool() ? { ifLess: reader.double(), ifMore: reader.double() } : undefined,
    );
    return served;
  }
}
