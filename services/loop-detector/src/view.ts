// The fields of an agent event that loops are found by.

import { view, type View } from '@watchkeeper/schemas';

const fields = [
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
  'recipient',
  'name',
  'status',
  'error_message',
  'input',
  'output',
  'input_fingerprint',
  'output_fingerprint',
  'input_sketch',
  'output_sketch',
  'input_facets',
  'output_facets',
  'content_level',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
  'goal',
] as const;

/** Reader schema of the loop detector. Fingerprints and sketches are read where the content did not come. */
export const LoopView = view('AgentEvent', fields, {
  input_fingerprint: 'input',
  output_fingerprint: 'output',
  input_sketch: 'input',
  output_sketch: 'output',
  input_facets: 'input',
  output_facets: 'output',
});
/** An agent event as the loop detector sees it. */
export type LoopView = typeof LoopView extends View<infer Fields> ? Fields : never;
