// What the anomaly detector reads of agent.measures.

import { view } from '@watchkeeper/schemas';

/** The fields of a Measure that are judged. */
export const AnomalyView = view('Measure', [
  'record_kind',
  'source_partition',
  'source_partitions',
  'window_start',
  'window_end',
  'tenant_id',
  'agent_id',
  'agent_version',
  'events',
  'llm_calls',
  'llm_errors',
  'tool_calls',
  'tool_errors',
  'sessions',
  'sessions_started',
  'tools',
  'latency_buckets',
  'latency_counts',
  'tool_latency_buckets',
  'tool_latency_counts',
  'first_token_buckets',
  'first_token_counts',
  'call_tokens_buckets',
  'call_tokens_counts',
  'call_cost_buckets',
  'call_cost_counts',
  'session_calls_buckets',
  'session_calls_counts',
]);
/** A record of agent.measures: a measure of one agent, or a mark. */
export type MeasureInput = NonNullable<(typeof AnomalyView)['value']>;
