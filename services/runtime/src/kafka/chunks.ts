// Cuts what is to be sent into requests that a broker takes.

import type { OutgoingRecord } from '../contract.js';

/** kafkajs puts all records of a partition into one batch, and a topic takes batches of 1 MB unless told otherwise. */
const CHUNK_BYTES = 768 * 1024;
const CHUNK_RECORDS = 5_000;
/** A record's own overhead in the log, at most. */
const RECORD_BYTES = 40;

/** The records in order, cut where a request would grow too long; a larger one travels alone. */
export function* chunked(records: readonly OutgoingRecord[]): Iterable<readonly OutgoingRecord[]> {
  let from = 0;
  let bytes = 0;
  for (const [at, record] of records.entries()) {
    const size = sizeOf(record);
    if (at > from && (bytes + size > CHUNK_BYTES || at - from >= CHUNK_RECORDS)) {
      yield records.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < records.length) yield from === 0 ? records : records.slice(from);
}

function sizeOf({ key, value, headers }: OutgoingRecord): number {
  let bytes = RECORD_BYTES + (key === null ? 0 : Buffer.byteLength(key)) + (value?.length ?? 0);
  for (const [name, header] of Object.entries(headers ?? {}))
    bytes += Buffer.byteLength(name) + Buffer.byteLength(header);
  return bytes;
}
