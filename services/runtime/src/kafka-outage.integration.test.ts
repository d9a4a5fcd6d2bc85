import { ensureKafka, stopLocalBackends } from '@watchkeeper/local';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hostRoles } from './host.js';
import { kafkaLog } from './kafka/adapter.js';
import { silentLogger } from './log.js';
import { createMetrics } from './metrics.js';
import { perRecord } from './per-record.js';
import { defineRole, topic } from './role.js';
import { CountView, testEvent, testValue } from './testing.js';

// Given brokers are not ours to kill.
const given = process.env['KAFKA_BROKERS'] !== undefined;
const dataDir = await mkdtemp(join(tmpdir(), 'watchkeeper-outage-'));

afterAll(async () => {
  if (!given) await stopLocalBackends({ dataDir });
  await rm(dataDir, { recursive: true, force: true });
});

const copyRole = defineRole({
  name: 'copy',
  settings: z.object({}),
  settingsPrefix: 'COPY_',
  reads: topic('agent.events', CountView),
  writes: topic('agent.detections', 'Detection'),
  process: () => perRecord({ onRecord: (_event, record) => [{ key: record.key, value: record.value }] }),
});

async function until(what: string, state: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 90_000;
  while (!(await state().catch(() => false))) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe.skipIf(given)('a role', () => {
  it('lives through kill -9 of the broker: what was acknowledged is answered, and the offsets end at the end', async () => {
    const first = await ensureKafka({ dataDir });
    const log = kafkaLog({ brokers: [first.brokers], clientId: 'test', prefix: '', logger: silentLogger });
    const admin = await log.admin();
    await admin.createTopics([
      { name: 'agent.events', partitions: 2, config: {} },
      { name: 'agent.detections', partitions: 1, config: {} },
    ]);
    await admin.close();
    const metrics = createMetrics();
    const host = await hostRoles(
      [copyRole],
      { LOG_LEVEL: 'silent', KAFKA_BROKERS: first.brokers, KAFKA_SESSION_TIMEOUT_MS: '6000' },
      { metrics },
    );
    const producer = await log.producer();
    const events = (from: number) =>
      Array.from({ length: 200 }, (_, index) => ({
        key: `k${index}`,
        value: testValue(testEvent({ session_id: 's', seq: from + index })),
      }));
    await producer.send('agent.events', events(0));
    await until('the first are answered', async () => (await metrics.valueOf('recordsOut', { role: 'copy' })) >= 200);
    process.kill(first.pid, 'SIGKILL');
    const second = await ensureKafka({ dataDir });
    expect(second.brokers).toBe(first.brokers);
    const again = await log.producer();
    await again.send('agent.events', events(200));
    const after = await log.admin();
    await until('all are committed', async () => {
      const committed = await after.committed('copy', 'agent.events');
      return (await after.ranges('agent.events')).every(
        ({ partition, end }) => committed.get(partition)?.offset === end,
      );
    });
    await host.stop();
    await host.done;
    // At least once: an answer may be there twice, none may be missing.
    const [answers] = await after.ranges('agent.detections');
    expect(answers!.end).toBeGreaterThanOrEqual(400);
    await Promise.all([after.close(), again.close(), producer.close()]);
  });
});
