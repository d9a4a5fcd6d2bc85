// Reads a topic from its beginning to given ends, in this process and in a group of its own, and commits nothing.

import { deferred, type LogAdapter, type LogAdmin, type LogRecord, type PartitionWorker } from '@watchkeeper/runtime';

const SLICE_MS = 50;
const LOOK_EVERY = 128;

/** What reads one partition: called for each record in offset order. */
export type OnRecord = (record: LogRecord) => void;

export interface ReadTopic {
  readonly log: LogAdapter;
  readonly admin: LogAdmin;
  readonly topic: string;
  /** A group that nothing else uses. */
  readonly group: string;
  /** Per partition, where to stop (exclusive); default: the log's end as of now. */
  readonly ends?: ReadonlyMap<number, number>;
  /** Called once per partition, before its first record. */
  readonly open: (partition: number, partitions: number) => OnRecord;
}

/** Resolves when every partition is read to its end. */
export async function readTopic({ log, admin, topic, group, ends, open }: ReadTopic): Promise<void> {
  const ranges = await admin.ranges(topic);
  const left = new Map(
    ranges
      .map(({ partition, begin, end }) => ({ partition, begin, end: ends?.get(partition) ?? end }))
      .filter(({ begin, end }) => end > begin)
      .map(({ partition, end }) => [partition, end]),
  );
  for (const { partition } of ranges) if (!left.has(partition)) open(partition, ranges.length);
  if (left.size === 0) return;
  const finished = deferred<undefined>();

  function worker(partition: number, onRecord: OnRecord): PartitionWorker {
    const end = left.get(partition) ?? 0;
    return {
      async onBatch(batch, lease) {
        let sliceStartMs = performance.now();
        let untilLook = LOOK_EVERY;
        for (const record of batch.records) {
          if (record.offset >= end) break;
          onRecord(record);
          if (--untilLook > 0) continue;
          untilLook = LOOK_EVERY;
          if (performance.now() - sliceStartMs < SLICE_MS) continue;
          await new Promise((resolve) => setImmediate(resolve));
          await lease.heartbeat();
          sliceStartMs = performance.now();
        }
        if (batch.nextOffset >= end) left.delete(partition);
        if (left.size === 0) finished.resolve(undefined);
        return { kind: 'done' };
      },
      close: () => Promise.resolve(),
    };
  }

  const opened = new Set<number>();
  const consumption = await log.consume({
    group,
    lane: {
      name: '',
      topics: [topic],
      fetch: { partitionsAtOnce: 1 },
      open: ({ partition, partitions }) => {
        if (!left.has(partition)) return Promise.resolve(worker(partition, () => undefined));
        // What a partition has been given already cannot be taken back.
        if (opened.has(partition))
          throw new Error(`The reading of ${topic} was interrupted by a rebalance of its own group: run it again.`);
        opened.add(partition);
        return Promise.resolve(worker(partition, open(partition, partitions)));
      },
    },
  });
  try {
    await Promise.race([finished.promise, consumption.done]);
  } finally {
    await consumption.stop();
  }
}
