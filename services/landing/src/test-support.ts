// What landing's tests share: events and their bytes, and leases.

import type { Batch, BadRecord, Lease, LogRecord } from '@watchkeeper/runtime';
import {
  catalogueIds,
  encodeWire,
  writerTypes,
  type AgentEvent,
  type Control,
  type Detection,
  type SchemaName,
} from '@watchkeeper/schemas';

/** The present hour: rows of a fixed past would have outlived their TTL one day. */
export const NOW_MS = Math.floor(Date.now() / 3_600_000) * 3_600_000;

/** A plausible event; `seq` also makes its id. */
export function anEvent(seq: number, over: Partial<AgentEvent> = {}): AgentEvent {
  return {
    event_id: `event-${seq}`,
    tenant_id: 'tenant-a',
    session_id: 'session-1',
    seq,
    agent_id: 'agent-1',
    agent_version: '1.0',
    trace_id: '',
    span_id: '',
    parent_span_id: '',
    occurred_at: NOW_MS * 1000 + seq * 1_000_000,
    kind: 'TOOL_CALL',
    phase: 'POINT',
    actor: 'AGENT',
    role: '',
    recipient: '',
    name: 'search',
    status: 'OK',
    error_type: '',
    error_message: '',
    input: `{"q":"${seq}"}`,
    output: 'found',
    input_fingerprint: Buffer.alloc(16),
    output_fingerprint: Buffer.alloc(16),
    input_sketch: Buffer.alloc(0),
    output_sketch: Buffer.alloc(0),
    input_facets: Buffer.alloc(0),
    output_facets: Buffer.alloc(0),
    content_level: 'FULL',
    truncated: false,
    duration_ms: 20,
    time_to_first_token_ms: null,
    provider: '',
    model: '',
    input_tokens: 100,
    output_tokens: 10,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
    cost_nano_usd: 1_000_000,
    score: null,
    label: '',
    goal: '',
    plan_revision: 0,
    attributes: { env: 'test' },
    ...over,
  };
}

/** The same detection as it grows: closed from its third revision on. */
export const aDetection = (revision: number, nowMicros = NOW_MS * 1000): Detection => ({
  detection_id: 'd1',
  revision,
  tenant_id: 'tenant-a',
  detector: 'loop-detector',
  detector_version: 1,
  kind: 'loop.repeat',
  subject: 'session-1',
  agent_id: 'agent-1',
  agent_version: '1.0',
  session_id: 'session-1',
  metric: '',
  anchor: 1,
  status: revision < 3 ? 'OPEN' : 'CLOSED',
  severity: 'WARNING',
  score: 0.5 + revision / 10,
  threshold: 0.5,
  confidence: 0.9,
  first_event_id: 'event-1',
  last_event_id: 'event-3',
  first_seq: 1,
  last_seq: 3,
  window_start: nowMicros,
  window_end: nowMicros,
  explanation: 'repeats itself',
  evidence: '{}',
  wasted_tokens: 110,
  wasted_cost_nano_usd: 2_000_000_000,
  wasted_ms: 1_500,
  source_topic: 'agent.events',
  source_partition: 0,
  source_offset: 3,
  source_timestamp: 0,
  detected_at: nowMicros,
});
export const aControl = (controlId: string): Control => ({
  control_id: controlId,
  tenant_id: 't',
  agent_id: '',
  session_id: '',
  action: 'STOP',
  reason: '',
  issued_by: '',
  issued_at: 1,
  expires_at: null,
  alert_fingerprint: '',
});

const ids = catalogueIds();
export const idOf = (schema: SchemaName): number => ids.idOf(schema);
export const { writerTypeOf } = ids;

export const eventBytes = (event: AgentEvent): Buffer => encodeWire(idOf('AgentEvent'), writerTypes.AgentEvent, event);

export const aRecord = (offset: number, value: Buffer | null, timestampMs = NOW_MS + offset): LogRecord => ({
  offset,
  timestampMs,
  key: Buffer.from('key'),
  value,
  headers: {},
});

/** Good records with these offsets. */
export const goodRecords = (offsets: readonly number[]): LogRecord[] =>
  offsets.map((offset) => aRecord(offset, eventBytes(anEvent(offset))));

export const aBatch = (records: readonly LogRecord[], nextOffset: number, partition = 0): Batch => ({
  topic: 'agent.events',
  partition,
  records,
  nextOffset,
  highWatermark: nextOffset,
});

/** A lease that keeps what was committed. */
export interface FakeLease extends Lease {
  committed: { offset: number; metadata: string } | undefined;
}

export function fakeLease(committed?: { offset: number; metadata: string }): FakeLease {
  const lease: FakeLease = {
    committed,
    commit: (offset, metadata = '') => {
      lease.committed = { offset, metadata };
      return Promise.resolve();
    },
    heartbeat: () => Promise.resolve(),
    msSinceHeartbeat: () => 0,
    sessionTimeoutMs: 30_000,
    signal: new AbortController().signal,
  };
  return lease;
}

/** Dead letters that were acknowledged. */
export function fakeDeadLetters(): { sent: BadRecord[]; send(bad: readonly BadRecord[]): Promise<void>; note(): void } {
  const sent: BadRecord[] = [];
  return {
    sent,
    send: (bad) => {
      sent.push(...bad);
      return Promise.resolve();
    },
    note: () => undefined,
  };
}
