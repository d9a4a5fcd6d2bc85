// How near to the goal a text is, by where its words come from: relevance flows from the goal through calls to what they bring.

import { kindWeight } from '../text/literal.js';
import type { Scan } from '../text/scan.js';
import { AUTHORITY, type TokenTable } from '../memory/token-table.js';

/** A word that nobody said before counts this little for or against the goal, … */
const UNKNOWN_SHARE = 0.6;
/** … and is taken to be this near to it. */
const UNKNOWN_RELEVANCE = 0.1;
/** Long free text does not outweigh short arguments: beyond this many tokens each counts less. */
const FULL_TOKENS = 5;
const MOST_TOKENS = 60;

/** Sums over the texts of one step. */
export class Relevance {
  known = 0;
  unknown = 0;
  authority = 0;
  #sum = 0;

  /** Mass of everything measured. */
  get mass(): number {
    return this.known + this.unknown;
  }

  /** 0 (nothing of it has to do with the goal) to 1 (all of it stands in the goal). */
  get value(): number {
    const unknown = this.unknown * UNKNOWN_SHARE;
    const total = this.known + unknown;
    return total === 0 ? 0 : (this.#sum + unknown * UNKNOWN_RELEVANCE) / total;
  }

  /** Adds the scanned text, each token touched at `clock`; `scale` weighs the whole text. */
  add(scan: Scan, table: TokenTable, clock: number, scale = 1): this {
    table.locate(scan);
    const { classes, kinds } = scan;
    const { slots } = scan.known;
    const count = Math.min(scan.count, MOST_TOKENS);
    const damp = scale * Math.min(1, FULL_TOKENS / Math.max(1, count));
    for (let t = 0; t < count; t++) {
      if (classes[t] !== 0) continue;
      this.#addAt(slots[t] ?? -1, (kindWeight[kinds[t] ?? 0] ?? 1) * damp, table, clock);
    }
    return this;
  }

  addToken(hash: number, weight: number, table: TokenTable, clock: number): void {
    this.#addAt(table.find(hash), weight, table, clock);
  }

  #addAt(slot: number, weight: number, table: TokenTable, clock: number): void {
    if (slot < 0) {
      // An id that nobody said before says no more than a word: it may be new for any reason.
      this.unknown += Math.min(1, weight);
      return;
    }
    table.touch(slot, clock);
    this.known += weight;
    this.#sum += weight * table.relevanceAt(slot);
    if (table.originAt(slot) === AUTHORITY) this.authority += weight;
  }
}
