// Has the session turned to another subject, with other tools? A cumulative sum of steps that have little to do with the goal.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';

/** Calls that make a session's beginning. */
export const EARLY_CALLS = 4;
/** A beginning that itself hardly touches the goal's words says little about what leaves it. */
const CLEAR_BASE = 0.35;
const NEW_TOOL = 0.15;
/** What a step may differ from the beginning without counting: Page's reference value. */
const ALLOWANCE = 0.35;
/** Without content a step is judged by its tool alone, and it takes many. */
const NEW_TOOL_ALONE = 0.45;
const CEILING = 4;
const SLOW = 0.12;
const CREPT = 0.25;
const ALONE = 0.5;
const AGREEING = 2;

/** What a call was, for the sum. */
export interface DepartureStep {
  /** Nearness of what the call carries to the goal, 0 to 1; undefined where there was nothing to judge by. */
  readonly relevance: number | undefined;
  /** How much of the goal the output names, 0 to 1; undefined where there was nothing to judge by. */
  readonly touch: number | undefined;
  /** The tool does not belong to the session's beginning. */
  readonly newTool: boolean;
}

/** The sum after a step. */
export interface DepartureReading {
  readonly sum: number;
  /** How far this step stands from the goal, 0 to 1.3; beyond the allowance it adds to the sum. */
  readonly step: number;
  /** How far its words stand from the goal against the session's beginning, 0 to 1. */
  readonly distance: number;
  readonly counts: boolean;
  /** The sum has just left zero: here an episode would begin. */
  readonly begins: boolean;
  /** It crept up: the steps before the onset were leaving already. */
  readonly slow: boolean;
}

/** The mean of what has been judged so far. */
class Mean {
  sum = 0;
  count = 0;

  add(value: number | undefined): void {
    if (value === undefined) return;
    this.sum += value;
    this.count++;
  }

  /** How far below the mean a value lies, 0 to 1; undefined where there is no value or no mean. */
  below(value: number | undefined): number | undefined {
    if (value === undefined || this.count === 0 || this.sum === 0) return undefined;
    const mean = this.sum / this.count;
    return Math.max(0, 1 - value / mean) * Math.min(1, mean / CLEAR_BASE);
  }
}

/**
 * What the call carries weighs more; that an output does not name the goal counts only as far as the call itself points elsewhere,
 * for many a useful output names nothing of the goal.
 */
function joined(input: number | undefined, output: number | undefined): number {
  if (input === undefined) return (output ?? 0) * ALONE;
  if (output === undefined) return input;
  return 0.6 * input + 0.4 * output * Math.min(1, AGREEING * (input + 0.15));
}

/** Page's CUSUM (Biometrika 1954) over the distance of each call from the session's beginning. */
export class Departure {
  sum = 0;
  calls = 0;
  #relevance = new Mean();
  #touch = new Mean();
  #slow = 0;
  #slowAtOnset = 0;

  /** Takes the next call; the beginning's calls set the level only. */
  step({ relevance, touch, newTool }: DepartureStep): DepartureReading {
    this.calls++;
    if (this.calls <= EARLY_CALLS) {
      this.#relevance.add(relevance);
      this.#touch.add(touch);
      return { sum: 0, step: 0, distance: 0, counts: false, begins: false, slow: false };
    }
    const input = this.#relevance.below(relevance);
    const output = this.#touch.below(touch);
    const judged = input !== undefined || output !== undefined;
    const distance = joined(input, output);
    const step = judged ? distance + (newTool ? NEW_TOOL : 0) : newTool ? NEW_TOOL_ALONE : 0;
    const before = this.sum;
    if (before === 0) this.#slowAtOnset = this.#slow;
    this.#slow += SLOW * (step - this.#slow);
    this.sum = Math.min(CEILING, Math.max(0, before + step - ALLOWANCE));
    return {
      sum: this.sum,
      step,
      distance,
      counts: step > ALLOWANCE,
      begins: before === 0 && this.sum > 0,
      slow: this.#slowAtOnset > CREPT,
    };
  }

  /** How far a call's words lie below the beginning's nearness, 0 to 1; 0 where that is not known. */
  distanceOf(relevance: number | undefined): number {
    return this.#relevance.below(relevance) ?? 0;
  }

  /** How far below the beginning's an output's touch lies, 0 to 1; 0 where that is not known. */
  missOf(touch: number | undefined): number {
    return this.#touch.below(touch) ?? 0;
  }

  /** A new goal: what comes next is a new beginning. */
  restart(): void {
    this.sum = 0;
    this.calls = 0;
    this.#relevance = new Mean();
    this.#touch = new Mean();
    this.#slow = 0;
    this.#slowAtOnset = 0;
  }

  write(writer: StateWriter): void {
    writer.double(this.sum).int(this.calls);
    for (const mean of [this.#relevance, this.#touch]) writer.double(mean.sum).int(mean.count);
    writer.double(this.#slow).double(this.#slowAtOnset);
  }

  static read(reader: StateReader): Departure {
    const departure = new Departure();
    departure.sum = reader.double();
    departure.calls = reader.int();
    for (const mean of [departure.#relevance, departure.#touch]) {
      mean.sum = reader.double();
      mean.count = reader.int();
    }
    departure.#slow = reader.double();
    departure.#slowAtOnset = reader.double();
    return departure;
  }
}
