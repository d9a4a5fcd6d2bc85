// Kafka through kafkajs.
import type { LogAdapter } from '../contract.js';
import type { Logger } from '../log.js';

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

export interface KafkaOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Stands before every topic and group. */
  readonly prefix: string;
  readonly compression?: Compression;
  readonly sessionTimeoutMs?: number;
  readonly logger: Logger;
}
export function kafkaLog(options: KafkaOptions): LogAdapter {
  throw new Error(`not yet ${options.brokers.length}`);
}
