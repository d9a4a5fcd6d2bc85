// Writes records into slabs: one allocation per hundred events, each body written once.

import { WIRE_HEADER_BYTES, writerTypes, type AgentEvent } from '@watchkeeper/schemas';

const SLAB_BYTES = 65_536;
/** A slab with less room is given up; most events fit. */
const ENOUGH_BYTES = 4_096;

/** Encodes to Confluent's wire format, but for the schema id, which {@link stampSchemaId} sets once it is known. */
export class EventEncoder {
  #slab = Buffer.alloc(0);
  #at = 0;

  encode(record: AgentEvent): Buffer {
    if (this.#slab.length - this.#at < ENOUGH_BYTES) this.#renew(SLAB_BYTES);
    const start = this.#at;
    const end = this.#write(record);
    if (end < 0) {
      // avsc says how many bytes were missing, as a negative number.
      this.#renew(this.#slab.length - this.#at - end + WIRE_HEADER_BYTES);
      return this.#cut(0, this.#write(record));
    }
    return this.#cut(start, end);
  }

  #write(record: AgentEvent): number {
    return writerTypes.AgentEvent.encode(record, this.#slab, this.#at + WIRE_HEADER_BYTES);
  }

  #cut(start: number, end: number): Buffer {
    this.#slab[start] = 0;
    this.#at = end;
    return this.#slab.subarray(start, end);
  }

  #renew(bytes: number): void {
    this.#slab = Buffer.allocUnsafe(Math.max(SLAB_BYTES, bytes));
    this.#at = 0;
  }
}

/** Sets the schema id of a value that {@link EventEncoder} made. */
export function stampSchemaId(value: Buffer, schemaId: number): void {
  value.writeUInt32BE(schemaId, 1);
}
