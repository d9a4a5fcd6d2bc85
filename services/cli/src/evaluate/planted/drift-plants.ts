// The planted drifts: the drift detector's own sessions, with orders in many wordings, other subjects, and their innocent twins.

import { driftPlants as made } from '@watchkeeper/drift-detector';
import { PLAIN_STEP, type FleetEvent } from '../../simulate/clock.js';
import { TIMES_END_MS } from '../evaluate-set.js';
import type { Plant } from './planted-set.js';

const HOUR_MICROS = 3_600_000_000;
const SEEDS = [101, 102, 103];

/** Of several seeds, which no test of the detector uses. */
export function driftPlants(set: string): Plant[] {
  const plants = SEEDS.flatMap((seed) => made(seed).map((plant) => ({ ...plant, seed })));
  return plants.map(({ kind, drifts, events, seed }, i) => {
    const session = `${kind} ${seed} ${i}`;
    const startMicros = TIMES_END_MS * 1000 + i * HOUR_MICROS - (events[0]?.occurred_at ?? 0);
    return {
      session,
      positive: drifts,
      variants: [kind],
      events: events.map((event): FleetEvent => ({
        ...PLAIN_STEP,
        trace_id: '',
        span_id: '',
        parent_span_id: '',
        attributes: {},
        ...event,
        tenant_id: set,
        session_id: session,
        occurred_at: startMicros + event.occurred_at,
      })),
      span: undefined,
    };
  });
}
