// Two requests of one producer, of which the first is appended and its answer lost: what the second brings must not be taken for its repetition.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureKafka, freePort, purge } from '@watchkeeper/local';
import { kafkaLog, silentLogger, type LogAdapter } from '@watchkeeper/runtime';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readTopic } from '../bench/read-topic.js';
import { openTcpGate, type TcpGate } from './tcp-gate.js';

const dataDir = mkdtempSync(join(tmpdir(), 'watchkeeper-answers-'));
const topic = 'answers';
let gate: TcpGate;
let through: LogAdapter;
let direct: LogAdapter;

beforeAll(async () => {
  const listen = await freePort();
  gate = await openTcpGate(listen);
  const { brokers } = await ensureKafka({ dataDir, preferredPort: 0, proxied: { listen, advertise: gate.port } });
  const logOf = (broker: string): LogAdapter =>
    kafkaLog({ brokers: [broker], clientId: 'test', prefix: '', logger: silentLogger });
  [through, direct] = [logOf(`127.0.0.1:${gate.port}`), logOf(brokers)];
});
afterAll(async () => {
  await gate.close();
  await purge({ dataDir });
});

it('lie in the log, both of them', async () => {
  const admin = await direct.admin();
  await admin.createTopics([{ name: topic, partitions: 1, config: {} }]);
  const producer = await through.producer();
  const end = async (): Promise<number> => (await admin.ranges(topic))[0]?.end ?? 0;
  const send = (value: string): Promise<void> => producer.send(topic, [{ key: 'k', value: Buffer.from(value) }]);
  await send('before');
  gate.weather.mute = true;
  const both = [send('first'), send('second')];
  await vi.waitFor(async () => expect(await end()).toBeGreaterThan(1), { timeout: 20_000 });
  gate.weather.mute = false;
  gate.cut();
  await Promise.all(both);
  const read: string[] = [];
  const group = 'reader';
  await readTopic({
    log: direct,
    admin,
    topic,
    group,
    open:
      () =>
      ({ value }) =>
        void read.push(String(value)),
  });
  expect(read).toEqual(['before', 'first', 'second']);
  await Promise.all([producer.close(), admin.close()]);
});
