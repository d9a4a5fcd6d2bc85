// LogProducer over kafkajs: idempotent, acknowledged by all in-sync replicas, in requests that a broker takes.

import kafkajs, { type Kafka, type Message } from 'kafkajs';
import type { LogProducer, OutgoingRecord } from '../contract.js';
import { noTopic } from '../errors.js';
import { chunked } from './chunks.js';
import { connect, type Compression, type KafkaOptions } from './client.js';
import { kafkaAdmin } from './admin.js';

const TYPES: Record<Compression, kafkajs.CompressionTypes> = {
  none: kafkajs.CompressionTypes.None,
  gzip: kafkajs.CompressionTypes.GZIP,
  snappy: kafkajs.CompressionTypes.Snappy,
  lz4: kafkajs.CompressionTypes.LZ4,
  zstd: kafkajs.CompressionTypes.ZSTD,
};

/** How long a topic's number of partitions is believed. */
const PARTITIONS_MS = 60_000;

export async function kafkaProducer(kafka: Kafka, options: KafkaOptions): Promise<LogProducer> {
  const producer = kafka.producer({
    idempotent: true,
    // kafkajs changed its default in v2: said here, so that an update cannot move a session to another partition.
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await connect(producer, options);
  const admin = await kafkaAdmin(kafka, options);
  const compression = TYPES[options.compression ?? 'none'];
  const known = new Map<string, { partitions: number; sinceMs: number }>();

  return {
    async send(topic, records) {
      for (const chunk of chunked(records)) {
        await producer.send({ topic: options.prefix + topic, acks: -1, compression, messages: chunk.map(messageOf) });
      }
    },
    async partitionsOf(topic) {
      const before = known.get(topic);
      if (before && performance.now() - before.sinceMs < PARTITIONS_MS) return before.partitions;
      const partitions = (await admin.topics()).get(topic);
      if (partitions === undefined) throw noTopic(options.prefix + topic);
      known.set(topic, { partitions, sinceMs: performance.now() });
      return partitions;
    },
    async close() {
      await producer.disconnect();
      await admin.close();
    },
  };
}

function messageOf({ key, value, partition, headers }: OutgoingRecord): Message {
  return {
    key,
    value,
    ...(partition === undefined ? {} : { partition }),
    ...(headers === undefined ? {} : { headers: { ...headers } }),
  };
}
