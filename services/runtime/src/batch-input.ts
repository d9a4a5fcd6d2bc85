// What perKey and perRecord share: decode a batch by a view, count what is bad, keep the member alive, report.

import { readWireHeader, viewDecoder, type View } from '@watchkeeper/schemas';
import type { Assignment, Batch, BatchOutcome, Lease, LogRecord, OutgoingRecord } from './contract.js';
import type { RoleContext, TopicWriter } from './role.js';

/** Records between looks at the time. */
const LOOK_EVERY = 128;
/** The longest the thread is held without letting I/O (heartbeats, other lanes, /healthz) go on. */
const SLICE_MS = 50;
const REGISTRY_PAUSE_MS = 1_000;
/** New ids that one batch may ask for: nonsense must not become a flood of questions. */
const NEW_IDS = 16;

/** Reads one partition's batches. */
export interface BatchInput<V> {
  /** Asks the registry for ids that are new here. An outcome where it is away: nothing of the batch may be taken yet. */
  prepare(batch: Batch): Promise<BatchOutcome | undefined>;
  /** Hands each good record to `take`, in order; bad ones are counted and left out. Throws WK_TOO_MANY_BAD. */
  each(batch: Batch, lease: Lease, take: (view: V, record: LogRecord) => void | Promise<void>): Promise<void>;
}

export function batchInput<V>(context: RoleContext, assignment: Assignment, view: View<V>): BatchInput<V> {
  const { role, metrics, schemas } = context;
  const { topic, partition } = assignment;
  const decode = viewDecoder(view, schemas.writerTypeOf);

  return {
    async prepare(batch) {
      const ids = new Set<number>();
      for (const { value } of batch.records) {
        const header = readWireHeader(value);
        if (header.kind === 'ok' && !schemas.writerTypeOf(header.schemaId)) ids.add(header.schemaId);
        if (ids.size >= NEW_IDS) break;
      }
      try {
        for (const id of ids) await schemas.prefetch(id);
        return undefined;
      } catch (error) {
        context.logger.warn({ err: error, topic, partition }, 'the schema registry is away: the batch waits');
        return { kind: 'again', afterMs: REGISTRY_PAUSE_MS };
      }
    },

    async each(batch, lease, take) {
      let sliceStartMs = performance.now();
      let bytes = 0;
      let bad = 0;
      let untilLook = LOOK_EVERY;
      for (const record of batch.records) {
        bytes += record.value?.length ?? 0;
        const decoded = decode(record.value);
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
        if (performance.now() - sliceStartMs < SLICE_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        await lease.heartbeat();
        sliceStartMs = performance.now();
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
