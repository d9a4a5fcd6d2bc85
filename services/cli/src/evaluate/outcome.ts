// What a method (a detector, or a baseline) made of one session, in the terms in which all of them are judged.

import type { DetectionDraft } from '@watchkeeper/schemas';

/** From `step` on, the method says that the session is (or is no longer) in the state that is looked for. */
export interface Change {
  readonly step: number;
  readonly on: boolean;
}

export interface Outcome {
  readonly session: string;
  /** Something was flagged. */
  readonly flagged: boolean;
  /** The step at which it was first flagged. */
  readonly firstStep: number | undefined;
  /** The highest that was reached, also where nothing was flagged. */
  readonly score: number;
  /** In the order in which they were told. */
  readonly changes: readonly Change[];
}

/** A revision of a detection, and the step after which it was told. */
export interface Told {
  readonly step: number;
  readonly draft: DetectionDraft;
}

/** A session as a detector left it. */
export interface SessionRun {
  readonly session: string;
  readonly score: number;
  readonly told: readonly Told[];
}

/** What a detector told, as an outcome: on while any detection is open. */
export function outcomeOf({ session, score, told }: SessionRun): Outcome {
  const open = new Set<string>();
  const changes: Change[] = [];
  for (const { step, draft } of told) {
    if (draft.status === 'OPEN') open.add(draft.detection_id);
    else open.delete(draft.detection_id);
    changes.push({ step, on: open.size > 0 });
  }
  return { session, score, flagged: told.length > 0, firstStep: told[0]?.step, changes };
}

/** Whether the method said so once everything up to `step` had passed. */
export function isOnAfter({ changes }: Outcome, step: number): boolean {
  return changes.findLast((change) => change.step <= step)?.on ?? false;
}
