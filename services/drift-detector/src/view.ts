// What the drift detector reads of an event.

import { view, type AgentEvent } from '@watchkeeper/schemas';

const FIELDS = [
  'event_id',
  'tenant_id',
  'session_id',
  'seq',
  'agent_id',
  'agent_version',
  'occurred_at',
  'kind',
  'phase',
  'actor',
  'name',
  'status',
  'input',
  'output',
  'input_sketch',
  'output_sketch',
  'content_level',
  'duration_ms',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
  'goal',
] as const;

/** Reader schema of the drift detector: Avro skips every other field. Sketches are read where the content did not come. */
export const DriftView = view('AgentEvent', FIELDS, { input_sketch: 'input', output_sketch: 'output' });
/** An agent event as the drift detector sees it; `occurred_at` in microseconds, clamped to the log. */
export type DriftView = Pick<AgentEvent, (typeof FIELDS)[number]>;
