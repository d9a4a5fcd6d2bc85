// The backends as processes: started once, found again, killed and back with their data, stopped alone.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { purge, status, stopLocalBackends } from './backends.js';
import { ensureClickHouse } from './clickhouse.js';
import { readState } from './daemon.js';
import { ensureKafka } from './kafka.js';
import { identify, isAlive } from './process-identity.js';

const dataDir = mkdtempSync(join(tmpdir(), 'wk-backends-'));
const told = { dataDir, preferredPort: 0 };
afterAll(async () => {
  await purge({ dataDir });
  rmSync(dataDir, { recursive: true, force: true });
});

async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (identify(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} is still there`);
    await delay(20);
  }
}

async function query(url: string, sql: string): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body: sql });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text.trim();
}

/** Listens on the port, so that nobody else can. */
const take = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

describe('ClickHouse', () => {
  it('is one process for callers that come at once', async () => {
    const all = await Promise.all([1, 2, 3].map(() => ensureClickHouse(told)));
    expect(new Set(all.map((one) => one.pid)).size).toBe(1);
    expect(all.filter((one) => one.started).length).toBe(1);
  });

  it.runIf(process.platform === 'linux')(
    'leads a session of its own, which no terminal\u2019s Ctrl-C reaches',
    async () => {
      const { pid } = await ensureClickHouse(told);
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      expect(Number(session)).toBe(pid);
    },
  );

  it('comes back after kill -9 with every answered row, on its port', async () => {
    const before = await ensureClickHouse(told);
    await query(before.url, 'CREATE TABLE kept (n Int64) ENGINE = MergeTree ORDER BY n');
    await query(before.url, 'INSERT INTO kept SELECT number FROM numbers(1000)');
    process.kill(before.pid, 'SIGKILL');
    await gone(before.pid);
    const after = await ensureClickHouse(told);
    expect(after).toMatchObject({ url: before.url, started: true });
    expect(await query(after.url, 'SELECT count() FROM kept')).toBe('1000');
  });

  it('goes to another port where a stranger took its own, and is not mistaken for the stranger', async () => {
    const before = await ensureClickHouse(told);
    process.kill(before.pid, 'SIGKILL');
    await gone(before.pid);
    const stranger = await take(Number(new URL(before.url).port));
    try {
      const after = await ensureClickHouse(told);
      expect(after.url).not.toBe(before.url);
      expect(await query(after.url, 'SELECT count() FROM kept')).toBe('1000');
    } finally {
      stranger.close();
    }
  });

  it('is not taken for a process that got its id later', async () => {
    const { pid } = await ensureClickHouse(told);
    const stateFile = join(dataDir, 'clickhouse', 'state.json');
    const state = readState(join(dataDir, 'clickhouse'));
    await stopLocalBackends({ dataDir });
    await gone(pid);
    // This test's own process stands in for the later one: it must survive.
    writeFileSync(stateFile, JSON.stringify({ ...state, pid: process.pid }));
    expect(await stopLocalBackends({ dataDir })).toEqual({ stopped: [] });
    expect((await ensureClickHouse(told)).started).toBe(true);
  });

  it('finishes an answer under way before it stops', async () => {
    const { url } = await ensureClickHouse(told);
    const slow = query(url, 'SELECT sleep(1), 7');
    await query(url, 'SELECT 1');
    await stopLocalBackends({ dataDir });
    expect(await slow).toBe('0\t7');
    expect((await status({ dataDir })).clickhouse).toBeUndefined();
  });
});

describe('Kafka', () => {
  const client = (brokers: string): Kafka => new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  let brokers: string;

  beforeAll(async () => {
    const all = await Promise.all([ensureKafka(told), ensureKafka(told)]);
    expect(new Set(all.map((one) => one.pid)).size).toBe(1);
    expect(all.filter((one) => one.started).length).toBe(1);
    brokers = all[0].brokers;
  });

  it('comes back after kill -9 with every acknowledged message, on its port', async () => {
    const admin = client(brokers).admin();
    await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }], waitForLeaders: true });
    await admin.disconnect();
    const producer = client(brokers).producer();
    await producer.connect();
    await producer.send({ topic: 'kept', messages: Array.from({ length: 500 }, (_, i) => ({ value: String(i) })) });
    await producer.disconnect();
    const { pid } = await ensureKafka(told);
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    const after = await ensureKafka(told);
    expect(after).toMatchObject({ brokers, started: true });
    const again = client(after.brokers).admin();
    const [offsets] = await again.fetchTopicOffsets('kept');
    await again.disconnect();
    expect(offsets).toMatchObject({ high: '500' });
  });

  it('stops, and only the data stays', async () => {
    const { pid } = await ensureKafka(told);
    expect((await status({ dataDir })).kafka).toMatchObject({ pid });
    expect((await stopLocalBackends({ dataDir })).stopped).toContain('Kafka');
    expect(identify(pid)).toBeUndefined();
    expect(existsSync(join(dataDir, 'kafka', 'log', 'kept-0'))).toBe(true);
  });
});

it('purge removes what the backends kept, and nothing runs afterwards', async () => {
  const { pid } = await ensureClickHouse(told);
  const identity = identify(pid);
  await purge({ dataDir });
  expect(identity && isAlive(identity)).toBe(false);
  expect(existsSync(join(dataDir, 'clickhouse'))).toBe(false);
  expect(existsSync(join(dataDir, 'kafka'))).toBe(false);
});
