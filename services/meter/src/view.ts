// What the meter reads of an event.

import { view } from '@watchkeeper/schemas';

/** The fields of an AgentEvent that a measure is made of. */
export const MeterView = view('AgentEvent', [
  'tenant_id',
  'agent_id',
  'agent_version',
  'session_id',
  'seq',
  'occurred_at',
  'kind',
  'phase',
  'name',
  'status',
  'duration_ms',
  'time_to_first_token_ms',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
]);
export type MeterEvent = NonNullable<(typeof MeterView)['value']>;

/** An event as the meter takes it. */
export interface MeterInput {
  readonly event: MeterEvent;
  /** Event time, clamped to the log. */
  readonly timeMicros: number;
  /** The partition's watermark before this event. */
  readonly watermarkMicros: number;
}
