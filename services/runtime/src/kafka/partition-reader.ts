// Reads one partition from its beginning to its end without a group, which kafkajs has no way to: below its consumer, on its cluster and its fetch.

import { createRequire } from 'node:module';
import type { Batch as KafkaBatch, Kafka } from 'kafkajs';
import type { Batch } from '../contract.js';
import { noTopic } from '../errors.js';
import { explainForbidden } from './access-faults.js';
import { batchOf } from './batch.js';
import { connect, type KafkaOptions } from './client.js';
import { clusterOf, leaderOf, READ_COMMITTED, type Cluster, type PartitionAnswer } from './cluster.js';
import { isUnknownTopic } from './faults.js';

const require = createRequire(import.meta.url);

/** More than any batch that a changelog takes: an answer then holds at least one whole batch that is not empty, if there is one. */
const FETCH_BYTES = 10 * 1024 * 1024;

/** kafkajs' own, and what its types leave out. */
type FetchedBatch = KafkaBatch & { isEmptyIncludingFiltered(): boolean };

type NewBatch = new (topic: string, fetchedOffset: string, answer: PartitionAnswer) => FetchedBatch;

/** Filters what was aborted, and markers. */
const BatchOfAnswer = require('kafkajs/src/consumer/batch') as NewBatch;

/** Throws WK_KAFKA_AWAY, WK_NO_TOPIC. */
export async function* readPartition(
  kafka: Kafka,
  options: KafkaOptions,
  topic: string,
  partition: number,
): AsyncGenerator<Batch> {
  const name = options.prefix + topic;
  const cluster = clusterOf(kafka);
  await connect(cluster, options);
  try {
    await cluster.addTargetTopic(name);
    if (cluster.findTopicPartitionMetadata(name).length <= partition) throw noTopic(name);
    let position = await offsetOf(cluster, name, partition, true);
    const end = await offsetOf(cluster, name, partition, false);
    while (position < end) {
      const batch = await fetchFrom(cluster, name, partition, position);
      const read = batchOf(batch, options.prefix, position);
      // Below its end an answer is empty only where nothing but markers and batches that compaction emptied is left.
      position = batch.isEmptyIncludingFiltered() ? end : read.nextOffset;
      yield { ...read, nextOffset: position, highWatermark: end };
    }
  } catch (error) {
    if (isUnknownTopic(error)) throw noTopic(name);
    throw explainForbidden(error, `read ${name}`, options.access);
  } finally {
    await cluster.disconnect();
  }
}

async function fetchFrom(cluster: Cluster, topic: string, partition: number, position: number): Promise<FetchedBatch> {
  const broker = await leaderOf(cluster, topic, partition);
  const fetchOffset = String(position);
  const { responses } = await broker.fetch({
    isolationLevel: READ_COMMITTED,
    maxWaitTime: 1_000,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    topics: [{ topic, partitions: [{ partition, fetchOffset, maxBytes: FETCH_BYTES }] }],
  });
  const answer = responses[0]?.partitions[0];
  if (!answer) throw new TypeError(`Kafka answered a fetch of ${topic} without a partition`);
  return new BatchOfAnswer(topic, fetchOffset, answer);
}

/** With READ_COMMITTED the end is the last stable offset. */
async function offsetOf(cluster: Cluster, topic: string, partition: number, fromBeginning: boolean): Promise<number> {
  const [found] = await cluster.fetchTopicsOffset([{ topic, partitions: [{ partition }], fromBeginning }]);
  return Number(found?.partitions[0]?.offset ?? 0);
}
