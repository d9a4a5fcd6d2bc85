// A transaction that a broker took for ended and never marked, as one did that was killed in between. It is made here by writing under a producer's
// epoch without telling the coordinator, which a broker permits only where it is told not to verify.

import { testBackends } from '@watchkeeper/local';
import kafkajs from 'kafkajs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GroupOffset, LogAdapter } from '../contract.js';
import { silentLogger } from '../log.js';
import { retry } from '../retry.js';
import { kafkaLog } from './adapter.js';
import { kafkaClient, type KafkaOptions } from './client.js';
import { clusterOf, type Broker } from './cluster.js';
import { isTransactionPending } from './faults.js';

/** What of kafkajs' broker only this test needs. */
interface WritingBroker extends Broker {
  initProducerId(of: object): Promise<{ producerId: string; producerEpoch: number }>;
  produce(request: object): Promise<unknown>;
}

let options: KafkaOptions;
let log: LogAdapter;
let topics = 0;

beforeAll(async () => {
  const { brokers, topicPrefix } = await testBackends();
  options = { brokers: [brokers].flat(), clientId: 'open', prefix: topicPrefix, logger: silentLogger };
  log = kafkaLog(options);
  const admin = kafkaClient(options).admin();
  await admin.connect();
  const { brokers: nodes } = await admin.describeCluster();
  const configEntries = [{ name: 'transaction.partition.verification.enable', value: 'false' }];
  await admin.alterConfigs({
    validateOnly: false,
    resources: nodes.map(({ nodeId }) => ({
      type: kafkajs.ConfigResourceTypes.BROKER,
      name: String(nodeId),
      configEntries,
    })),
  });
  await admin.disconnect();
});

/** A changelog with one checkpoint, `a=first`, of this transactional id, and its source. */
async function place(): Promise<{ topic: string; id: string; at: (nextOffset: number) => GroupOffset }> {
  const [topic, source] = [`open-${topics++}`, `open-${topics++}`];
  const admin = await log.admin();
  await admin.createTopics([topic, source].map((name) => ({ name, partitions: 1, config: {} })));
  await admin.close();
  const at = (nextOffset: number): GroupOffset => ({
    group: `group-${topic}`,
    topic: source,
    partition: 0,
    nextOffset,
  });
  const first = await log.transactor(`id-${topic}`);
  await first.transact(topic, [[{ key: 'a', value: Buffer.from('first'), partition: 0 }]], at(1));
  await first.close();
  return { topic, id: `id-${topic}`, at };
}

/** Writes `a=<value>` as a transactional id's next holder, and ends nothing. */
async function leaveOpen(topic: string, id: string, value: string): Promise<void> {
  const cluster = clusterOf(kafkaClient(options));
  await cluster.connect();
  await cluster.addTargetTopic(options.prefix + topic);
  const [nodeId = ''] = cluster.getNodeIds();
  const broker = (await cluster.findBroker({ nodeId })) as WritingBroker;
  const transactionalId = options.prefix + id;
  // The last transaction may still be on its way to its mark.
  const as = await retry(() => broker.initProducerId({ transactionalId, transactionTimeout: 60_000 }), {
    tries: 20,
    firstMs: 20,
    maxMs: 500,
    retriable: isTransactionPending,
  });
  const messages = [{ key: 'a', value, timestamp: String(Date.now()) }];
  const partitions = [{ partition: 0, firstSequence: 0, messages }];
  await broker.produce({ ...as, transactionalId, topicData: [{ topic: options.prefix + topic, partitions }] });
  await cluster.disconnect();
}

async function committed(topic: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { records } of log.readToEnd(topic, 0))
    texts.push(...records.map(({ key, value }) => `${String(key)}=${String(value)}`));
  return texts;
}

describe('a transaction that stands open', () => {
  it('comes to light with the next one of its id, unless it is settled', async () => {
    const { topic, id, at } = await place();
    await leaveOpen(topic, id, 'lost');
    const unsettled = await log.transactor(id);
    expect(await committed(topic)).toEqual(['a=first']);
    await unsettled.transact(topic, [[{ key: 'b', value: Buffer.from('next'), partition: 0 }]], at(2));
    await expect.poll(() => committed(topic), { timeout: 10_000 }).toEqual(['a=first', 'a=lost', 'b=next']);
    await unsettled.close();
  });

  it('is undone by settling, and what is written next is seen', async () => {
    const { topic, id, at } = await place();
    await leaveOpen(topic, id, 'lost');
    const next = await log.transactor(id);
    await next.settle(topic, 0);
    expect(await committed(topic)).toEqual(['a=first']);
    await next.transact(topic, [[{ key: 'b', value: Buffer.from('next'), partition: 0 }]], at(2));
    await expect.poll(() => committed(topic), { timeout: 10_000 }).toEqual(['a=first', 'b=next']);
    await next.close();
  });

  it('is told where it is of another id, for then only a person can end it', async () => {
    const { topic, id } = await place();
    await leaveOpen(topic, `${id}-of-a-stranger`, 'lost');
    const next = await log.transactor(id);
    await expect(next.settle(topic, 0)).rejects.toMatchObject({ code: 'WK_TRANSACTION_OPEN' });
    await next.close();
  });

  it('is not looked for in vain: settling writes nothing where none stands open', async () => {
    const { topic, id } = await place();
    const next = await log.transactor(id);
    const admin = await log.admin();
    const before = await admin.ranges(topic);
    await next.settle(topic, 0);
    expect(await admin.ranges(topic)).toEqual(before);
    await Promise.all([next.close(), admin.close()]);
  });
});
