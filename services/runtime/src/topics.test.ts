import { describe, expect, it } from 'vitest';
import { memoryLog } from './memory-log.js';
import { ensureTopics, parseTopics, readTopics } from './topics.js';

describe('the list of topics', () => {
  it("has the design's topics, stamped by the log, with room for 8 MiB where events travel", () => {
    const topics = readTopics();
    expect(Object.fromEntries(topics.map(({ name, partitions }) => [name, partitions]))).toEqual({
      'agent.events': 12,
      'agent.measures': 6,
      'agent.detections': 1,
      'agent.alerts': 1,
      'agent.controls': 3,
      'agent.dead-letters': 1,
      'watchkeeper.once': 1,
      'watchkeeper.redrives': 1,
      // As many as the source has.
      'loop-detector.agent.events.changelog': 12,
      'drift-detector.agent.events.changelog': 12,
      'meter.agent.events.changelog': 12,
      'anomaly-detector.agent.measures.changelog': 6,
    });
    for (const { config } of topics) expect(config['message.timestamp.type']).toBe('LogAppendTime');
    expect(Number(topics[0]?.config['max.message.bytes'])).toBeGreaterThan(8 * 1024 * 1024);
  });

  it('refuses what is no list of topics', () => {
    expect(() => parseTopics('[{"name": "a b", "partitions": 1, "config": {}}]')).toThrow();
    expect(() => parseTopics('[{"name": "a", "partitions": 0, "config": {}}]')).toThrow();
    expect(() => parseTopics('[{"name": "a", "partitions": 1, "config": {}, "more": 1}]')).toThrow();
  });
});

describe('ensureTopics', () => {
  const wanted = [
    { name: 'a', partitions: 2, config: { 'retention.ms': '5' } },
    { name: 'b', partitions: 1, config: {} },
  ];

  it('makes what is missing, once, and changes nothing that is there', async () => {
    const admin = await memoryLog({ topics: { b: 3 } }).admin();
    expect(await ensureTopics(admin, wanted)).toEqual({
      created: ['a'],
      differences: ['b has 3 partitions, and the list says 1.'],
    });
    expect(await ensureTopics(admin, wanted)).toEqual({
      created: [],
      differences: ['b has 3 partitions, and the list says 1.'],
    });
    expect(await admin.topics()).toEqual(
      new Map([
        ['b', 3],
        ['a', 2],
      ]),
    );
  });

  it('reports settings that differ', async () => {
    const admin = await memoryLog({ topics: { a: 2, b: 1 } }).admin();
    expect((await ensureTopics(admin, wanted)).differences).toEqual([
      'a has retention.ms=(unset), and the list says 5.',
    ]);
  });
});
