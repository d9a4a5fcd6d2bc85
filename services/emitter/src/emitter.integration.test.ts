// The SDK against a real Kafka: what is recorded is on the log, in order per session; where Kafka is not, the agent does not notice.

import { testBackends, type TestBackends } from '@watchkeeper/local';
import { kafkaLog, silentLogger, type LogAdapter } from '@watchkeeper/runtime';
import { catalogueIds, fullView, tupleParts, viewDecoder, type AgentEvent } from '@watchkeeper/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENTS_TOPIC } from './kafka-transport.js';
import { createEmitter } from './index.js';

interface Seen {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly event: AgentEvent;
}

/** Events that lie at several places of the log, and at which. */
function doubled(seen: readonly Seen[]): string[] {
  const places = new Map<string, string[]>();
  for (const { partition, offset, event } of seen) {
    const name = `${event.session_id} ${event.seq}`;
    places.set(name, [...(places.get(name) ?? []), `${partition}/${offset}`]);
  }
  return [...places].filter(([, at]) => at.length > 1).map(([name, at]) => `${name} at ${at.join(' and ')}`);
}

const decode = viewDecoder(fullView('AgentEvent'), catalogueIds().writerTypeOf);

describe('an emitter over Kafka', () => {
  let backends: TestBackends;
  let log: LogAdapter;

  beforeAll(async () => {
    backends = await testBackends();
    log = kafkaLog({
      brokers: backends.brokers.split(','),
      clientId: 'emitter-test',
      prefix: backends.topicPrefix,
      logger: silentLogger,
    });
    const admin = await log.admin();
    await admin.createTopics([{ name: EVENTS_TOPIC, partitions: 3, config: { 'max.message.bytes': '100000' } }]);
    await admin.close();
  });

  afterAll(async () => {
    const admin = await log.admin();
    await admin.deleteTopics([EVENTS_TOPIC]);
    await admin.close();
  });

  /** Reads until `count` events are seen. It commits nothing, so a member that joins again reads again: a record counts once by its offset. */
  async function read(count: number): Promise<Seen[]> {
    const seen = new Map<string, Seen>();
    const consumption = await log.consume({
      group: `reader-${Date.now()}`,
      lane: {
        name: '',
        topics: [EVENTS_TOPIC],
        fetch: { maxWaitMs: 100 },
        open: () =>
          Promise.resolve({
            onBatch: ({ partition, records }) => {
              for (const { offset, key, value } of records) {
                const decoded = decode(value);
                if (decoded.kind === 'ok')
                  seen.set(`${partition}/${offset}`, {
                    partition,
                    offset,
                    key: key?.toString() ?? '',
                    event: decoded.value,
                  });
              }
              return Promise.resolve({ kind: 'done' });
            },
            close: () => Promise.resolve(),
          }),
      },
    });
    await expect.poll(() => seen.size, { timeout: 60_000, interval: 100 }).toBeGreaterThanOrEqual(count);
    await consumption.stop();
    return [...seen.values()];
  }

  it('delivers every event once, a session in order on one partition', async () => {
    const { brokers, topicPrefix } = backends;
    const emitter = createEmitter({ brokers, topicPrefix, tenantId: 'acme', agentId: 'planner', idleMs: 50 });
    const sessions = Array.from({ length: 20 }, (_, i) => emitter.session({ goal: `goal ${i}` }));
    for (let step = 0; step < 50; step++) {
      for (const session of sessions) session.tool({ name: 'search', input: { step }, output: 'x'.repeat(200) });
      if (step === 25) expect(await emitter.flush(30_000)).toBe(true);
    }
    for (const session of sessions) session.end();
    await emitter.close(30_000);
    const expected = 20 * 52;
    expect(emitter.stats()).toMatchObject({ recorded: expected, sent: expected, retries: 0, buffered: 0 });

    const seen = await read(expected);
    expect(doubled(seen)).toEqual([]);
    expect(seen).toHaveLength(expected);
    for (const { id } of sessions) {
      const own = seen.filter(({ event }) => event.session_id === id);
      expect(own.map(({ event }) => event.seq)).toEqual(Array.from({ length: 52 }, (_, i) => i));
      expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
      expect(tupleParts(own[0]!.key)).toEqual(['acme', id]);
    }
  });

  it('drops what Kafka refuses for its size, alone, and says so', async () => {
    const { brokers, topicPrefix } = backends;
    const notices: string[] = [];
    const emitter = createEmitter({
      brokers,
      topicPrefix,
      tenantId: 'acme',
      agentId: 'big',
      maxContentBytes: 200_000,
      onNotice: (notice) => notices.push(notice),
    });
    const session = emitter.session({ resumed: true });
    session.tool({ name: 'fine' });
    session.tool({ name: 'big', input: 'x'.repeat(200_000) });
    session.tool({ name: 'fine' });
    expect(await emitter.flush(60_000)).toBe(true);
    await emitter.close();
    expect(emitter.stats()).toMatchObject({ recorded: 3, sent: 2, dropped: { rejected: 1 } });
    expect(notices).toEqual([expect.stringContaining('MESSAGE_TOO_LARGE')]);
  });

  it('throws nothing where no Kafka is, says so once, and counts', async () => {
    const notices: string[] = [];
    const emitter = createEmitter({
      brokers: '127.0.0.1:1',
      tenantId: 'acme',
      agentId: 'lonely',
      bufferEvents: 5,
      retryMs: 10,
      onNotice: (notice) => notices.push(notice),
    });
    const session = emitter.session({ goal: 'nobody hears' });
    for (let i = 0; i < 4; i++) session.tool({ name: 't' });
    await expect.poll(() => notices.length, { timeout: 60_000 }).toBe(1);
    expect(await emitter.flush(100)).toBe(false);
    await emitter.close(100);
    expect(emitter.stats()).toMatchObject({ recorded: 5, sent: 0, buffered: 0, dropped: { closed: 5 } });
    expect(emitter.stats().retries).toBeGreaterThan(0);
    expect(notices.filter((notice) => notice.includes('takes no events'))).toHaveLength(1);
  });
});
