// LogProducer over kafkajs: idempotent, acknowledged by all in-sync replicas, in requests that a broker takes.

import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import type { LogProducer, OutgoingRecord } from '../contract.js';
import { noTopic, RecordsRefused } from '../errors.js';
import { turns } from '../turns.js';
import { explainForbidden } from './access-faults.js';
import { chunked } from './chunks.js';
import { isSequenceLost, isUnknownTopic, refusalOf, restart } from './faults.js';
import { connect, type Compression, type KafkaOptions } from './client.js';
import { kafkaAdmin } from './admin.js';
import { messageOf } from './message.js';
import { sendApart, type Refused, type SendBatch } from './send-apart.js';

const TYPES: Record<Compression, kafkajs.CompressionTypes> = {
  none: kafkajs.CompressionTypes.None,
  gzip: kafkajs.CompressionTypes.GZIP,
  snappy: kafkajs.CompressionTypes.Snappy,
  lz4: kafkajs.CompressionTypes.LZ4,
  zstd: kafkajs.CompressionTypes.ZSTD,
};

/** kafkajs' number for a compression; none where none is said. */
export function compressionType(compression: Compression = 'none'): kafkajs.CompressionTypes {
  return TYPES[compression];
}

/** How long a topic's number of partitions is believed. */
const PARTITIONS_MS = 60_000;

export async function kafkaProducer(kafka: Kafka, options: KafkaOptions): Promise<LogProducer> {
  let producer = await openProducer(kafka, options);
  const admin = await kafkaAdmin(kafka, options).catch(async (error: unknown) => {
    await producer.disconnect();
    throw error;
  });
  const compression = compressionType(options.compression);
  const known = new Map<string, { partitions: number; sinceMs: number }>();

  /**
   * A request that was given up may lie in the log all the same. kafkajs would use its sequence numbers again, and the broker would take other
   * records for its repetition and drop them: so a producer that gave up is never used again.
   */
  async function replace(broken: Producer): Promise<void> {
    if (producer !== broken) return;
    producer = newProducer(kafka);
    broken.disconnect().catch(() => undefined);
    await connect(producer, options);
  }

  /**
   * kafkajs gives a request's sequence numbers back where its answer is lost, and before it comes again another request could take them: the broker
   * would take that one for the repetition and drop it with a good answer, or refuse it. So one begins when the one before it is over.
   */
  const inTurn = turns();

  async function partitionsOf(topic: string): Promise<number> {
    const before = known.get(topic);
    if (before && performance.now() - before.sinceMs < PARTITIONS_MS) return before.partitions;
    const partitions = (await admin.topics()).get(topic);
    if (partitions === undefined) throw noTopic(options.prefix + topic);
    known.set(topic, { partitions, sinceMs: performance.now() });
    return partitions;
  }

  async function sendOrApart(topic: string, chunk: readonly OutgoingRecord[], send: SendBatch): Promise<Refused[]> {
    try {
      await send(chunk);
      return [];
    } catch (error) {
      if (refusalOf(error) === undefined || !chunk.every(isPlaced)) throw error;
      return sendApart(chunk, await partitionsOf(topic), send);
    }
  }

  async function sendChunk(topic: string, chunk: readonly OutgoingRecord[]): Promise<Refused[]> {
    const using = producer;
    const name = options.prefix + topic;
    try {
      return await sendOrApart(topic, chunk, (records) =>
        using.send({ topic: name, acks: -1, compression, messages: records.map(messageOf) }),
      );
    } catch (error) {
      await replace(using).catch(() => undefined);
      if (isUnknownTopic(error)) throw noTopic(name);
      if (error instanceof Error && isSequenceLost(error)) throw restart(error);
      throw explainForbidden(error, `write to ${name}`, options.access);
    }
  }

  return {
    async send(topic, records) {
      const refused: Refused[] = [];
      for (const chunk of chunked(records)) refused.push(...(await inTurn(() => sendChunk(topic, chunk))));
      const [first] = refused;
      if (!first) return;
      const why = refusalOf(first.cause) ?? '';
      const which = refused.map(({ record }) => record);
      throw new RecordsRefused(options.prefix + topic, which, records.length, why, first.cause);
    },
    partitionsOf,
    async close() {
      await producer.disconnect();
      await admin.close();
    },
  };
}

/** True where it is known which partition a record goes to. */
function isPlaced({ key, partition }: OutgoingRecord): boolean {
  return key !== null || partition !== undefined;
}

function newProducer(kafka: Kafka): Producer {
  return kafka.producer({
    idempotent: true,
    // kafkajs changed its default in v2: said here, so that an update cannot move a session to another partition.
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
}

async function openProducer(kafka: Kafka, options: KafkaOptions): Promise<Producer> {
  const producer = newProducer(kafka);
  await connect(producer, options);
  return producer;
}
