// LogAdapter over kafkajs. Only this folder imports it.

import type { LogAdapter } from '../contract.js';
import { kafkaAdmin } from './admin.js';
import { kafkaClient, type KafkaOptions } from './client.js';
import { consumeKafka } from './consumption.js';
import { kafkaProducer } from './producer.js';

export type { Compression, KafkaOptions } from './client.js';

/** Kafka as a log. Nothing is connected until it is asked for. */
export function kafkaLog(options: KafkaOptions): LogAdapter {
  const kafka = kafkaClient(options);
  return {
    consume: (consume) => consumeKafka(kafka, options, consume),
    producer: () => kafkaProducer(kafka, options),
    admin: () => kafkaAdmin(kafka, options),
  };
}
