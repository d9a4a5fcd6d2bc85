import { catalogueIds, fullView, viewDecoder, type Detection } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { backfill } from './backfill.js';
import { z } from 'zod';
import { detectionOutput } from './detection-output.js';
import { hostRoles } from './host.js';
import { memoryLog } from './memory-log.js';
import { createMetrics } from './metrics.js';
import { perKey } from './per-key.js';
import { defineRole, topic } from './role.js';
import {
  countDetector,
  countInput,
  CountView,
  testEvent,
  testValue,
  type CountInput,
  type CountOutput,
} from './testing.js';
import { eventTimeWatermark } from './watermark.js';

const draft = (out: CountOutput) => ({
  detection_id: `${out.key}/${out.why}/${out.count}`,
  revision: 1,
  tenant_id: 't',
  detector: 'count',
  detector_version: 1,
  kind: `count.${out.why}`,
  subject: out.key,
  agent_id: 'a',
  agent_version: '',
  session_id: out.key,
  metric: '',
  anchor: 0,
  status: 'OPEN' as const,
  severity: 'INFO' as const,
  score: 1,
  threshold: 1,
  confidence: 1,
  first_event_id: '',
  last_event_id: '',
  first_seq: 0,
  last_seq: 0,
  window_start: 0,
  window_end: 0,
  explanation: '',
  evidence: JSON.stringify(out.seqs),
  wasted_tokens: 0,
  wasted_cost_nano_usd: 0,
  wasted_ms: 0,
});

const countRole = defineRole({
  name: 'counter',
  settings: z.object({ COUNT_EVERY: z.coerce.number().int().default(3).describe('How often to speak.') }),
  settingsPrefix: 'COUNT_',
  reads: topic('agent.events', CountView),
  writes: topic('agent.detections', 'Detection'),
  process: (settings) =>
    perKey({
      detector: countDetector(settings.COUNT_EVERY),
      input: (event, _record, at) => (event.seq < 0 ? at.skip('negative') : countInput(event)),
      watermark: eventTimeWatermark({ timeOf: (input: CountInput) => input.timeMicros, latenessMicros: 0 }),
      timeOf: (input: CountInput) => input.timeMicros,
      idleMs: 60_000,
      maxKeys: 100,
      output: (out, at) => detectionOutput(draft(out), at),
    }),
});

const COUNTER_TOPICS = { 'agent.events': 1, 'agent.detections': 1, 'counter.agent.events.changelog': 1 };

const decodeDetection = viewDecoder(fullView('Detection'), catalogueIds().writerTypeOf);
const detections = (values: readonly { value: Buffer | null }[]): Detection[] =>
  values.map(({ value }) => {
    const decoded = decodeDetection(value);
    if (decoded.kind === 'bad') throw new Error(decoded.error);
    return decoded.value;
  });

describe('perKey', () => {
  it('judges a topic, says where the evidence lies, and commits behind its outputs', async () => {
    const log = memoryLog({
      topics: { 'agent.events': 2, 'agent.detections': 1, 'counter.agent.events.changelog': 2 },
      nowMs: () => 1_700_000_000_000,
    });
    const metrics = createMetrics();
    const events = [0, 1, 2, 3].map((seq) => ({
      key: 's',
      value: testValue(testEvent({ session_id: 's', seq })),
      partition: 1,
    }));
    log.append('agent.events', [...events, { key: 's', value: Buffer.from('nonsense'), partition: 1 }]);
    const host = await hostRoles([countRole], { LOG_LEVEL: 'silent', CHECKPOINT_MS: '10' }, { log, metrics });
    await log.drained('counter', 'agent.events');
    await host.stop();
    await host.done;
    const found = detections(log.records('agent.detections'));
    expect(
      found.map(({ kind, evidence, source_topic, source_partition, source_offset, source_timestamp }) => [
        kind,
        evidence,
        source_topic,
        source_partition,
        source_offset,
        source_timestamp,
      ]),
    ).toEqual([['count.count', '[0,1,2]', 'agent.events', 1, 2, 1_700_000_000_000]]);
    expect(found[0]!.detected_at).toBeGreaterThan(0);
    expect(await metrics.valueOf('recordsBad', { role: 'counter', reason: 'not_confluent' })).toBe(1);
    expect(await metrics.valueOf('recordsIn', { role: 'counter' })).toBe(5);
    expect(await metrics.valueOf('rebalances', { role: 'counter' })).toBe(1);
  });

  it('goes on from the committed offset, with the memory it had where it kept the partition', async () => {
    const log = memoryLog({ topics: COUNTER_TOPICS });
    const append = (seq: number) =>
      log.append('agent.events', [{ key: 's', value: testValue(testEvent({ session_id: 's', seq })) }]);
    append(0);
    append(1);
    const metrics = createMetrics();
    const first = await hostRoles([countRole], { LOG_LEVEL: 'silent', CHECKPOINT_MS: '10' }, { log, metrics });
    await log.drained('counter', 'agent.events');
    // A second member comes: the group rebalances, the only partition stays where it was.
    const second = await hostRoles([countRole], { LOG_LEVEL: 'silent', CHECKPOINT_MS: '10' }, { log });
    await second.ready;
    expect(await metrics.valueOf('rebalanceStop', { role: 'counter' })).toBeGreaterThan(0);
    append(2);
    await log.drained('counter', 'agent.events');
    await second.stop();
    await first.stop();
    expect(detections(log.records('agent.detections')).map((one) => one.evidence)).toEqual(['[0,1,2]']);
  });

  it('goes on with its state after a restart, and begins empty where it keeps none', async () => {
    for (const [store, found] of [
      ['changelog', ['[0,1,2]']],
      ['memory', []],
    ] as const) {
      const log = memoryLog({ topics: COUNTER_TOPICS });
      for (const seq of [0, 1, 2]) {
        log.append('agent.events', [{ key: 's', value: testValue(testEvent({ session_id: 's', seq })) }]);
        const host = await hostRoles([countRole], { LOG_LEVEL: 'silent', STATE_STORE: store }, { log });
        await log.drained('counter', 'agent.events');
        await host.stop();
      }
      expect(detections(log.records('agent.detections')).map((one) => one.evidence)).toEqual(found);
    }
  });

  it('judges a topic that was made anew from its beginning, and keeps nothing in mind of the one before', async () => {
    const log = memoryLog({ topics: COUNTER_TOPICS });
    const admin = await log.admin();
    const append = (...seqs: number[]) =>
      log.append(
        'agent.events',
        seqs.map((seq) => ({ key: 's', value: testValue(testEvent({ session_id: 's', seq })) })),
      );
    const judge = async () => {
      const host = await hostRoles([countRole], { LOG_LEVEL: 'silent', CHECKPOINT_MS: '10' }, { log });
      await log.drained('counter', 'agent.events');
      await host.stop();
    };
    append(0, 1);
    await judge();
    await admin.deleteTopics(['agent.events']);
    await admin.createTopics([{ name: 'agent.events', partitions: 1, config: {} }]);
    append(2, 3, 4, 5);
    await judge();
    expect(detections(log.records('agent.detections')).map((one) => one.evidence)).toEqual(['[2,3,4]']);
    // Where the old offset was committed again, by a member that did not notice, nobody can say what was judged: it stops and says so.
    await admin.deleteTopics(['agent.events']);
    await admin.createTopics([{ name: 'agent.events', partitions: 1, config: {} }]);
    append(6, 7, 8, 9, 10);
    const transactor = await log.transactor('someone');
    await transactor.transact('counter.agent.events.changelog', [], {
      group: 'counter',
      topic: 'agent.events',
      partition: 0,
      nextOffset: 4,
    });
    const stopped = await hostRoles([countRole], { LOG_LEVEL: 'silent', CHECKPOINT_MS: '10' }, { log });
    await expect(stopped.done).rejects.toMatchObject({ code: 'WK_OTHER_LOG' });
    await backfill({ log, admin, role: 'counter', topic: 'agent.events', dryRun: false });
    await judge();
    expect(detections(log.records('agent.detections')).map((one) => one.evidence)).toEqual(['[2,3,4]', '[6,7,8]']);
  });

  it('judges everything again after a backfill, which it refuses while the role is at work', async () => {
    const log = memoryLog({ topics: COUNTER_TOPICS });
    const admin = await log.admin();
    const of = { log, admin, role: 'counter', topic: 'agent.events' };
    log.append(
      'agent.events',
      [0, 1, 2].map((seq) => ({ key: 's', value: testValue(testEvent({ session_id: 's', seq })) })),
    );
    const host = await hostRoles([countRole], { LOG_LEVEL: 'silent', CHECKPOINT_MS: '10' }, { log });
    await log.drained('counter', 'agent.events');
    await expect(backfill({ ...of, dryRun: true })).rejects.toMatchObject({ code: 'WK_GROUP_BUSY' });
    await host.stop();
    const report = { topic: 'agent.events', partitions: 1, records: 3, states: 2 };
    expect(await backfill({ ...of, dryRun: true })).toEqual(report);
    expect((await admin.committed('counter', 'agent.events')).get(0)?.offset).toBe(3);
    expect(await backfill({ ...of, dryRun: false })).toEqual(report);
    expect((await admin.committed('counter', 'agent.events')).get(0)?.offset).toBe(0);
    const again = await hostRoles([countRole], { LOG_LEVEL: 'silent', CHECKPOINT_MS: '10' }, { log });
    await log.drained('counter', 'agent.events');
    await again.stop();
    expect(detections(log.records('agent.detections')).map((one) => one.evidence)).toEqual(['[0,1,2]', '[0,1,2]']);
    expect(await backfill({ ...of, role: 'landing', dryRun: true })).toBeUndefined();
  });

  it('refuses to start where its changelog has other partitions than its source', async () => {
    const log = memoryLog({ topics: { ...COUNTER_TOPICS, 'agent.events': 2 } });
    const host = await hostRoles([countRole], { LOG_LEVEL: 'silent' }, { log });
    await expect(host.done).rejects.toMatchObject({ code: 'WK_PARTITIONS_DIFFER' });
  });

  it('stops the role where a detector throws, and commits nothing past the failure', async () => {
    const log = memoryLog({ topics: { ...COUNTER_TOPICS, 'broken.agent.events.changelog': 1 } });
    log.append('agent.events', [{ key: 's', value: testValue(testEvent({ session_id: 's', seq: 1 })) }]);
    const broken = defineRole({
      name: 'broken',
      settings: z.object({}),
      settingsPrefix: 'BROKEN_',
      reads: topic('agent.events', CountView),
      writes: topic('agent.detections', 'Detection'),
      process: () =>
        perKey({
          detector: {
            ...countDetector(),
            onEvent: () => {
              throw new Error('a bug');
            },
          },
          input: countInput,
          watermark: eventTimeWatermark({ timeOf: (input: CountInput) => input.timeMicros, latenessMicros: 0 }),
          timeOf: (input: CountInput) => input.timeMicros,
          idleMs: 60_000,
          maxKeys: 100,
          output: (out, at) => detectionOutput(draft(out), at),
        }),
    });
    const host = await hostRoles([broken], { LOG_LEVEL: 'silent', CHECKPOINT_MS: '10' }, { log });
    await expect(host.done).rejects.toThrow('a bug');
    const admin = await log.admin();
    expect((await admin.committed('broken', 'agent.events')).size).toBe(0);
  });
});
