// Makes Kafka records of fleet events: what an emitter does at the edge, without its buffer.

import {
  type AgentEvent,
  contentMarks,
  encodeWire,
  type KeyedHash,
  keyedHash,
  tupleKey,
  writerTypes,
} from '@watchkeeper/schemas';
import type { OutgoingRecord } from '@watchkeeper/runtime';
import type { FleetEvent } from './clock.js';

/** The contents come along: nothing is to be told in their place. */
const NO_FACETS = Buffer.alloc(0);

/** The whole event, its content in full, with fingerprints and sketches keyed by the tenant's name. */
export function toAgentEvent(event: FleetEvent, keyOf: (tenantId: string) => KeyedHash = keyedHash): AgentEvent {
  const key = keyOf(event.tenant_id);
  const input = contentMarks(event.input, key);
  const output = contentMarks(event.output, key);
  return {
    ...event,
    input_fingerprint: input.fingerprint,
    output_fingerprint: output.fingerprint,
    input_sketch: input.sketch,
    output_sketch: output.sketch,
    content_level: 'FULL',
    truncated: false,
    input_facets: NO_FACETS,
    output_facets: NO_FACETS,
  };
}

/** Encodes events for agent.events under the schema's id: key (tenant, session), value in the wire format. */
export function eventEncoder(schemaId: number): (event: FleetEvent) => OutgoingRecord {
  const type = writerTypes.AgentEvent;
  const keys = new Map<string, KeyedHash>();
  const keyOf = (tenantId: string): KeyedHash => {
    let key = keys.get(tenantId);
    if (key === undefined) {
      key = keyedHash(tenantId);
      keys.set(tenantId, key);
    }
    return key;
  };
  return function encodeEvent(event) {
    return {
      key: tupleKey(event.tenant_id, event.session_id),
      value: encodeWire(schemaId, type, toAgentEvent(event, keyOf)),
    };
  };
}
