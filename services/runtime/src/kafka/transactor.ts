// LogTransactor over kafkajs: one producer per transactional id.

import kafkajs, { type Kafka, type Producer, type Transaction } from 'kafkajs';
import type { GroupOffset, LogTransactor, OutgoingRecord } from '../contract.js';
import { fenced, transactionOpen } from '../errors.js';
import { retry } from '../retry.js';
import { sleep } from '../sleep.js';
import { explainForbidden } from './access-faults.js';
import { connect, type KafkaOptions } from './client.js';
import { isRetriable, isTransactionFence, isTransactionPending } from './faults.js';
import { messageOf } from './message.js';
import { hasOpenTransaction } from './open-transaction.js';
import { compressionType } from './producer.js';

/** A transaction that nobody ends is aborted by the broker after so long. */
const TRANSACTION_MS = 60_000;

/** The markers of the last transaction may still be on their way, or the group's coordinator on its own, which kafkajs does not wait for. */
const PATIENCE = { tries: 20, firstMs: 20, maxMs: 500 };

/** How long a decided transaction may take to be marked. */
const MARKED = { tries: 100, everyMs: 100 };

/** Initialises the id: the broker ends what its last holder had begun, and refuses whatever that one sends from now on. */
export async function kafkaTransactor(kafka: Kafka, options: KafkaOptions, id: string): Promise<LogTransactor> {
  const producer = kafka.producer({
    transactionalId: options.prefix + id,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: TRANSACTION_MS,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await connect(producer, options);
  try {
    // kafkajs initialises the id with the first transaction; at the broker that one begins with the first record.
    return new KafkaTransactor(kafka, producer, options, id, await producer.transaction());
  } catch (error) {
    await producer.disconnect();
    throw explainForbidden(error, `use the transactional id ${options.prefix}${id}`, options.access);
  }
}

class KafkaTransactor implements LogTransactor {
  readonly #kafka: Kafka;
  readonly #producer: Producer;
  readonly #options: KafkaOptions;
  readonly #id: string;
  #first: Transaction | undefined;

  constructor(kafka: Kafka, producer: Producer, options: KafkaOptions, id: string, first: Transaction) {
    this.#kafka = kafka;
    this.#producer = producer;
    this.#options = options;
    this.#id = id;
    this.#first = first;
  }

  transact(topic: string, chunks: Iterable<readonly OutgoingRecord[]>, done: GroupOffset): Promise<void> {
    const { prefix } = this.#options;
    return this.#wholly(
      `write to ${prefix}${topic} and commit for group ${prefix}${done.group}`,
      async (transaction) => {
        for (const chunk of chunks) await this.#send(transaction, topic, chunk);
        await this.#sendOffset(transaction, done);
      },
    );
  }

  appendTo(appends: readonly { readonly topic: string; readonly records: readonly OutgoingRecord[] }[]): Promise<void> {
    const names = appends.map(({ topic }) => this.#options.prefix + topic).join(', ');
    return this.#wholly(`write to ${names}`, async (transaction) => {
      for (const { topic, records } of appends) await this.#send(transaction, topic, records);
    });
  }

  /**
   * Opening the id has ended what its last holder had begun; but a broker that was killed after it had decided a transaction and before it had marked
   * it may, after its start, believe that it had (seen with Kafka 4.3.1). The mark of the producer's next transaction ends that one too. Here it says
   * that both are undone.
   */
  async settle(topic: string, partition: number): Promise<void> {
    const isOpen = (): Promise<boolean> => hasOpenTransaction(this.#kafka, this.#options, topic, partition);
    if (!(await isOpen())) return;
    const name = this.#options.prefix + topic;
    this.#options.logger.warn({ topic, partition }, 'a transaction was left open here: it is undone');
    await this.#ended(`write to ${name}`, async (transaction) => {
      await this.#send(transaction, topic, [{ key: 'undone', value: null, partition }]);
      await transaction.abort();
    });
    // The broker answers once it is decided, and marks it afterwards.
    for (let triesLeft = MARKED.tries; await isOpen(); triesLeft--) {
      if (triesLeft === 0) throw transactionOpen(name, partition);
      await sleep(MARKED.everyMs);
    }
  }

  #wholly(what: string, work: (transaction: Transaction) => Promise<void>): Promise<void> {
    return this.#ended(what, async (transaction) => {
      await work(transaction);
      await transaction.commit();
    });
  }

  /** `what` is what must be allowed for it; `work` ends the transaction. */
  async #ended(what: string, work: (transaction: Transaction) => Promise<void>): Promise<void> {
    try {
      const transaction = this.#first ?? (await this.#producer.transaction());
      this.#first = undefined;
      await work(transaction);
    } catch (error) {
      // Nothing is aborted here: whoever opens the id next makes the broker end it, one way or the other.
      if (isTransactionFence(error)) throw fenced(`transactional id ${this.#id}`);
      throw explainForbidden(error, what, this.#options.access);
    }
  }

  close(): Promise<void> {
    return this.#producer.disconnect();
  }

  async #send(transaction: Transaction, topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    const { prefix, compression } = this.#options;
    const messages = records.map(messageOf);
    const request = { topic: prefix + topic, acks: -1, compression: compressionType(compression), messages };
    await retry(() => transaction.send(request), { ...PATIENCE, retriable: isTransactionPending });
  }

  #sendOffset(transaction: Transaction, { group, topic, partition, nextOffset }: GroupOffset): Promise<void> {
    const { prefix } = this.#options;
    const offsets = {
      consumerGroupId: prefix + group,
      topics: [{ topic: prefix + topic, partitions: [{ partition, offset: String(nextOffset) }] }],
    };
    const retriable = (error: unknown): boolean => isTransactionPending(error) || isRetriable(error);
    return retry(() => transaction.sendOffsets(offsets), { ...PATIENCE, retriable });
  }
}
