import { testBackends } from '@watchkeeper/local';
import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { Batch, Lane, LogAdapter } from './contract.js';
import { kafkaLog, type Compression } from './kafka/adapter.js';
import { silentLogger } from './log.js';
import { ensureTopics, readTopics } from './topics.js';

const { brokers, topicPrefix } = await testBackends();
const brokerList = brokers.split(',');
const logOf = (compression: Compression = 'none'): LogAdapter =>
  kafkaLog({ brokers: brokerList, clientId: 'test', prefix: topicPrefix, compression, logger: silentLogger });

async function makeTopic(name: string): Promise<void> {
  const admin = await logOf().admin();
  await admin.createTopics([{ name, partitions: 1, config: { 'message.timestamp.type': 'LogAppendTime' } }]);
  await admin.close();
}

async function until(state: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 30_000;
  while (!state()) {
    if (performance.now() > deadlineMs) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A lane that collects, and counts how often idleness was told. */
function collecting(topic: string) {
  const batches: Batch[] = [];
  const idle: number[] = [];
  const lane: Lane = {
    name: '',
    topics: [topic],
    fetch: { maxWaitMs: 50, idleMs: 100 },
    open: () =>
      Promise.resolve({
        async onBatch(batch, lease) {
          batches.push(batch);
          await lease.commit(batch.nextOffset);
          return { kind: 'done' as const };
        },
        onIdle: () => {
          idle.push(batches.length);
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      }),
  };
  const values = (): string[] => batches.flatMap((batch) => batch.records.map((record) => String(record.value)));
  return { lane, batches, idle, values };
}

describe('Kafka as a log', () => {
  it('reads what was compressed by any codec', async () => {
    await makeTopic('codecs');
    const wanted: string[] = [];
    for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
      const producer = await logOf(compression).producer();
      const records = Array.from({ length: 50 }, (_, index) => ({
        key: 'k',
        value: Buffer.from(`${compression} ${index} ${'again '.repeat(50)}`),
      }));
      wanted.push(...records.map((record) => String(record.value)));
      await producer.send('codecs', records);
      await producer.close();
    }
    const { lane, values } = collecting('codecs');
    const consumption = await logOf().consume({ group: 'codecs', lane });
    await until(() => values().length >= wanted.length);
    await consumption.stop();
    expect(values()).toEqual(wanted);
  });

  it('goes past the markers of transactions, shows no aborted record, and finds the end behind them', async () => {
    await makeTopic('markers');
    const kafka = new kafkajs.Kafka({ brokers: brokerList, logLevel: kafkajs.logLevel.NOTHING });
    const producer = kafka.producer({ transactionalId: `${topicPrefix}tx`, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const { lane, batches, idle, values } = collecting('markers');
    const consumption = await logOf().consume({ group: 'markers', lane });
    for (const [text, commit] of [
      ['one', true],
      ['gone', false],
      ['two', true],
      ['gone', false],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: `${topicPrefix}markers`, messages: [{ value: text }] });
      await (commit ? transaction.commit() : transaction.abort());
    }
    await until(() => values().length >= 2 && idle.at(-1) === batches.length);
    expect(values()).toEqual(['one', 'two']);
    await consumption.stop();
    await producer.disconnect();
    // one, marker, gone, marker, two, marker, gone, marker
    const admin = await logOf().admin();
    expect(await admin.ranges('markers')).toEqual([{ partition: 0, begin: 0, end: 8 }]);
    await admin.close();
  });

  it('makes the topics of the list once, and finds them as the list says', async () => {
    const admin = await logOf().admin();
    const report = await ensureTopics(admin, readTopics());
    expect(report.created).toHaveLength(readTopics().length);
    const deadlineMs = performance.now() + 20_000;
    // A new topic's metadata may be stale for a moment.
    while ((await admin.topics()).size < 7 && performance.now() < deadlineMs)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await ensureTopics(admin, readTopics())).toEqual({ created: [], differences: [] });
    expect(await admin.clusterId()).not.toBe('');
    await admin.deleteTopics(readTopics().map(({ name }) => name));
    await admin.close();
  });

  it('takes an event of 8 MB', async () => {
    const admin = await logOf().admin();
    await admin.createTopics([{ ...readTopics()[0]!, name: 'large', partitions: 1 }]);
    await admin.close();
    const producer = await logOf().producer();
    await producer.send('large', [{ key: 'k', value: Buffer.alloc(8 * 1024 * 1024, 'x') }]);
    await producer.close();
    const { lane, batches } = collecting('large');
    const consumption = await logOf().consume({ group: 'large', lane });
    await until(() => batches.length > 0);
    await consumption.stop();
    expect(batches[0]?.records[0]?.value).toHaveLength(8 * 1024 * 1024);
  });
});
