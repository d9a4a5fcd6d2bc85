// What to do where a broker refuses some of a request's records: it has appended the partitions that were fine, and the answer does not say which.

import kafkajs, { type PartitionMetadata } from 'kafkajs';
import type { OutgoingRecord } from '../contract.js';
import { refusalOf } from './faults.js';
import { messageOf } from './message.js';

/** Sends records of one partition, as one batch. */
export type SendBatch = (records: readonly OutgoingRecord[]) => Promise<unknown>;

/** A record that the log will never take, and the broker's word for it. */
export interface Refused {
  readonly record: OutgoingRecord;
  readonly cause: unknown;
}

const partitionOf = kafkajs.Partitioners.DefaultPartitioner();

/**
 * Sends `records` again after a refusal, one partition after the other, and a refused partition by halves, down to the record. Must go through the
 * producer that was refused, and before it sends anything else: a batch that was appended then comes with the same sequence numbers, and the broker drops
 * it as a repetition (KIP-98). Every record has a key or a partition. Resolves to those that are refused alone; all others are appended, in order.
 */
export async function sendApart(
  records: readonly OutgoingRecord[],
  partitions: number,
  send: SendBatch,
): Promise<Refused[]> {
  const refused: Refused[] = [];
  for (const batch of byPartition(records, partitions)) refused.push(...(await sendHalves(batch, send)));
  return refused;
}

async function sendHalves(batch: readonly OutgoingRecord[], send: SendBatch): Promise<Refused[]> {
  try {
    await send(batch);
    return [];
  } catch (cause) {
    if (refusalOf(cause) === undefined) throw cause;
    const [record] = batch;
    if (record && batch.length === 1) return [{ record, cause }];
    const half = batch.length >> 1;
    const first = await sendHalves(batch.slice(0, half), send);
    return [...first, ...(await sendHalves(batch.slice(half), send))];
  }
}

function byPartition(records: readonly OutgoingRecord[], partitions: number): Iterable<readonly OutgoingRecord[]> {
  const led: PartitionMetadata = { partitionErrorCode: 0, partitionId: 0, leader: 0, replicas: [], isr: [] };
  // Of keyed records the partitioner asks only how many partitions there are.
  const partitionMetadata = Array.from({ length: partitions }, () => led);
  const batches = new Map<number, OutgoingRecord[]>();
  for (const record of records) {
    const partition = partitionOf({ topic: '', partitionMetadata, message: messageOf(record) });
    const batch = batches.get(partition);
    if (batch) batch.push(record);
    else batches.set(partition, [record]);
  }
  return batches.values();
}
