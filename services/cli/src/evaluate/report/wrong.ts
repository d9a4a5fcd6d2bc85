// Which sessions of a set a detector got wrong, and how, the worst first.

import type { Judged } from '../judged.js';
import { isOnAfter } from '../outcome.js';

export type Fault =
  /** Positive, and nothing was told. */
  | 'missed'
  /** Negative, and something was told. */
  | 'false alarm'
  /** Right as a session, but the labels of single steps say otherwise. */
  | 'steps differ';

export interface Wrong {
  readonly fault: Fault;
  readonly judged: Judged;
  /** Labelled steps on which label and detector differ. */
  readonly wrongSteps: number;
}

/** Missed ones from the lowest score up, false alarms from the highest down, then right ones with wrong steps, most first. */
export function wrongOnes(all: readonly Judged[]): Wrong[] {
  const wrong = all.flatMap((judged): Wrong[] => {
    const { truth, outcome } = judged;
    const wrongSteps = truth.verdicts.filter(
      ({ afterStep, positive }) => isOnAfter(outcome, afterStep) !== positive,
    ).length;
    if (truth.positive !== outcome.flagged)
      return [{ fault: truth.positive ? 'missed' : 'false alarm', judged, wrongSteps }];
    return wrongSteps > 0 ? [{ fault: 'steps differ', judged, wrongSteps }] : [];
  });
  return wrong.sort((a, b) => RANK[a.fault] - RANK[b.fault] || weight(b) - weight(a));
}

const RANK: Readonly<Record<Fault, number>> = { missed: 0, 'false alarm': 1, 'steps differ': 2 };

function weight({ fault, judged, wrongSteps }: Wrong): number {
  switch (fault) {
    case 'missed':
      return -judged.outcome.score;
    case 'false alarm':
      return judged.outcome.score;
    case 'steps differ':
      return wrongSteps;
  }
}
