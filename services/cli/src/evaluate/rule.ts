// Judges sessions by a baseline, event by event.

import type { AgentEvent, Baseline } from '@watchkeeper/schemas';
import type { Change, Outcome } from './outcome.js';

interface Session {
  readonly strength: (event: AgentEvent) => number | undefined;
  readonly changes: Change[];
  score: number;
}

/** A baseline over the sessions of one set. */
export class RuleJudge {
  readonly #sessions = new Map<string, Session>();

  readonly #rule: Baseline<AgentEvent>;

  constructor(rule: Baseline<AgentEvent>) {
    this.#rule = rule;
  }

  get name(): string {
    return this.#rule.name;
  }

  observe(event: AgentEvent): void {
    const session = this.#sessions.get(event.session_id) ?? { strength: this.#rule.start(), changes: [], score: 0 };
    this.#sessions.set(event.session_id, session);
    const strength = session.strength(event);
    if (strength === undefined) return;
    session.score = Math.max(session.score, strength);
    const on = strength >= 1;
    if (on !== (session.changes.at(-1)?.on ?? false)) session.changes.push({ step: event.seq >> 1, on });
  }

  outcomeOf(session: string): Outcome {
    const { score, changes } = this.#sessions.get(session) ?? { score: 0, changes: [] };
    const firstStep = changes.find(({ on }) => on)?.step;
    return { session, score, flagged: firstStep !== undefined, firstStep, changes };
  }
}
