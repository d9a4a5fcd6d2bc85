// The last day of a metric as a bounded row of blocks: fine where it is recent, coarse where it is old.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { HOUR_MICROS } from './options.js';

/** Some calls that follow each other. What `weight` and `sum` mean is the model's business; both add up. */
export interface Block {
  startMicros: number;
  endMicros: number;
  /** Calls (or sessions). */
  count: number;
  weight: number;
  sum: number;
  /** As `sum`, without the clipping of outliers: for what a person reads. */
  rawSum: number;
}

export const RING_BLOCKS = 40;
const RING_MICROS = 24 * HOUR_MICROS;
/** Columns of a block in the flat array, and how many there are. */
const START = 0;
const END = 1;
const COUNT = 2;
const WEIGHT = 3;
const SUM = 4;
const RAW_SUM = 5;
const LEARNT = 6;
const WIDTH = 7;
const FIRST_ROOM = 8;

/** Two neighbours as one. */
export function joinBlocks(one: Block, other: Block): Block {
  return {
    startMicros: one.startMicros,
    endMicros: other.endMicros,
    count: one.count + other.count,
    weight: one.weight + other.weight,
    sum: one.sum + other.sum,
    rawSum: one.rawSum + other.rawSum,
  };
}

/**
 * Blocks by age, oldest first, in one flat array: thousands of agents have seven rings each, every block closed reads a whole one, and
 * objects would be spread over the heap.
 */
export class BlockRing {
  #cells = new Float64Array(FIRST_ROOM * WIDTH);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds the newest block, joins old neighbours where the row is full, and tells `gone` of what is older than a day and was not learnt. */
  push(block: Block, gone: (block: Block) => void): void {
    this.#append(block, false);
    let old = 0;
    while (old < this.#size - 1 && this.#cell(old, END) < block.endMicros - RING_MICROS) old++;
    for (let at = 0; at < old; at++) if (this.#cell(at, LEARNT) === 0) gone(this.at(at));
    this.dropFirst(old);
    if (this.#size > RING_BLOCKS) this.#joinTwo(block.endMicros);
  }

  /** A copy of one. */
  at(at: number): Block {
    const run = { startMicros: 0, endMicros: 0, count: 0, weight: 0, sum: 0, rawSum: 0 };
    if (at < 0 || at >= this.#size) return run;
    run.endMicros = this.#cell(at, END);
    this.addTo(run, at);
    return run;
  }

  /** Lengthens a run, which begins right after the block, by that block. */
  addTo(run: Block, at: number): void {
    const from = at * WIDTH;
    const cells = this.#cells;
    run.startMicros = cells[from + START] ?? 0;
    run.count += cells[from + COUNT] ?? 0;
    run.weight += cells[from + WEIGHT] ?? 0;
    run.sum += cells[from + SUM] ?? 0;
    run.rawSum += cells[from + RAW_SUM] ?? 0;
  }

  /** The newest blocks that hold at least `count` calls together, as one run. */
  latest(count: number): Block {
    let at = this.#size - 1;
    const run = this.at(at);
    while (--at >= 0 && run.count < count) this.addTo(run, at);
    return run;
  }

  /** Copies of all. */
  blocks(): Block[] {
    return Array.from({ length: this.#size }, (_, at) => this.at(at));
  }

  /** Gives `learn` what ended by `untilMicros` and was not learnt yet. */
  learnUntil(untilMicros: number, learn: (block: Block) => void): void {
    for (let at = 0; at < this.#size && this.#cell(at, END) <= untilMicros; at++) {
      if (this.#cell(at, LEARNT) === 1) continue;
      learn(this.at(at));
      this.#cells[at * WIDTH + LEARNT] = 1;
    }
  }

  markNewestLearnt(): void {
    if (this.#size > 0) this.#cells[(this.#size - 1) * WIDTH + LEARNT] = 1;
  }

  dropFirst(count: number): void {
    if (count <= 0) return;
    this.#cells.copyWithin(0, count * WIDTH, this.#size * WIDTH);
    this.#size -= count;
  }

  clear(): void {
    this.#size = 0;
  }

  encode(writer: StateWriter): void {
    writer.int(this.#size);
    for (let at = 0; at < this.#size; at++) {
      writeBlock(writer, this.at(at));
      writer.bool(this.#cell(at, LEARNT) === 1);
    }
  }

  decode(reader: StateReader): void {
    for (let left = reader.int(); left > 0; left--) this.#append(readBlock(reader), reader.bool());
  }

  #cell(at: number, column: number): number {
    return this.#cells[at * WIDTH + column] ?? 0;
  }

  #append({ startMicros, endMicros, count, weight, sum, rawSum }: Block, learnt: boolean): void {
    const from = this.#size * WIDTH;
    if (from === this.#cells.length) {
      const cells = new Float64Array(Math.min(2 * from, (RING_BLOCKS + 1) * WIDTH));
      cells.set(this.#cells);
      this.#cells = cells;
    }
    const cells = this.#cells;
    cells[from + START] = startMicros;
    cells[from + END] = endMicros;
    cells[from + COUNT] = count;
    cells[from + WEIGHT] = weight;
    cells[from + SUM] = sum;
    cells[from + RAW_SUM] = rawSum;
    cells[from + LEARNT] = learnt ? 1 : 0;
    this.#size++;
  }

  /** Joins the neighbours whose span is the smallest for its age: like an exponential histogram (Datar et al., 2002). */
  #joinTwo(nowMicros: number): void {
    let best = 0;
    let least = Infinity;
    for (let at = 0; at + 1 < this.#size; at++) {
      if (this.#cell(at, LEARNT) !== this.#cell(at + 1, LEARNT)) continue;
      const startMicros = this.#cell(at, START);
      const cost = (this.#cell(at + 1, END) - startMicros) / (nowMicros - startMicros);
      if (cost < least) {
        least = cost;
        best = at;
      }
    }
    const cells = this.#cells;
    const [one, other] = [best * WIDTH, (best + 1) * WIDTH];
    cells[one + END] = cells[other + END] ?? 0;
    for (const column of [COUNT, WEIGHT, SUM, RAW_SUM])
      cells[one + column] = (cells[one + column] ?? 0) + (cells[other + column] ?? 0);
    cells[one + LEARNT] = Math.min(cells[one + LEARNT] ?? 0, cells[other + LEARNT] ?? 0);
    cells.copyWithin(other, other + WIDTH, this.#size * WIDTH);
    this.#size--;
  }
}

export function writeBlock(writer: StateWriter, block: Block): void {
  writer
    .int(block.startMicros)
    .int(block.endMicros - block.startMicros)
    .int(block.count);
  writer.double(block.weight).double(block.sum).double(block.rawSum);
}

export function readBlock(reader: StateReader): Block {
  const startMicros = reader.int();
  return {
    startMicros,
    endMicros: startMicros + reader.int(),
    count: reader.int(),
    weight: reader.double(),
    sum: reader.double(),
    rawSum: reader.double(),
  };
}
