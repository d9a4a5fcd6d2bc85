// Whether a transaction stands open in a partition: its last stable offset then lies before its end (KIP-98).

import type { Kafka } from 'kafkajs';
import { noTopic } from '../errors.js';
import { explainForbidden } from './access-faults.js';
import { connect, type KafkaOptions } from './client.js';
import { clusterOf, leaderOf, READ_COMMITTED, READ_UNCOMMITTED } from './cluster.js';
import { isUnknownTopic } from './faults.js';

const END = -1;

/** `topic` is without prefix. Throws WK_KAFKA_AWAY, WK_NO_TOPIC. */
export async function hasOpenTransaction(
  kafka: Kafka,
  options: KafkaOptions,
  topic: string,
  partition: number,
): Promise<boolean> {
  const name = options.prefix + topic;
  const cluster = clusterOf(kafka);
  await connect(cluster, options);
  try {
    await cluster.addTargetTopic(name);
    const broker = await leaderOf(cluster, name, partition);
    const endSeenBy = async (isolationLevel: number): Promise<number> => {
      const topics = [{ topic: name, partitions: [{ partition, timestamp: END }] }];
      const { responses } = await broker.listOffsets({ isolationLevel, topics });
      return Number(responses[0]?.partitions[0]?.offset);
    };
    // In this order: what is appended and committed in between then counts as stable.
    const end = await endSeenBy(READ_UNCOMMITTED);
    return (await endSeenBy(READ_COMMITTED)) < end;
  } catch (error) {
    if (isUnknownTopic(error)) throw noTopic(name);
    throw explainForbidden(error, `read ${name}`, options.access);
  } finally {
    await cluster.disconnect();
  }
}
