// Confluent's wire format: byte 0, a 4-byte big-endian schema id, the Avro body.

import type { Type } from 'avsc';

export const WIRE_HEADER_BYTES = 5;

export type WireHeader = { kind: 'ok'; schemaId: number } | { kind: 'foreign'; why: string };

/** The schema id of a record's value, or why it is not in the wire format. */
export function readWireHeader(value: Buffer | null): WireHeader {
  if (value === null) return { kind: 'foreign', why: 'the value is null' };
  if (value.length < WIRE_HEADER_BYTES)
    return { kind: 'foreign', why: `the value has ${value.length} bytes, fewer than the header's 5` };
  if (value[0] !== 0) return { kind: 'foreign', why: `the first byte is ${String(value[0])}, not 0` };
  return { kind: 'ok', schemaId: value.readUInt32BE(1) };
}

/** Written here first: how long a body becomes is known when it is there. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** A value in the wire format. Throws where `record` does not fit `type`. */
export function encodeWire(schemaId: number, type: Type, record: unknown): Buffer {
  const end = type.encode(record, scratch, WIRE_HEADER_BYTES);
  // Negative: so many bytes are missing.
  const value = Buffer.allocUnsafe(end < 0 ? scratch.length - end : end);
  if (end < 0) type.encode(record, value, WIRE_HEADER_BYTES);
  else value.set(scratch.subarray(0, end));
  value[0] = 0;
  value.writeUInt32BE(schemaId, 1);
  return value;
}
