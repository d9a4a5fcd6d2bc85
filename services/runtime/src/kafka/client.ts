// kafkajs as this project uses it: codecs, repairs, quiet logs.

import kafkajs, { type Kafka } from 'kafkajs';
import { unreachable } from '../errors.js';
import type { Logger } from '../log.js';
import { registerCodecs } from './codecs.js';
import { repairKafkajs } from './repairs.js';

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

export interface KafkaOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Stands before every topic and group. */
  readonly prefix: string;
  /** Of what is produced; default none. */
  readonly compression?: Compression;
  /** Default 15,000. */
  readonly sessionTimeoutMs?: number;
  /** How long a rebalance waits for a batch at hand; default 60,000. */
  readonly rebalanceTimeoutMs?: number;
  readonly logger: Logger;
}

export function kafkaClient(options: KafkaOptions): Kafka {
  registerCodecs();
  repairKafkajs();
  return new kafkajs.Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    connectionTimeout: 5_000,
    retry: { initialRetryTime: 100, maxRetryTime: 5_000, retries: 8 },
    // kafkajs logs at error level what it then retries: a fault that matters reaches us as an error.
    logLevel: kafkajs.logLevel.INFO,
    logCreator:
      () =>
      ({ namespace, level, log }) => {
        const { message, groupId, broker, error } = log as typeof log & {
          groupId?: string;
          broker?: string;
          error?: string;
        };
        const about = { kafkajs: namespace, groupId, broker, error };
        if (level === kafkajs.logLevel.ERROR) options.logger.info(about, message);
        else options.logger.debug(about, message);
      },
  });
}

/** Connects, or says in one sentence that Kafka is out of reach. */
export async function connect(what: { connect(): Promise<void> }, options: KafkaOptions): Promise<void> {
  try {
    await what.connect();
  } catch (error) {
    throw unreachable(options.brokers, error);
  }
}
