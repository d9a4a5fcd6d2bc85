// A baseline: a rule that judges a session by its events alone, as the detectors' packages ship them for evaluation.

import type { AgentEvent } from '@watchkeeper/schemas';
import type { Change, Outcome } from './outcome.js';

/** A rule over one session. */
export interface RuleRun {
  /** Whether the rule fires at this event; undefined where the event is none that it judges. */
  onEvent(event: AgentEvent): boolean | undefined;
  /** The highest so far; 1 is the rule's threshold. */
  readonly score: number;
}

export interface Rule {
  readonly name: string;
  start(): RuleRun;
}

/** Judges sessions by a rule, event by event. */
export class RuleJudge {
  readonly #sessions = new Map<string, { readonly run: RuleRun; readonly changes: Change[] }>();

  constructor(readonly rule: Rule) {}

  observe(event: AgentEvent): void {
    const session = this.#sessions.get(event.session_id) ?? { run: this.rule.start(), changes: [] };
    this.#sessions.set(event.session_id, session);
    const on = session.run.onEvent(event);
    if (on === undefined || on === (session.changes.at(-1)?.on ?? false)) return;
    session.changes.push({ step: event.seq >> 1, on });
  }

  outcomeOf(session: string): Outcome {
    const { run, changes } = this.#sessions.get(session) ?? { run: { score: 0 }, changes: [] };
    const firstStep = changes.find(({ on }) => on)?.step;
    return { session, score: run.score, flagged: firstStep !== undefined, firstStep, changes };
  }
}
