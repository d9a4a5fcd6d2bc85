// Has the session turned to another subject, with other tools? A cumulative sum of steps that have little to do with the goal.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';

/** Calls that make a session's beginning. */
export const EARLY_CALLS = 4;
/** A beginning that itself hardly touches the goal's words says little about what leaves it. */
const CLEAR_BASE = 0.35;
const SUBJECT = 1;
const NEW_TOOL = 0.3;
/** What a step may differ from the beginning without counting: Page's reference value. */
const ALLOWANCE = 0.35;
/** Without content a step is judged by its tool alone, and it takes many. */
const NEW_TOOL_ALONE = 0.62;
const CEILING = 4;
const SLOW = 0.12;

/** What a call was, for the sum. */
export interface DepartureStep {
  /** Nearness to the goal, 0 to 1; undefined where there was nothing to judge by. */
  readonly relevance: number | undefined;
  /** The tool does not belong to the session's beginning. */
  readonly newTool: boolean;
}

/** The sum after a step. */
export interface DepartureReading {
  readonly sum: number;
  /** How far this step stands from the goal, 0 to 1.1. */
  readonly step: number;
  /** 1 − relevance / the beginning's. */
  readonly distance: number;
  /** The sum has just left zero: here an episode would begin. */
  readonly begins: boolean;
  /** It crept up: the steps before the onset were leaving already. */
  readonly slow: boolean;
}

/** Page's CUSUM (Biometrika 1954) over the distance of each call from the session's beginning. */
export class Departure {
  sum = 0;
  calls = 0;
  #base = 0;
  #judged = 0;
  #slow = 0;
  #slowAtOnset = 0;

  /** Takes the next call; the beginning's calls set the level only. */
  step({ relevance, newTool }: DepartureStep): DepartureReading {
    this.calls++;
    if (this.calls <= EARLY_CALLS) {
      if (relevance !== undefined) {
        this.#base += relevance;
        this.#judged++;
      }
      return { sum: 0, step: 0, distance: 0, begins: false, slow: false };
    }
    const distance = this.distanceOf(relevance);
    const step = relevance === undefined ? (newTool ? NEW_TOOL_ALONE : 0) : SUBJECT * distance + (newTool ? NEW_TOOL : 0);
    const before = this.sum;
    if (before === 0) this.#slowAtOnset = this.#slow;
    this.#slow += SLOW * (step - this.#slow);
    this.sum = Math.min(CEILING, Math.max(0, before + step - ALLOWANCE));
    return { sum: this.sum, step, distance, begins: before === 0 && this.sum > 0, slow: this.#slowAtOnset > 0.25 };
  }

  /** 1 − relevance / the beginning's, at least 0; 0 where either is unknown. */
  distanceOf(relevance: number | undefined): number {
    const base = this.#judged === 0 ? 0 : this.#base / this.#judged;
    return relevance === undefined || base === 0 ? 0 : Math.max(0, 1 - relevance / base) * Math.min(1, base / CLEAR_BASE);
  }

  /** A new goal: what comes next is a new beginning. */
  restart(): void {
    this.sum = 0;
    this.calls = 0;
    this.#base = 0;
    this.#judged = 0;
    this.#slow = 0;
    this.#slowAtOnset = 0;
  }

  write(writer: StateWriter): void {
    writer.double(this.sum).int(this.calls).double(this.#base).int(this.#judged).double(this.#slow).double(this.#slowAtOnset);
  }

  static read(reader: StateReader): Departure {
    const departure = new Departure();
    departure.sum = reader.double();
    departure.calls = reader.int();
    departure.#base = reader.double();
    departure.#judged = reader.int();
    departure.#slow = reader.double();
    departure.#slowAtOnset = reader.double();
    return departure;
  }
}
