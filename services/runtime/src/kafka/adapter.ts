// LogAdapter over kafkajs. Only this folder imports it.

import type { LogAdapter } from '../contract.js';
import { kafkaAdmin } from './admin.js';
import { kafkaClient, type KafkaOptions } from './client.js';
import { consumeKafka } from './consumption.js';
import { readPartition } from './partition-reader.js';
import { kafkaProducer } from './producer.js';
import { kafkaTransactor } from './transactor.js';

export type { Compression, KafkaOptions } from './client.js';

/** Kafka as a log. Nothing is connected until it is asked for. */
export function kafkaLog(options: KafkaOptions): LogAdapter {
  const kafka = kafkaClient(options);
  return {
    consume: (consume) => consumeKafka(kafka, options, consume),
    producer: () => kafkaProducer(kafka, options),
    admin: () => kafkaAdmin(kafka, options),
    transactor: (id) => kafkaTransactor(kafka, options, id),
    readToEnd: (topic, partition) => readPartition(kafka, options, topic, partition),
  };
}
