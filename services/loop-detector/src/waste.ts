// What a session has burnt, and how much of it since a loop's second round.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { LoopView } from './view.js';

/** Running totals of a session as of an event time. */
export interface Burn {
  readonly tokens: number;
  readonly costNanoUsd: number;
  readonly atMicros: number;
}

export const NOTHING_BURNT: Burn = { tokens: 0, costNanoUsd: 0, atMicros: 0 };

/** The totals after this event. Tasks, workflows and hand-offs are left out: theirs would be sums over calls that count already. */
export function burnAfter(burn: Burn, event: LoopView): Burn {
  const counts =
    event.kind !== 'TASK' && event.kind !== 'WORKFLOW' && event.kind !== 'HANDOFF' && event.kind !== 'SESSION_ENDED';
  const tokens = counts ? amount(event.input_tokens) + amount(event.output_tokens) : 0;
  return {
    tokens: amount(burn.tokens + tokens),
    costNanoUsd: amount(burn.costNanoUsd + (counts ? amount(event.cost_nano_usd) : 0)),
    atMicros: Math.max(burn.atMicros, wholeNumber(event.occurred_at)),
  };
}

export interface Waste {
  readonly tokens: number;
  readonly costNanoUsd: number;
  readonly durationMs: number;
}

/** What was burnt between two totals. */
export function wasteBetween(from: Burn, to: Burn): Waste {
  return {
    tokens: Math.max(0, to.tokens - from.tokens),
    costNanoUsd: Math.max(0, to.costNanoUsd - from.costNanoUsd),
    durationMs: from.atMicros <= 0 ? 0 : Math.max(0, Math.round((to.atMicros - from.atMicros) / 1000)),
  };
}

/** The nearest safe integer; 0 for NaN. */
export function wholeNumber(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  if (Number.isNaN(value)) return 0;
  return Math.trunc(Math.min(Number.MAX_SAFE_INTEGER, Math.max(Number.MIN_SAFE_INTEGER, value)));
}

/** A safe integer of at least 0: an emitter may send anything. */
const amount = (value: number): number => Math.max(0, wholeNumber(value));

export function writeBurn(out: StateWriter, burn: Burn): void {
  out.int(burn.tokens).int(burn.costNanoUsd).double(burn.atMicros);
}

export function readBurn(from: StateReader): Burn {
  return { tokens: from.int(), costNanoUsd: from.int(), atMicros: from.double() };
}
