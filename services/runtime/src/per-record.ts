// perRecord: each record on its own, in order, without state.

import { batchInput, sendOutputs } from './batch-input.js';
import type { Assignment, FetchSettings, LogRecord, OutgoingRecord, PartitionWorker } from './contract.js';
import { outputPositions, type OutputPosition } from './output-position.js';
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
  return {
    lanes(context, { reads, writes }) {
      const views = new Map(reads.map((reader) => [reader.topic, reader.view]));

      async function open(assignment: Assignment): Promise<PartitionWorker> {
        const view = views.get(assignment.topic);
        if (!view) throw new TypeError(`${context.role} was given ${assignment.topic}, which it does not read`);
        const read = batchInput(context, assignment, view);
        const positionOf = outputPositions(
          context,
          assignment,
          writes,
          writes ? await context.producer.partitionsOf(writes.topic) : 0,
        );
        return {
          async onBatch(batch, lease) {
            const wait = await read.prepare(batch);
            if (wait) return wait;
            const outputs: OutgoingRecord[] = [];
            const answering: number[] = [];
            await read.each(batch, lease, async (value, record) => {
              for (const out of await options.onRecord(value, record, positionOf(record))) {
                outputs.push(out);
                answering.push(record.timestampMs);
              }
            });
            await sendOutputs(context, writes, outputs, answering);
            await lease.commit(batch.nextOffset);
            return { kind: 'done' };
          },
          close: () => Promise.resolve(),
        };
      }

      return Promise.resolve([{ name: '', topics: [...views.keys()], fetch: options.fetch ?? {}, open }]);
    },
  };
}
