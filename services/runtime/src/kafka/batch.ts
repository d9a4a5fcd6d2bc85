// A fetched batch of kafkajs as our own.

import type { Batch as KafkaBatch } from 'kafkajs';
import type { Batch, LogRecord } from '../contract.js';
import type { FetchedBatch } from './fetch-response.js';

/** Records below `position` have been done already (a fetch may begin earlier) and are left out. */
export function batchOf(
  batch: KafkaBatch,
  prefix: string,
  position: number,
): Batch & { readonly fetchedOffset: number } {
  const records: LogRecord[] = [];
  // What kafkajs takes for messages are whole batches of the log: see lean-protocol.ts.
  for (const fetched of batch.messages as unknown as readonly FetchedBatch[])
    for (const record of fetched.records) if (record.offset >= position) records.push(record);
  return {
    topic: batch.topic.slice(prefix.length),
    partition: batch.partition,
    records,
    nextOffset: Number(batch.lastOffset()) + 1,
    highWatermark: Number(batch.highWatermark),
    fetchedOffset: Number((batch as KafkaBatch & { fetchedOffset: string }).fetchedOffset),
  };
}
