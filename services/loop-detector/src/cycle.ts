// The period of a repetition: how many repeated steps make one round.

import type { Visit } from './visits.js';

/** Longer cycles are reported as this; a session that repeats thirteen steps in turn is as lost as one that repeats twelve. */
export const MAX_PERIOD = 12;

export interface Cycle {
  /** 1 to 12. Steps in between that repeat nothing do not count: a noisy step is forgiven. */
  readonly period: number;
  /** The tools of one round, in their order, each named once. */
  readonly tools: readonly string[];
}

/** The round that leads from `like` to a step of `tool` that repeats it now: the repeated visits after `like`, and the step itself. */
export function cycleSince(visits: readonly Visit[], like: Visit, tool: string): Cycle {
  let period = 1;
  const tools = new Set<string>();
  for (const visit of visits) {
    if (visit.index <= like.index || visit.repetition.visits < 2) continue;
    period++;
    tools.add(visit.step.tool);
  }
  tools.add(tool);
  return { period: Math.min(period, MAX_PERIOD), tools: [...tools] };
}

const KEPT_SEQS = 12;

/** The seqs of the like steps that are still known, oldest first, then `seq`; at most twelve. */
export function seqsOfTrail(visits: readonly Visit[], firstSeq: number, seq: number): number[] {
  const seqs: number[] = [];
  for (const visit of visits) if (visit.repetition.first.seq === firstSeq) seqs.push(visit.step.place.seq);
  seqs.push(seq);
  return seqs.slice(-KEPT_SEQS);
}
