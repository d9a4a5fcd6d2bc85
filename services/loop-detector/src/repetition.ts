// Repetition: the same call again, with the same result or with one that brings nothing new.

import type { LoopOptions } from './options.js';
import { responsiveness } from './responsiveness.js';
import { NEAR_EDIT, NEAR_OVERLAP, argumentSimilarity } from './similarity.js';
import type { Step } from './step.js';
import { NO_TREND, goesOn, trendSince, type Trend } from './trend.js';
import { extendTrail, newTrail, type Trail, type Visit } from './visits.js';
import type { Burn } from './waste.js';
import { RESULT, addsOnlyVolatile, overlap } from './word-sets.js';

const SAME_RESULT = 0.9;
/** A known result that is not at least so much like the last one of the same call is another answer: the call has had an effect. */
const KNOWN_RESULT = 0.3;
/**
 * How a step is like an earlier one. exact: the same arguments (volatile parts masked), and nothing new in the result; same_result:
 * other arguments, the same result; reworded: nearly the same arguments, and nothing new in the result.
 */
export type Likeness = 'none' | 'exact' | 'same_result' | 'reworded';

/** The trail that this step continues, and the latest visit that it is like. */
export interface Repetition {
  readonly trail: Trail;
  readonly like: Visit | undefined;
  readonly likeness: Likeness;
  readonly trend: Trend;
  readonly moving: boolean;
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
  let likeness: Likeness = 'none';
  let trend: Trend | undefined;
  let moving = false;
  let progressed = false;
  for (let i = visits.length - 1; i >= 0; i--) {
    const visit = visits[i];
    // Epochs only rise: all that lies further back is of an earlier one, too.
    if (visit?.epoch !== epoch) break;
    if (visit.step.toolHash !== step.toolHash) continue;
    const counted = isCounted(step, visit.step);
    // What lies before progress is another state of the same thing.
    if (counted && progressed) continue;
    if (counted) progressed = visit.moving;
    if (trend === undefined && counted) {
      trend = trendSince(step.numbers, visit.step.numbers);
      moving = !step.failed && goesOn(trend, visit.trend);
    }
    const kind = likenessOf(step, visit, moving, options);
    if (kind === 'none') continue;
    if (like === undefined) {
      like = visit;
      likeness = kind;
    }
    if (longest === undefined || visit.repetition.visits > longest.repetition.visits) longest = visit;
  }
  const trail = longest === undefined ? newTrail(step.place) : extendTrail(longest.repetition, before);
  return { trail, like, likeness, trend: trend ?? NO_TREND, moving };
}

/** Whether `now` repeats an earlier visit of the same tool, and in which way. `moving`: its numbers go on in one direction. */
function likenessOf(now: Step, { step: earlier, repetition }: Visit, moving: boolean, options: LoopOptions): Likeness {
  const stale = now.novelty <= options.staleNovelty;
  const exact = now.exactHash === earlier.exactHash;
  if (exact && stale && overlap(now.sets, earlier.sets, RESULT) >= KNOWN_RESULT) return 'exact';
  const sameButNumbers = exact || (now.worded && now.maskedHash === earlier.maskedHash);
  if (sameButNumbers) {
    if (moving && (exact || !now.informative)) return 'none';
    const same = now.resultHash === earlier.resultHash;
    if (same || (repetition.visits === 1 && addsOnlyVolatile(now.sets, earlier.sets))) {
      if (exact) return 'exact';
      if (!now.failed && !isResponsive(now, earlier, options)) return 'same_result';
    }
  }
  if (exact) return 'none';
  if (!now.informative && !now.failed) return sameOrder(now, earlier) ? 'same_result' : 'none';
  if (sameResult(now, earlier)) {
    if (now.failed) return now.informative || argumentSimilarity(now, earlier) >= NEAR_OVERLAP ? 'same_result' : 'none';
    return isResponsive(now, earlier, options) ? 'none' : 'same_result';
  }
  if (!stale || !now.informative || now.failed) return 'none';
  return argumentSimilarity(now, earlier) < NEAR_EDIT || isResponsive(now, earlier, options) ? 'none' : 'reworded';
}

/** Whether a batch goes over items here: what changed in the call shows up in the result. */
function isResponsive(now: Step, earlier: Step, options: LoopOptions): boolean {
  return responsiveness(now.sets, earlier.sets) >= options.maxResponsiveness;
}

/** A short result ("done") says little about sameness, so the call must: the same order in other words, with the same parameters. */
function sameOrder(now: Step, earlier: Step): boolean {
  if (now.resultHash !== earlier.resultHash || now.fixedHash !== earlier.fixedHash) return false;
  if (now.maskedHash === earlier.maskedHash || isSlot(now.text, earlier.text)) return false;
  return argumentSimilarity(now, earlier) >= NEAR_OVERLAP;
}

/** Whether one text is the other with another item put into the same place: a batch, and no other wording. */
function isSlot(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a.charCodeAt(head) === b.charCodeAt(head)) head++;
  let tail = 0;
  while (tail < shorter - head && a.charCodeAt(a.length - 1 - tail) === b.charCodeAt(b.length - 1 - tail)) tail++;
  const [fromA, fromB] = [a.length - head - tail, b.length - head - tail];
  // Texts that are equal as far as they are kept may differ in anything beyond.
  return fromA + fromB === 0 || (fromA > 0 && fromB > 0 && 2 * Math.max(fromA, fromB) <= Math.max(a.length, b.length));
}

function isCounted(now: Step, earlier: Step): boolean {
  return now.maskedHash === earlier.maskedHash && now.resultHash === earlier.resultHash;
}

function sameResult(now: Step, earlier: Step): boolean {
  if (now.resultHash === earlier.resultHash) return true;
  return now.informative && overlap(now.sets, earlier.sets, RESULT) >= SAME_RESULT;
}
