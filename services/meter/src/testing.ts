// Events for the meter's tests and bench.

import type { MeterEvent, MeterInput } from './view.js';

/** An LLM call of one session at `timeMicros`, with whatever else a test says. */
export function meterInput(
  timeMicros: number,
  more: Partial<MeterEvent> = {},
  watermarkMicros = -Infinity,
): MeterInput {
  return {
    timeMicros,
    watermarkMicros,
    event: {
      tenant_id: 'acme',
      agent_id: 'booking-agent',
      agent_version: '1',
      session_id: 's1',
      seq: -1,
      occurred_at: timeMicros,
      kind: 'LLM_CALL',
      phase: 'POINT',
      name: 'model-a',
      status: 'OK',
      duration_ms: 900,
      time_to_first_token_ms: 120,
      input_tokens: 1_000,
      output_tokens: 200,
      cost_nano_usd: 5_000_000,
      ...more,
    },
  };
}
