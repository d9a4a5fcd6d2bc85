// A request that the broker refuses in part: it appends the partitions that are fine, and answers with one error for all.

import { testBackends } from '@watchkeeper/local';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LogAdapter, LogProducer, OutgoingRecord } from '../contract.js';
import { silentLogger } from '../log.js';
import { kafkaLog } from './adapter.js';

const PARTITIONS = 3;
const MAX_BYTES = 20_000;

let log: LogAdapter;
let producer: LogProducer;
let topics = 0;

beforeAll(async () => {
  const { brokers, topicPrefix } = await testBackends();
  log = kafkaLog({ brokers: [brokers].flat(), clientId: 'refused', prefix: topicPrefix, logger: silentLogger });
  producer = await log.producer();
  return () => producer.close();
});

async function smallTopic(): Promise<string> {
  const name = `small-${topics++}`;
  const admin = await log.admin();
  await admin.createTopics([{ name, partitions: PARTITIONS, config: { 'max.message.bytes': String(MAX_BYTES) } }]);
  await admin.close();
  return name;
}

const record = (partition: number, name: string, bytes: number): OutgoingRecord => ({
  key: name,
  value: Buffer.alloc(bytes, 'x'),
  partition,
});

/** Keys in the log's order, by partition. */
async function keysOf(topic: string): Promise<string[][]> {
  const keys: string[][] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const own: string[] = [];
    for await (const { records } of log.readToEnd(topic, partition)) own.push(...records.map(({ key }) => String(key)));
    keys.push(own);
  }
  return keys;
}

const names = (partition: number, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${partition}-${n}`);

describe('a producer whose request is refused in part', () => {
  it('appends all once and in order where only a batch was too large', async () => {
    const topic = await smallTopic();
    const sent = [50, 5, 5].flatMap((count, partition) =>
      names(partition, count).map((name) => record(partition, name, 1_000)),
    );
    await producer.send(topic, sent);
    expect(await keysOf(topic)).toEqual([names(0, 50), names(1, 5), names(2, 5)]);
  });

  it('appends all but the record that is too large, names that one, and goes on', async () => {
    const topic = await smallTopic();
    const large = record(1, 'large', MAX_BYTES + 1);
    const sent = [record(0, '0-0', 10), record(1, '1-0', 10), large, record(1, '1-1', 10), record(2, '2-0', 10)];
    await expect(producer.send(topic, sent)).rejects.toMatchObject({
      code: 'WK_RECORDS_REFUSED',
      refused: [large],
      why: 'MESSAGE_TOO_LARGE',
    });
    await producer.send(topic, [record(1, '1-2', 10)]);
    expect(await keysOf(topic)).toEqual([['0-0'], ['1-0', '1-1', '1-2'], ['2-0']]);
  });

  it('tells the partitions of keyed records as the first request did', async () => {
    const topic = await smallTopic();
    const keyed = Array.from({ length: 60 }, (_, n) => ({ key: `key-${n % 7}`, value: Buffer.alloc(1_000, 'x') }));
    await producer.send(topic, keyed);
    expect((await keysOf(topic)).flat().sort()).toEqual(keyed.map(({ key }) => key).sort());
  });
});
