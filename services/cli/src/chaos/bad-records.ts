// The list of bad input: each record with whether it lands, and if not, the reason of its dead letter.

import { catalogueIds, encodeWire, tupleKey, writerTypes, type AgentEvent } from '@watchkeeper/schemas';
import type { OutgoingRecord } from '@watchkeeper/runtime';
import { PLAIN_STEP } from '../simulate/clock.js';

const EVENT_SCHEMA_ID = catalogueIds().idOf('AgentEvent');
const DAY_MICROS = 86_400_000_000;

export type BadRecord = { readonly what: string; readonly value: Buffer | null } & (
  { readonly lands: true; readonly reason?: undefined } | { readonly lands: false; readonly reason: string }
);

/** A plausible tool call. */
export function anEvent(over: Partial<AgentEvent>): AgentEvent {
  return {
    ...PLAIN_STEP,
    event_id: 'e',
    tenant_id: 'acme',
    session_id: 's-1',
    seq: 1,
    agent_id: 'agent',
    agent_version: '1',
    trace_id: '',
    span_id: '',
    parent_span_id: '',
    occurred_at: Date.now() * 1000,
    kind: 'TOOL_CALL',
    name: 'search',
    status: 'OK',
    input: '{"q":"x"}',
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
    attributes: {},
    ...over,
  };
}

/** An event in the wire format; `over` overrides what an ordinary tool call has. */
export const eventBytes = (over: Partial<AgentEvent> = {}): Buffer =>
  encodeWire(EVENT_SCHEMA_ID, writerTypes.AgentEvent, anEvent(over));

/** A good neighbour. */
export function goodRecord(id: string): OutgoingRecord {
  return { key: tupleKey('acme', id), value: eventBytes({ event_id: id, session_id: id }) };
}

export function badRecords(): BadRecord[] {
  const whole = eventBytes();
  const unknownId = Buffer.from(whole);
  unknownId.writeUInt32BE(4_000_000, 1);
  return [
    { what: 'truncated', value: whole.subarray(0, whole.length - 40), lands: false, reason: 'undecodable' },
    { what: 'foreign bytes', value: Buffer.from('{"not":"avro"}'), lands: false, reason: 'not_confluent' },
    { what: 'null', value: null, lands: false, reason: 'not_confluent' },
    { what: 'unknown schema id', value: unknownId, lands: false, reason: 'unknown_schema' },
    {
      what: 'bytes left over',
      value: Buffer.concat([whole, Buffer.from([1, 2, 3])]),
      lands: false,
      reason: 'trailing_bytes',
    },
    {
      what: 'two records in a body',
      value: Buffer.concat([whole, whole.subarray(5)]),
      lands: false,
      reason: 'trailing_bytes',
    },
    { what: 'negative duration', value: eventBytes({ duration_ms: -5 }), lands: true },
    { what: 'the year 1970', value: eventBytes({ occurred_at: 0 }), lands: true },
    { what: 'the year 2100', value: eventBytes({ occurred_at: 130 * 365 * DAY_MICROS }), lands: true },
    { what: '5 MB of content', value: eventBytes({ output: 'x'.repeat(5_000_000) }), lands: true },
    { what: 'NUL', value: eventBytes({ input: 'a\u0000b' }), lands: true },
    { what: 'a lone surrogate', value: eventBytes({ input: 'a\ud800b' }), lands: true },
    { what: 'an id of 10 kB', value: eventBytes({ session_id: 's'.repeat(10_000) }), lands: true },
    { what: 'seq that goes back', value: eventBytes({ seq: -7 }), lands: true },
    { what: 'a session without a start', value: eventBytes({ session_id: 'never started', seq: 900 }), lands: true },
    { what: 'the same event twice', value: whole, lands: true },
  ];
}
