// What tools an agent usually works with: in which share of its stretches of work each is called at all, and how far that usually varies.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { HOUR_MICROS } from './options.js';
import { bytesOf, floatsOf } from './series/floats.js';

/** Tools told apart: the most used. */
const MOST_TOOLS = 16;
const MOST_NAME = 32;
const MEMORY_MICROS = 5 * 24 * HOUR_MICROS;
/** Parts of the day: an agent may work with other tools at night. A part that was seen in few stretches leans on the whole day. */
const PARTS = 4;
const PART_MICROS = (24 / PARTS) * HOUR_MICROS;
const PRIOR_IN_PART = 6;
/** What is believed of a tool before anything is seen. */
const PRIOR_SHARE = 0.02;
const PRIOR_STRETCHES = 2;
/** Stretches whose counts are compared with the usual ones to learn how far they vary: a day has its rhythm. */
const GROUP = 8;
const PRIOR_GROUPS = 3;
const MOST_SPREAD = 6;
const READY_STRETCHES = 16;
/** A tool has to be there, or away, in so much more of the stretches than usual; and in so many, or as many less than expected. */
const LEAST_CHANGE = 0.6;
const LEAST_STRETCHES = 5;
/** Changes told of a run. */
const MOST_CHANGES = 4;
/** A tool gives its place to another where it was called in fewer stretches, those not yet learnt among them. */
const RARE = 3;

/** In how many of some stretches each tool was called, and how many of them began in each part of the day. */
export interface MixRun {
  stretches: number;
  readonly with: Uint16Array;
  readonly inPart: Uint16Array;
}

export interface ToolChange {
  readonly tool: string;
  /** Shares of the stretches of work in which it was called. */
  readonly share: number;
  readonly usual: number;
}

export class MixModel {
  readonly #names: string[] = [];
  /** Stretches in which each was called by part of the day, and all, fading. */
  readonly #with = new Float32Array(MOST_TOOLS * PARTS);
  readonly #inPart = new Float32Array(PARTS);
  #lastMicros = 0;
  readonly #group: MixRun = emptyRun();
  /** Mean of a group's deviance per tool: 1 where stretches are independent of each other. */
  #spread = 1;
  #groups = PRIOR_GROUPS;

  get isReady(): boolean {
    return this.#stretches() >= READY_STRETCHES;
  }

  /** The place of a tool, -1 where it has none. */
  placeOf(name: string): number {
    return this.#names.indexOf(name.slice(0, MOST_NAME));
  }

  /** A place for a tool that has none: a free one, or that of a rare tool; -1 where all are in use. `unlearnt` are stretches not learnt yet. */
  newPlace(name: string, unlearnt: MixRun): number {
    const short = name.slice(0, MOST_NAME);
    if (this.#names.length < MOST_TOOLS) return this.#names.push(short) - 1;
    const uses = this.#names.map((_, at) => this.#learnt(at) + (unlearnt.with[at] ?? 0));
    const least = Math.min(...uses);
    if (least >= RARE) return -1;
    const place = uses.indexOf(least);
    this.#names[place] = short;
    for (let part = 0; part < PARTS; part++) this.#with[place * PARTS + part] = 0;
    this.#group.with[place] = 0;
    return place;
  }

  learn(mask: number, startMicros: number, endMicros: number): void {
    const decay = this.#lastMicros === 0 ? 1 : Math.exp(-Math.max(0, endMicros - this.#lastMicros) / MEMORY_MICROS);
    this.#lastMicros = Math.max(this.#lastMicros, endMicros);
    addTo(this.#group, mask, startMicros);
    if (this.#group.stretches === GROUP) {
      if (this.isReady) {
        const spread = Math.min(MOST_SPREAD, this.#deviance(this.#group) / this.#tools(this.#group));
        this.#groups = Math.min(this.#groups + 1, 200);
        this.#spread += (spread - this.#spread) / this.#groups;
      }
      clear(this.#group);
    }
    for (let i = 0; i < this.#with.length; i++) this.#with[i] = (this.#with[i] ?? 0) * decay;
    for (let i = 0; i < PARTS; i++) this.#inPart[i] = (this.#inPart[i] ?? 0) * decay;
    const part = partOf(startMicros);
    this.#inPart[part] = (this.#inPart[part] ?? 0) + 1;
    for (let at = 0; at < MOST_TOOLS; at++) {
      if ((mask & (1 << at)) !== 0) this.#with[at * PARTS + part] = (this.#with[at * PARTS + part] ?? 0) + 1;
    }
  }

  /** Standard deviations by which the tools of a run are others than usual: never below 0 in meaning, for any change counts. */
  z(run: MixRun): number {
    const tools = this.#tools(run);
    const perTool = this.#deviance(run) / Math.max(1, this.#spread) / tools;
    // The cube root of chi-square over its degrees is nearly normal (Wilson and Hilferty, 1931).
    const width = 2 / (9 * tools);
    return (Math.cbrt(perTool) - 1 + width) / Math.sqrt(width);
  }

  /** The tools that came and went, the largest change first; empty where none did to a degree that matters. */
  changes(run: MixRun): ToolChange[] {
    const changes: ToolChange[] = [];
    for (let at = 0; at < MOST_TOOLS; at++) {
      const seen = run.with[at] ?? 0;
      const share = seen / run.stretches;
      const usual = this.#usual(at, run);
      const isLarge = Math.abs(share - usual) >= LEAST_CHANGE;
      const isSeen = Math.max(seen, run.stretches * usual) >= LEAST_STRETCHES;
      if (isLarge && isSeen) changes.push({ tool: this.#names[at] ?? '', share, usual });
    }
    const by = ({ share, usual }: ToolChange): number => Math.abs(share - usual);
    return changes.sort((one, other) => by(other) - by(one)).slice(0, MOST_CHANGES);
  }

  /** The tools have been those of `run` for so long that they are the usual ones now. */
  adopt(run: MixRun): void {
    if (run.stretches === 0) return;
    const less = Math.min(1, run.stretches / this.#stretches());
    for (let part = 0; part < PARTS; part++) {
      const stretches = less * (this.#inPart[part] ?? 0);
      this.#inPart[part] = stretches;
      for (let at = 0; at < MOST_TOOLS; at++)
        this.#with[at * PARTS + part] = ((run.with[at] ?? 0) / run.stretches) * stretches;
    }
  }

  encode(writer: StateWriter): void {
    writer.list(this.#names, (name) => writer.text(name));
    writer.bytes(bytesOf(this.#with)).bytes(bytesOf(this.#inPart)).int(this.#lastMicros);
    writeRun(writer, this.#group);
    writer.double(this.#spread).int(this.#groups);
  }

  decode(reader: StateReader): void {
    this.#names.push(...reader.list(() => reader.text()));
    this.#with.set(floatsOf(reader.bytes()));
    this.#inPart.set(floatsOf(reader.bytes()));
    this.#lastMicros = reader.int();
    readRun(reader, this.#group);
    this.#spread = reader.double();
    this.#groups = reader.int();
  }

  #stretches(): number {
    let sum = 0;
    for (const stretches of this.#inPart) sum += stretches;
    return sum;
  }

  /** Stretches in which a tool was called. */
  #learnt(at: number): number {
    let sum = 0;
    for (let part = 0; part < PARTS; part++) sum += this.#with[at * PARTS + part] ?? 0;
    return sum;
  }

  /** The share that a tool should have in a run at such times of day. */
  #usual(at: number, run: MixRun): number {
    const whole = (this.#learnt(at) + PRIOR_SHARE * PRIOR_STRETCHES) / (this.#stretches() + PRIOR_STRETCHES);
    let expected = 0;
    for (let part = 0; part < PARTS; part++) {
      const began = run.inPart[part] ?? 0;
      if (began === 0) continue;
      const inPart = (this.#with[at * PARTS + part] ?? 0) + PRIOR_IN_PART * whole;
      expected += (began * inPart) / ((this.#inPart[part] ?? 0) + PRIOR_IN_PART);
    }
    return expected / run.stretches;
  }

  /** Tools that are in play: the degrees of freedom. */
  #tools(run: MixRun): number {
    let tools = 0;
    for (let at = 0; at < MOST_TOOLS; at++) if ((run.with[at] ?? 0) > 0 || this.#usual(at, run) > PRIOR_SHARE) tools++;
    return Math.max(2, tools);
  }

  /** The binomial's, summed over the tools; less by as much as the usual shares are estimates themselves. */
  #deviance(run: MixRun): number {
    const { stretches } = run;
    let sum = 0;
    for (let at = 0; at < MOST_TOOLS; at++) sum += divergence((run.with[at] ?? 0) / stretches, this.#usual(at, run));
    return 2 * stretches * sum * this.#certainty(run);
  }

  /** By how much the usual shares at such times are known better than the run's own: 1 after an eternity. */
  #certainty(run: MixRun): number {
    let sum = 0;
    for (let part = 0; part < PARTS; part++) {
      const began = run.inPart[part] ?? 0;
      const known = (this.#inPart[part] ?? 0) + PRIOR_IN_PART;
      sum += (began * known) / (known + began);
    }
    return sum / run.stretches;
  }
}

/** Kullback-Leibler divergence of two coins. */
function divergence(share: number, usual: number): number {
  const heads = share === 0 ? 0 : share * Math.log(share / usual);
  return heads + (share === 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - usual)));
}

export function emptyRun(): MixRun {
  return { stretches: 0, with: new Uint16Array(MOST_TOOLS), inPart: new Uint16Array(PARTS) };
}

function partOf(micros: number): number {
  return Math.floor(micros / PART_MICROS) % PARTS;
}

export function copyOf(run: MixRun): MixRun {
  return { stretches: run.stretches, with: run.with.slice(), inPart: run.inPart.slice() };
}

/** One more stretch: a bit of `mask` for each tool that was called. */
export function addTo(run: MixRun, mask: number, startMicros: number): void {
  run.stretches++;
  const part = partOf(startMicros);
  run.inPart[part] = (run.inPart[part] ?? 0) + 1;
  for (let at = 0; at < MOST_TOOLS; at++) run.with[at] = (run.with[at] ?? 0) + ((mask >> at) & 1);
}

function clear(run: MixRun): void {
  run.stretches = 0;
  run.with.fill(0);
  run.inPart.fill(0);
}

export function writeRun(writer: StateWriter, run: MixRun): void {
  writer.int(run.stretches);
  for (const count of run.with) writer.int(count);
  for (const count of run.inPart) writer.int(count);
}

export function readRun(reader: StateReader, into: MixRun): void {
  into.stretches = reader.int();
  for (let at = 0; at < MOST_TOOLS; at++) into.with[at] = reader.int();
  for (let part = 0; part < PARTS; part++) into.inPart[part] = reader.int();
}
