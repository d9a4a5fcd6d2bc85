// What a session has spent, and where in it an event stands.

import { bounded } from '@watchkeeper/schemas';
import type { Mark } from './episode.js';
import type { DriftState } from './state.js';
import type { DriftView } from './view.js';

/** Tokens, billionths of a US dollar and milliseconds of work. */
export type Spending = Pick<Mark, 'tokens' | 'costNanoUsd' | 'ms'>;

const MOST_TOKENS = 1e9;
const MOST_NANO_USD = 1e14;
const MOST_MS = 1e9;

/** What the session has spent so far. */
export function spentBy(state: DriftState): Spending {
  return { tokens: state.tokensSpent, costNanoUsd: state.costNanoUsd, ms: state.ms };
}

/** Adds an event's. Wrong numbers (negative, absurd) must not make absurd waste; spans of others count no time of their own. */
export function spend(state: DriftState, event: DriftView): void {
  if (event.phase === 'START') return;
  state.tokensSpent += sane(event.input_tokens, MOST_TOKENS) + sane(event.output_tokens, MOST_TOKENS);
  state.costNanoUsd += sane(event.cost_nano_usd, MOST_NANO_USD);
  if (event.kind !== 'WORKFLOW' && event.kind !== 'TASK') state.ms += sane(event.duration_ms ?? 0, MOST_MS);
}

/** The event's place, with what the session had spent by then. */
export function markOf(event: DriftView, spent: Spending): Mark {
  return {
    seq: Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.trunc(event.seq))),
    eventId: bounded(event.event_id, 256),
    timeMicros: event.occurred_at,
    ...spent,
  };
}

function sane(value: number, most: number): number {
  return value > 0 ? Math.min(value, most) : 0;
}
