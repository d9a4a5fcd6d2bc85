// Has the session turned to another subject, with other tools? A cumulative sum of steps that have little to do with the goal.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { EchoRate, type Echo } from './goal-echo.js';
import { GoalSilence } from './goal-silence.js';

/** Calls that make a session's beginning. */
export const EARLY_CALLS = 4;
/** A beginning that itself hardly touches the goal's words says little about what leaves it. */
const CLEAR_BASE = 0.35;
const NEW_TOOL = 0.15;
/** What a step may differ from the beginning without counting: Page's reference value. */
const ALLOWANCE = 0.35;
/** Without content a step is judged by its tool alone, and it takes many. */
const NEW_TOOL_ALONE = 0.45;
/** Steps by distance alone, in the units of the sum (nats). */
const DISTANCE_NATS = 3.3;
/** A call that works with what the goal led to is on it, though its texts do not name it: above this nearness silence says less. */
const DOUBTED = 0.5;
const LEAST_DOUBT = 0.2;
/** What distance adds where the goal's words can be counted: that a call works with what the goal led to says more than that it does not. */
const FAR_BESIDE = 1;
const NEAR_BESIDE = 1;
/** One step alone decides nothing, in either direction. */
const MOST_OFF = 1;
const MOST_ON = -3;
const PLAN_OFF = 2.5;
/** The next call of the same tool says less: batches and polling go through many things with one tool, a new subject needs several. */
const SAME_TOOL = 1.5;
const MAX_TOOLS = 8;
/** What the silence of single words adds to the sum: both hear the same texts, so that the one is in part the other again. */
const SILENCE_ADDS = 0.7;
/** Such silence says less above this nearness, and nothing in a call that works with what the goal led to alone; … */
const SILENCE_DOUBTED = 0.7;
/** … and less for every call of the same tool on end. */
const SAME_AGAIN = 0.5;
const DELEGATED = 0.5;
/** Up to this sum a step still teaches how the session speaks of its goal. */
const LEARNS_BELOW = 0.5;
/** The first calls teach it in any case. */
const LEARNING_CALLS = 2;
const CEILING = 12;
const SLOW = 0.12;
const CREPT = 0.4;
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
  /** The step's texts and the goal's words in them; undefined where contents stayed with the agent. */
  readonly echo: Echo | undefined;
  /** Hash of the tool's name. */
  readonly tool: number;
  /** The goal hands itself over to a source: it does not name all that it wants. */
  readonly delegates: boolean;
}

/** The sum after a step. */
export interface DepartureReading {
  /** Nats: the cumulative sum, and what the silence of the goal's words adds. */
  readonly sum: number;
  /** What this step adds to the sum, -3 to 2.5. */
  readonly step: number;
  /** How many different words of the goal the step's texts hold; undefined without content. */
  readonly echoes: number | undefined;
  /** How far its words stand from the goal against the session's beginning, 0 to 1. */
  readonly distance: number;
  readonly counts: boolean;
  /** The sum has just left zero: here an episode would begin. */
  readonly begins: boolean;
  /** It crept up: the steps before the onset were leaving already, or words fell silent one by one. */
  readonly slow: boolean;
  /** Words of the goal that kept coming up and no longer do, where these are most of the sum; else 0. */
  readonly silentWords: number;
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

/**
 * Page's CUSUM (Biometrika 1954) over the log-likelihood that a step has left the goal: by the goal's words in its texts, and by its
 * distance from the session's beginning.
 */
export class Departure {
  sum = 0;
  calls = 0;
  #relevance = new Mean();
  #touch = new Mean();
  #rate = new EchoRate();
  #silence = new GoalSilence();
  /** The last call's tool, and how many calls on end were of it before. */
  #lastTool = 0;
  #again = 0;
  /** Tools that have added to the sum since it left zero, and how often. */
  #adding: [number, number][] = [];
  #slow = 0;
  #slowAtOnset = 0;

  /** Takes the next call; for distance, the beginning's calls set the level only. */
  step({ relevance, touch, newTool, echo, tool, delegates }: DepartureStep): DepartureReading {
    this.calls++;
    const early = this.calls <= EARLY_CALLS;
    if (early) {
      this.#relevance.add(relevance);
      this.#touch.add(touch);
    }
    const input = early ? undefined : this.#relevance.below(relevance);
    const output = early ? undefined : this.#touch.below(touch);
    const judged = input !== undefined || output !== undefined;
    const distance = joined(input, output);
    let step = echo ? this.#rate.offGoal(echo) : 0;
    if (step > 0 && relevance !== undefined) step *= Math.max(LEAST_DOUBT, Math.min(1, (1 - relevance) / DOUBTED));
    if (judged) {
      const beyond = distance + (newTool ? NEW_TOOL : 0) - ALLOWANCE;
      step += beyond * (echo ? (beyond > 0 ? FAR_BESIDE : NEAR_BESIDE) : DISTANCE_NATS);
    }
    if (!judged && !echo && !early) step = DISTANCE_NATS * ((newTool ? NEW_TOOL_ALONE : 0) - ALLOWANCE);
    step = Math.max(MOST_ON, Math.min(MOST_OFF, step));
    const share = delegates ? DELEGATED : 1;
    if (step > 0) step *= share / (1 + SAME_TOOL * this.#timesBefore(tool));
    this.#again = tool === this.#lastTool ? this.#again + 1 : 0;
    this.#lastTool = tool;
    const tells = Math.min(1, (1 - (relevance ?? 0)) / SILENCE_DOUBTED);
    return this.#take(step, distance, echo, (share * tells) / (1 + SAME_AGAIN * this.#again));
  }

  /** Takes a plan that replaces an earlier one. */
  replan(echo: Echo): DepartureReading {
    return this.#take(Math.max(MOST_ON, Math.min(PLAN_OFF, this.#rate.offGoal(echo))), 0, echo, 1);
  }

  /** `tells` is how much the step's silence about the goal tells, 0 to 1. */
  #take(step: number, distance: number, echo: Echo | undefined, tells: number): DepartureReading {
    const silentBefore = SILENCE_ADDS * this.#silence.nats;
    const before = this.sum + silentBefore;
    if (this.sum === 0) this.#slowAtOnset = this.#slow;
    this.#slow += SLOW * ((step > 0 ? 1 : 0) - this.#slow);
    this.sum = Math.min(CEILING, Math.max(0, this.sum + step));
    if (this.sum === 0) this.#adding = [];
    if (echo && (this.sum < LEARNS_BELOW || this.calls <= LEARNING_CALLS)) this.#rate.learn(echo);
    if (echo) this.#silence.take(echo, tells);
    const silent = SILENCE_ADDS * this.#silence.nats;
    const sum = this.sum + silent;
    return {
      sum,
      step,
      distance,
      echoes: echo?.words.length,
      counts: step > 0 || silent > silentBefore,
      begins: before === 0 && sum > 0,
      slow: this.#slowAtOnset > CREPT || silent > this.sum,
      silentWords: silent > this.sum ? this.#silence.words : 0,
    };
  }

  #timesBefore(tool: number): number {
    const known = this.#adding.find(([one]) => one === tool);
    if (known) return known[1]++;
    if (this.#adding.length < MAX_TOOLS) this.#adding.push([tool, 1]);
    return 0;
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
    this.#rate = new EchoRate();
    this.#silence = new GoalSilence();
    this.#again = 0;
    this.#adding = [];
    this.#slow = 0;
    this.#slowAtOnset = 0;
  }

  write(writer: StateWriter): void {
    writer.double(this.sum).int(this.calls);
    for (const mean of [this.#relevance, this.#touch]) writer.double(mean.sum).int(mean.count);
    this.#rate.write(writer);
    writer.list(this.#adding, ([tool, times]) => writer.uint32(tool).int(times));
    writer.double(this.#slow).double(this.#slowAtOnset);
    this.#silence.write(writer);
    writer.uint32(this.#lastTool).int(this.#again);
  }

  static read(reader: StateReader): Departure {
    const departure = new Departure();
    departure.sum = reader.double();
    departure.calls = reader.int();
    for (const mean of [departure.#relevance, departure.#touch]) {
      mean.sum = reader.double();
      mean.count = reader.int();
    }
    departure.#rate = EchoRate.read(reader);
    departure.#adding = reader.list(() => [reader.uint32(), reader.int()]);
    departure.#slow = reader.double();
    departure.#slowAtOnset = reader.double();
    if (reader.version > 4) {
      departure.#silence = GoalSilence.read(reader);
      departure.#lastTool = reader.uint32();
      departure.#again = reader.int();
    }
    return departure;
  }
}
