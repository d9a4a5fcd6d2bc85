// The transport over Kafka: idempotent producer, acknowledged by all in-sync replicas.

import type { KafkaAccess, LogProducer, RecordsRefused } from '@watchkeeper/runtime';
import { WatchkeeperError } from '@watchkeeper/schemas';
import { recordsRejected } from './errors.js';
import type { EventRecord, Transport } from './transport.js';

export interface KafkaTransportOptions {
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  readonly clientId: string;
  readonly access?: KafkaAccess;
  readonly compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
}

export const EVENTS_TOPIC = 'agent.events';

/** Connects at the first send. The client is loaded then, too: an agent that never emits does not pay for it. */
export function kafkaTransport(options: KafkaTransportOptions): Transport {
  let producer: Promise<LogProducer> | undefined;

  const open = async (): Promise<LogProducer> => {
    const { kafkaLog, silentLogger } = await import('@watchkeeper/runtime');
    return kafkaLog({
      brokers: options.brokers,
      clientId: options.clientId,
      prefix: options.topicPrefix,
      ...(options.access && { access: options.access }),
      ...(options.compression && { compression: options.compression }),
      logger: silentLogger,
    }).producer();
  };

  const drop = async (): Promise<void> => {
    const old = producer;
    producer = undefined;
    await old?.then((opened) => opened.close()).catch(() => undefined);
  };

  return {
    async send(records: readonly EventRecord[]) {
      producer ??= open();
      try {
        await (await producer).send(EVENTS_TOPIC, records);
      } catch (error) {
        if (isRefusal(error)) throw recordsRejected(error.refused.length, error.why, error);
        // Made anew at the next try: the sequence numbers of a producer that failed may not be the broker's any more.
        await drop();
        throw error;
      }
    },
    close: drop,
  };
}

/** By its code: the runtime is loaded with the first send. */
function isRefusal(error: unknown): error is RecordsRefused {
  return error instanceof WatchkeeperError && error.code === 'WK_RECORDS_REFUSED';
}
