// perRecord: each record on its own, in order, without state.

import type { FetchSettings, LogRecord, OutgoingRecord } from './contract.js';
import type { OutputPosition } from './per-key.js';
import type { Processor } from './role.js';

export interface PerRecordOptions<V> {
  /** What to append for this record; all of a batch's are acknowledged before its offset is committed. */
  onRecord(
    view: V,
    record: LogRecord,
    at: OutputPosition,
  ): readonly OutgoingRecord[] | Promise<readonly OutgoingRecord[]>;
  readonly fetch?: Partial<FetchSettings>;
}

/** A role that answers records one by one. At least once: a record may come again after a crash. */
export function perRecord<V>(options: PerRecordOptions<V>): Processor<V> {
  throw new Error(`not yet: ${typeof options.onRecord}`);
}
