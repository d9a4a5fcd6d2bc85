// Restarted plans: an agent that writes its plan again has noticed itself that it was stuck.

import { bottomK, jaccardOfSketches, type StateReader, type StateWriter } from '@watchkeeper/schemas';

import type { WordList } from './word-sets.js';

/** Fewer words are too few for a plan. */
export const PLAN_WORDS = 40;
const SKETCH = 64;
const KEPT = 4;
const SAME_PLAN = 0.5;

/** Sketches of the last four long texts. */
export type Plans = Uint32Array[];

/** Remembers the text; true where it says again what one of the last four said. Short texts are no plans. */
export function planAgain(plans: Plans, { words, count }: WordList): boolean {
  if (count < PLAN_WORDS) return false;
  const sketch = bottomK(words.subarray(0, count), SKETCH);
  if (sketch.length < PLAN_WORDS) return false;
  const again = plans.some((plan) => jaccardOfSketches(sketch, plan, SKETCH) >= SAME_PLAN);
  plans.push(sketch);
  if (plans.length > KEPT) plans.shift();
  return again;
}

export function writePlans(out: StateWriter, plans: Plans): void {
  out.list(plans, (plan) => {
    out.list(Array.from(plan), (hash) => out.uint32(hash));
  });
}

export function readPlans(from: StateReader): Plans {
  return from.list(() => Uint32Array.from(from.list(() => from.uint32())));
}
