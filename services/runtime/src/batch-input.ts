// What perKey and perRecord share: decode a batch by a view, count what is bad, keep the member alive, report.

import { viewDecoder, type Decoded, type View } from '@watchkeeper/schemas';
import type { Assignment, Batch, Lease, LogRecord, OutgoingRecord } from './contract.js';
import type { RoleContext, TopicWriter } from './role.js';

/** Records between looks at the time. */
const LOOK_EVERY = 128;
/** The longest the thread is held without letting I/O (heartbeats, other lanes, /healthz) go on. */
const SLICE_MS = 50;

/** Reads one partition's batches. */
export interface BatchInput<V> {
  /** Hands each good record to `take`, in order; bad ones are counted and left out. Throws WK_TOO_MANY_BAD. */
  each(batch: Batch, lease: Lease, take: (view: V, record: LogRecord) => void | Promise<void>): Promise<void>;
}

export function batchInput<V>(context: RoleContext, assignment: Assignment, view: View<V>): BatchInput<V> {
  const { role, metrics, clock } = context;
  const { topic, partition } = assignment;
  const decode = viewDecoder(view, context.writerTypeOf);

  /** An id may be newer than what was loaded at the start: ask the registry once, then decode again. */
  async function decodeUnknown(value: Buffer | null, first: Decoded<V>): Promise<Decoded<V>> {
    if (value === null || value.length < 5 || !(await context.loadSchema(value.readUInt32BE(1)))) return first;
    return decode(value);
  }

  return {
    async each(batch, lease, take) {
      let sliceStartMs = clock.nowMs();
      let bytes = 0;
      let bad = 0;
      let untilLook = LOOK_EVERY;
      for (const record of batch.records) {
        bytes += record.value?.length ?? 0;
        let decoded = decode(record.value);
        if (decoded.kind === 'bad' && decoded.reason === 'unknown_schema')
          decoded = await decodeUnknown(record.value, decoded);
        if (decoded.kind === 'ok') {
          const taken = take(decoded.value, record);
          if (taken) await taken;
        } else {
          bad++;
          metrics.count('recordsBad', { role, topic, reason: decoded.reason });
          context.logger.debug(
            { topic, partition, offset: record.offset, reason: decoded.reason, error: decoded.error },
            'a record is left out',
          );
        }
        if (--untilLook > 0) continue;
        untilLook = LOOK_EVERY;
        if (clock.nowMs() - sliceStartMs < SLICE_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        await lease.heartbeat();
        sliceStartMs = clock.nowMs();
      }
      metrics.count('recordsIn', { role, topic }, batch.records.length);
      metrics.count('bytesIn', { role, topic }, bytes);
      context.deadLetters.note(topic, partition, batch.records.length, bad);
    },
  };
}

/** Appends outputs and waits for the acknowledgement; `answering` are the append times of the records they answer, in milliseconds. */
export async function sendOutputs(
  context: RoleContext,
  writes: TopicWriter | undefined,
  outputs: readonly OutgoingRecord[],
  answering: readonly number[] = [],
): Promise<void> {
  if (outputs.length === 0) return;
  if (!writes) throw new TypeError(`${context.role} has outputs, but declares no topic to write to`);
  await context.producer.send(writes.topic, outputs);
  const labels = { role: context.role, topic: writes.topic };
  context.metrics.count('recordsOut', labels, outputs.length);
  const nowMs = context.clock.nowMs();
  for (const appendedMs of answering)
    context.metrics.observe('endToEndSeconds', labels, Math.max(0, nowMs - appendedMs) / 1000);
}
