// Repetition: the same call again, with the same result or with one that brings nothing new.

import type { LoopOptions } from './options.js';
import { responsiveness } from './responsiveness.js';
import { NEAR_OVERLAP, argumentSimilarity } from './similarity.js';
import type { Step } from './step.js';
import { extendTrail, newTrail, type Trail, type Visit } from './visits.js';
import type { Burn } from './waste.js';
import { RESULT, overlap } from './word-sets.js';

const SAME_RESULT = 0.9;
/** Edit or token similarity from which arguments are the same but for wording, so that a stale result is enough. */
const SAME_ARGUMENTS = 0.8;

export type Likeness =
  | { kind: 'none' }
  /** The same arguments (volatile parts masked), and nothing new in the result. */
  | { kind: 'exact' }
  /** Other arguments, the same result. */
  | { kind: 'same_result' }
  /** Nearly the same arguments, and nothing new in the result. */
  | { kind: 'reworded' };

/** The trail that this step continues, and the latest visit that it is like. */
export interface Repetition {
  readonly trail: Trail;
  readonly like: Visit | undefined;
  readonly likeness: Likeness['kind'];
}

/** Chains the step to the visit with the longest trail among the like ones of this epoch. `before`: burnt when the session turned to it. */
export function findRepetition(
  visits: readonly Visit[],
  step: Step,
  epoch: number,
  before: Burn,
  options: LoopOptions,
): Repetition {
  let longest: Visit | undefined;
  let like: Visit | undefined;
  let likeness: Likeness['kind'] = 'none';
  for (let i = visits.length - 1; i >= 0; i--) {
    const visit = visits[i];
    if (visit === undefined || visit.epoch !== epoch || visit.step.toolHash !== step.toolHash) continue;
    const { kind } = likenessOf(step, visit.step, options);
    if (kind === 'none') continue;
    if (like === undefined) {
      like = visit;
      likeness = kind;
    }
    if (longest === undefined || visit.repetition.visits > longest.repetition.visits) longest = visit;
  }
  const trail = longest === undefined ? newTrail(step.place) : extendTrail(longest.repetition, before);
  return { trail, like, likeness };
}

/** Whether `now` repeats `earlier` (same tool), and in which way. */
export function likenessOf(now: Step, earlier: Step, options: LoopOptions): Likeness {
  const stale = now.novelty <= options.staleNovelty;
  if (now.exactHash === earlier.exactHash) return { kind: stale ? 'exact' : 'none' };
  // A short result ("done") says nothing about sameness, unless it is an error.
  if (!now.informative && !now.failed) return { kind: 'none' };
  const near = (): boolean => argumentSimilarity(now, earlier) >= NEAR_OVERLAP;
  if (sameResult(now, earlier)) {
    if (now.failed) return { kind: now.informative || near() ? 'same_result' : 'none' };
    return { kind: responsiveness(now.sets, earlier.sets) < options.maxResponsiveness ? 'same_result' : 'none' };
  }
  if (!stale || !now.informative || now.failed) return { kind: 'none' };
  if (argumentSimilarity(now, earlier) < SAME_ARGUMENTS) return { kind: 'none' };
  return { kind: responsiveness(now.sets, earlier.sets) < options.maxResponsiveness ? 'reworded' : 'none' };
}

function sameResult(now: Step, earlier: Step): boolean {
  if (now.resultHash === earlier.resultHash) return true;
  return now.informative && overlap(now.sets, earlier.sets, RESULT) >= SAME_RESULT;
}
