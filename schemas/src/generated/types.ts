// Generated from avro/*.avsc by generate.mjs; do not edit.

export type EventKind = 'UNKNOWN' | 'SESSION_STARTED' | 'GOAL_SET' | 'PLAN' | 'REASONING' | 'WORKFLOW' | 'TASK' | 'LLM_CALL' | 'TOOL_CALL' | 'RETRIEVAL' | 'MEMORY' | 'HANDOFF' | 'MESSAGE' | 'GUARDRAIL' | 'EVALUATION' | 'FEEDBACK' | 'HEARTBEAT' | 'SESSION_ENDED';

export type EventPhase = 'POINT' | 'START' | 'END';

export type Actor = 'AGENT' | 'USER' | 'TOOL' | 'SYSTEM';

export type EventStatus = 'UNSET' | 'OK' | 'ERROR' | 'TIMEOUT' | 'CANCELLED';

export type ContentLevel = 'NONE' | 'HASHED' | 'REDACTED' | 'FULL';

/** One step of an agent's life: what it did, said, called or was told. Topic agent.events, key (tenant_id, session_id). Flat: a field is a column. */
export interface AgentEvent {
  /** Unique id made by the emitter; the same id at two offsets is a repeated send. */
  event_id: string;
  /** Whose fleet this is. */
  tenant_id: string;
  /** One run of an agent towards a goal. */
  session_id: string;
  /** Position within the session, counted by the emitter; gaps are allowed. */
  seq: number;
  /** The agent, stable over sessions and versions. */
  agent_id: string;
  agent_version: string;
  trace_id: string;
  span_id: string;
  parent_span_id: string;
  /** When it happened by the agent's clock, in microseconds. */
  occurred_at: number;
  /** The AgentOps taxonomy (arXiv 2411.05285). */
  kind: EventKind;
  phase: EventPhase;
  actor: Actor;
  /** The agent's part in a team: worker, supervisor, … */
  role: string;
  /** Whom a hand-off or a message is for. */
  recipient: string;
  /** The tool, model, task, guardrail or evaluation. */
  name: string;
  status: EventStatus;
  error_type: string;
  error_message: string;
  /** Arguments of a call (JSON), prompt, or the text of a message. */
  input: string;
  /** Result of a call, completion. */
  output: string;
  /** 8 bytes exact hash, 8 bytes simhash of the canonical input; zeros: none. */
  input_fingerprint: Buffer;
  output_fingerprint: Buffer;
  /** Bottom-k of tenant-keyed token hashes, 4 bytes each, ascending. */
  input_sketch: Buffer;
  output_sketch: Buffer;
  content_level: ContentLevel;
  /** input or output was cut at the emitter's limit. */
  truncated: boolean;
  duration_ms: null | number;
  time_to_first_token_ms: null | number;
  provider: string;
  model: string;
  /** Cache reads and writes are a part of it. */
  input_tokens: number;
  /** Reasoning tokens are a part of it. */
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  reasoning_tokens: number;
  /** Billionths of a US dollar. */
  cost_nano_usd: number;
  /** Of an EVALUATION or FEEDBACK. */
  score: null | number;
  label: string;
  /** On SESSION_STARTED and GOAL_SET. */
  goal: string;
  plan_revision: number;
  attributes: Record<string, string>;
  /** Of a content that stays with the agent: its arguments one by one, as tenant-keyed hashes (schemas/src/text/facets.ts). */
  input_facets: Buffer;
  /** Of a content that stays with the agent: first line, words and word pairs, as tenant-keyed hashes of 16 bits. */
  output_facets: Buffer;
}

export type AlertState = 'FIRING' | 'ACKNOWLEDGED' | 'RESOLVED';

export type Severity = 'INFO' | 'WARNING' | 'CRITICAL';

/** What a person is told about one or more detections. Topic agent.alerts, key (tenant_id, fingerprint). */
export interface Alert {
  tenant_id: string;
  fingerprint: string;
  revision: number;
  rule: string;
  state: AlertState;
  severity: Severity;
  agent_id: string;
  session_id: string;
  /** detection_ids. */
  detections: string[];
  summary: string;
  starts_at: number;
  ends_at: null | number;
  labels: Record<string, string>;
}

export type ControlAction = 'UNKNOWN' | 'PAUSE' | 'RESUME' | 'STOP';

/** An order to an agent's emitter: pause, resume or stop a session. Topic agent.controls, key (tenant_id, session_id). */
export interface Control {
  control_id: string;
  tenant_id: string;
  agent_id: string;
  /** Empty: every session of the agent. */
  session_id: string;
  action: ControlAction;
  reason: string;
  issued_by: string;
  issued_at: number;
  expires_at: null | number;
  alert_fingerprint: string;
}

/** A record that could not be used, with why and where from. Topic agent.dead-letters, key (topic, partition, offset). */
export interface DeadLetter {
  service: string;
  /** A closed vocabulary, e.g. not_confluent, unknown_schema, undecodable, trailing_bytes, oversized, invalid. */
  reason: string;
  /** The sentence for a person. */
  error: string;
  topic: string;
  /** Of the record that failed, in the topic named beside it. */
  source_partition: number;
  source_offset: number;
  source_timestamp: number;
  log_id: string;
  schema_id: number;
  record_key: Buffer;
  /** The first 256 kB of the value. */
  payload: Buffer;
  /** Length of the whole value. */
  payload_bytes: number;
  payload_sha256: string;
  headers: Record<string, Buffer>;
  failed_at: number;
}

export type DetectionStatus = 'OPEN' | 'CLOSED';

/** Something found wrong with a session or an agent. Topic agent.detections, key (tenant_id, session_id or agent_id). The same log always gives the same detection_id. */
export interface Detection {
  /** sha256, hex, over length-prefixed (tenant, detector, detector_version, kind, subject, metric, anchor). */
  detection_id: string;
  /** Rises from 1 as the detection grows. */
  revision: number;
  tenant_id: string;
  /** loop-detector, drift-detector, anomaly-detector. */
  detector: string;
  detector_version: number;
  /** What was found, e.g. loop.repeat, drift.hijack, anomaly.level_shift. */
  kind: string;
  /** The session_id or agent_id that the detection is about. */
  subject: string;
  agent_id: string;
  agent_version: string;
  session_id: string;
  /** Of an anomaly: latency, tokens, cost, errors, … */
  metric: string;
  /** first_seq of the episode, or the window's start in microseconds, frozen when the detection first fires. */
  anchor: number;
  status: DetectionStatus;
  severity: Severity;
  score: number;
  threshold: number;
  /** 0 to 1. */
  confidence: number;
  first_event_id: string;
  last_event_id: string;
  first_seq: number;
  last_seq: number;
  /** When the episode began, in event time. */
  window_start: number;
  /** Event time of the last evidence so far. */
  window_end: number;
  /** One sentence for a person. */
  explanation: string;
  /** JSON: the signals and steps that decided; empty: none given. */
  evidence: string;
  wasted_tokens: number;
  wasted_cost_nano_usd: number;
  wasted_ms: number;
  /** Where the record lies that completed the evidence; set by the runtime. */
  source_topic: string;
  source_partition: number;
  source_offset: number;
  /** LogAppendTime of that record: latency is counted from here. */
  source_timestamp: number;
  /** Wall clock when it was produced; the one field that a replay may change. */
  detected_at: number;
}

export type MeasureKind = 'MEASURE' | 'MARK';

/** What one source partition saw of one agent in one window, or a mark: this source partition has closed every window that ends at or before window_end (0: it has never had an event and holds nobody back). Topic agent.measures, key (tenant_id, agent_id); a mark goes to every partition. Integers and mergeable histograms alone, so that the order of adding cannot change a sum. */
export interface Measure {
  record_kind: MeasureKind;
  /** Partition of agent.events. */
  source_partition: number;
  /** How many partitions agent.events has. */
  source_partitions: number;
  window_start: number;
  window_end: number;
  tenant_id: string;
  agent_id: string;
  agent_version: string;
  events: number;
  /** Events of this agent that came since the last measure, too late for their window, and are in no sum. */
  late_events: number;
  /** Events of any kind with status ERROR or TIMEOUT. */
  errors: number;
  llm_calls: number;
  /** LLM calls that ended in ERROR or TIMEOUT. */
  llm_errors: number;
  /** Calls of tools, retrievals among them. */
  tool_calls: number;
  tool_errors: number;
  /** Sessions of which something was seen in this window. */
  sessions: number;
  sessions_started: number;
  sessions_ended: number;
  input_tokens: number;
  output_tokens: number;
  cost_nano_usd: number;
  /** Sum over calls that carried one. */
  duration_ms: number;
  /** Events by kind. */
  kinds: Record<string, number>;
  /** Events by status. */
  statuses: Record<string, number>;
  /** Tool calls by name; beyond a bound under '(other)'. */
  tools: Record<string, number>;
  /** Log-histogram of LLM calls' latency in ms: bucket indices (histogram.ts), ascending; counts beside them. */
  latency_buckets: number[];
  latency_counts: number[];
  /** The same of tool calls. */
  tool_latency_buckets: number[];
  tool_latency_counts: number[];
  first_token_buckets: number[];
  first_token_counts: number[];
  /** Tokens per LLM call. */
  call_tokens_buckets: number[];
  call_tokens_counts: number[];
  /** Nano-dollars per LLM call. */
  call_cost_buckets: number[];
  call_cost_counts: number[];
  /** Tokens per session that closed in this window. */
  session_tokens_buckets: number[];
  session_tokens_counts: number[];
  session_cost_buckets: number[];
  session_cost_counts: number[];
  /** Calls (LLM and tool) per session that closed in this window. */
  session_calls_buckets: number[];
  session_calls_counts: number[];
}
