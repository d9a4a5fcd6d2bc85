// Repeated instructions: the same thing asked for in other words, with much the same result.

import type { LoopOptions } from './options.js';
import { instructionResponsiveness } from './responsiveness.js';
import { INSTRUCTION_WORDS } from './step-parts.js';
import type { Step } from './step.js';
import { extendTrail, newTrail, type Trail, type Visit } from './visits.js';
import type { Burn } from './waste.js';
import { ARGUMENTS, LEAD, overlap } from './word-sets.js';

const DECAY = 0.6;
/** A result of which more than this is new weighs half: asking again and learning something is work. */
const NEWS = 0.5;
/** The same of an instruction that is repeated word for word. */
const POLL_NEWS = 0.2;
/** Likeness from which an earlier instruction belongs to the same trail. */
const SAME_TRAIL = 0.3;

/** What one step adds to the leaky sum. */
export interface InstructionEvidence {
  /** Whether the step is an instruction with a result that says something; other steps leave the sum alone. */
  readonly counts: boolean;
  readonly sum: number;
  readonly trail: Trail;
  readonly like: Visit | undefined;
  readonly similarity: number;
  readonly responsiveness: number;
}

/**
 * The leaky sum after this step: λ · sum + evidence, where evidence is twice the geometric mean of how alike the two most similar
 * instructions of the last twenty steps are and how alike the two most similar results, each damped by responsiveness.
 */
export function instructionEvidence(
  visits: readonly Visit[],
  step: Step,
  sum: number,
  before: Burn,
): InstructionEvidence {
  const none: InstructionEvidence = {
    counts: false,
    sum,
    trail: newTrail(step.place),
    like: undefined,
    similarity: 0,
    responsiveness: 0,
  };
  if (step.words < INSTRUCTION_WORDS || !step.informative) return none;
  const said = new TopTwo();
  const got = new TopTwo();
  let best = 0;
  let like: Visit | undefined;
  let longest: Trail | undefined;
  let bestResponse = 0;
  for (const visit of visits) {
    if (!sameTarget(visit.step, step)) continue;
    // Word for word the same, and an answer with news: a poll.
    if (visit.step.exactHash === step.exactHash && step.novelty > POLL_NEWS) continue;
    const mostSaid = overlap(step.sets, visit.step.sets, ARGUMENTS);
    const mostGot = overlap(step.sets, visit.step.sets, LEAD);
    // Responsiveness only damps, and to tell it costs ten times as much as an overlap.
    const mostAlike = Math.sqrt(mostSaid * mostGot);
    if (!said.takes(mostSaid) && !got.takes(mostGot) && mostAlike < SAME_TRAIL && mostAlike <= best) continue;
    const response = instructionResponsiveness(step.sets, visit.step.sets);
    const saidAlike = mostSaid * (1 - response);
    const gotAlike = mostGot * (1 - response);
    said.add(saidAlike);
    got.add(gotAlike);
    const alike = Math.sqrt(saidAlike * gotAlike);
    if (alike >= SAME_TRAIL && visit.instruction.visits > (longest?.visits ?? 0)) longest = visit.instruction;
    if (alike <= best) continue;
    best = alike;
    like = visit;
    bestResponse = response;
  }
  const evidence = 2 * Math.sqrt(said.mean() * got.mean()) * (step.novelty > NEWS ? 0.5 : 1);
  const trail = longest === undefined ? newTrail(step.place) : extendTrail(longest, before);
  return {
    counts: true,
    sum: DECAY * sum + evidence,
    trail,
    like,
    similarity: best,
    responsiveness: bestResponse,
  };
}

/** Whether the session is in a loop with this step: the sum is high, and the step itself is like an earlier one (the sum outlives the loop). */
export function isInstructionLoop(evidence: InstructionEvidence, options: LoopOptions): boolean {
  return evidence.counts && evidence.sum >= options.instructionThreshold && evidence.trail.visits > 1;
}

/** The same tool and parameters, or free text alone in both. */
function sameTarget(a: Step, b: Step): boolean {
  if (a.words < INSTRUCTION_WORDS || b.words < INSTRUCTION_WORDS) return false;
  return a.fixedHash === b.fixedHash || (a.fixedCount === 0 && b.fixedCount === 0);
}

class TopTwo {
  #first = 0;
  #second = 0;

  add(value: number): void {
    if (value > this.#first) {
      this.#second = this.#first;
      this.#first = value;
    } else if (value > this.#second) {
      this.#second = value;
    }
  }

  /** Whether the value would change the two. */
  takes(value: number): boolean {
    return value > this.#second;
  }

  mean(): number {
    return (this.#first + this.#second) / 2;
  }
}
