import { catalogueIds } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { commonSettings } from './common-settings.js';
import { systemClock } from './clock.js';
import type { Assignment, Batch, Lease, OutgoingRecord } from './contract.js';
import { silentLogger } from './log.js';
import { memoryLog } from './memory-log.js';
import { createMetrics } from './metrics.js';
import { perKey } from './per-key.js';
import type { PerKeyOptions } from './per-key-options.js';
import { topic, type RoleContext } from './role.js';
import { memoryStore, type Checkpoint, type StateStore } from './state-store.js';
import {
  countDetector,
  countInput,
  CountView,
  testEvent,
  testValue,
  type CountInput,
  type CountOutput,
  type CountState,
} from './testing.js';
import { eventTimeWatermark } from './watermark.js';

type View = NonNullable<(typeof CountView)['value']>;
const happened: string[] = [];
const say = (what: string): OutgoingRecord => ({ key: null, value: Buffer.from(what) });

async function laneOf(
  states: StateStore = memoryStore(),
  of: Partial<PerKeyOptions<View, CountState, CountInput, CountOutput>> = {},
) {
  happened.length = 0;
  const log = memoryLog({ topics: { 'agent.detections': 1 } });
  const producer = await log.producer();
  const context: RoleContext = {
    role: 'counter',
    settings: commonSettings.parse({ KAFKA_BROKERS: 'a:1' }),
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics(),
    admin: await log.admin(),
    producer: {
      ...producer,
      send(_topic, records) {
        happened.push(...records.map((record) => String(record.value)));
        return Promise.resolve();
      },
    },
    deadLetters: { send: () => Promise.resolve(), note: () => undefined },
    states,
    schemas: catalogueIds(),
    writerTypeOf: catalogueIds().writerTypeOf,
    encode: () => Buffer.alloc(0),
    signal: new AbortController().signal,
  };
  const processor = perKey<View, CountState, CountInput, CountOutput>({
    detector: countDetector(2),
    input: countInput,
    watermark: eventTimeWatermark({ timeOf: (input: CountInput) => input.timeMicros, latenessMicros: 0 }),
    timeOf: (input) => input.timeMicros,
    idleMs: 60_000,
    maxKeys: 10,
    output: (out) => say(`${out.why} ${out.seqs.join()}`),
    ...of,
  });
  const [lane] = await processor.lanes(context, {
    reads: [topic('agent.events', CountView)],
    writes: topic('agent.detections', 'Detection'),
  });
  return lane!;
}

const lease: Lease = {
  commit: (offset) => Promise.resolve(void happened.push(`commit ${offset}`)),
  heartbeat: () => Promise.resolve(),
  msSinceHeartbeat: () => 0,
  sessionTimeoutMs: 1,
  signal: new AbortController().signal,
};
const assignment = (offset?: number): Assignment => ({
  topic: 'agent.events',
  partition: 0,
  partitions: 1,
  committed: offset === undefined ? undefined : { offset, metadata: '' },
});
const batchOf = (...seqs: number[]): Batch => ({
  topic: 'agent.events',
  partition: 0,
  records: seqs.map((seq) => ({
    offset: seq,
    timestampMs: 1,
    key: null,
    headers: {},
    value: testValue(testEvent({ session_id: 's', seq })),
  })),
  nextOffset: (seqs.at(-1) ?? 0) + 1,
  highWatermark: 99,
});

describe('a keyed worker', () => {
  it('appends outputs, then marks, then commits', async () => {
    const lane = await laneOf(memoryStore(), { onWatermark: (micros) => [say(`mark ${micros}`)] });
    const worker = await lane.open(assignment(), lease);
    await worker.onBatch(batchOf(0, 1, 2), lease);
    await worker.onBatch(batchOf(2), lease);
    expect(happened).toEqual(['count 0,1', 'mark 2000000', 'commit 3', 'count 0,1,2,2', 'commit 3']);
  });

  it('keeps its memory where the committed offset is its own', async () => {
    const lane = await laneOf();
    const first = await lane.open(assignment(), lease);
    await first.onBatch(batchOf(0), lease);
    await first.close();
    const again = await lane.open(assignment(1), lease);
    await again.onBatch(batchOf(1), lease);
    expect(happened).toEqual(['commit 1', 'count 0,1', 'commit 2']);
  });

  it('drops its memory where someone else has gone on, and where its own batch failed', async () => {
    const lane = await laneOf();
    const first = await lane.open(assignment(), lease);
    await first.onBatch(batchOf(0), lease);
    await first.close();
    const second = await lane.open(assignment(3), lease);
    await second.onBatch(batchOf(3), lease);
    await second
      .onBatch(batchOf(4), { ...lease, commit: () => Promise.reject(new Error('lost')) })
      .catch(() => undefined);
    await second.close();
    const third = await lane.open(assignment(4), lease);
    await third.onBatch(batchOf(4, 5), lease);
    expect(happened).toEqual(['commit 1', 'commit 4', 'count 3,4', 'count 4,5', 'commit 6']);
  });

  it("moves the watermark at the log's end as the role says, and marks it", async () => {
    const lane = await laneOf(memoryStore(), {
      onLogEnd: (micros) => micros + 9_000_000,
      onWatermark: (micros) => [say(`mark ${micros}`)],
    });
    const worker = await lane.open(assignment(), lease);
    await worker.onBatch(batchOf(0), lease);
    await worker.onIdle?.(lease);
    expect(happened).toEqual(['mark 0', 'commit 1', 'timer 0', 'mark 9000000', 'commit 1']);
  });

  it('checkpoints states, tombstones and the watermark with a durable store, and goes on from them', async () => {
    const kept = new Map<string, Buffer>();
    let partition = Buffer.alloc(0);
    const states: StateStore = {
      durable: true,
      restore: (_place, committed) =>
        Promise.resolve(
          committed && { keys: [...kept].map(([key, state]) => ({ key, state })), partition, offset: committed.offset },
        ),
      checkpoint(_place, checkpoint: Checkpoint, nextOffset) {
        for (const { key, state } of checkpoint.changes) {
          if (state) kept.set(key, state);
          else kept.delete(key);
        }
        partition = checkpoint.partition as Buffer<ArrayBuffer>;
        happened.push(`checkpoint ${nextOffset}: ${checkpoint.changes.length}`);
        return Promise.resolve();
      },
      release: () => Promise.resolve(),
    };
    const first = await (await laneOf(states)).open(assignment(), lease);
    await first.onBatch(batchOf(0), lease);
    expect(happened).toEqual(['checkpoint 1: 1']);
    // Another process: nothing but the store is left.
    const second = await (await laneOf(states)).open(assignment(1), lease);
    await second.onBatch(batchOf(1, 100), lease);
    expect(happened).toEqual(['count 0,1', 'close 0,1', 'checkpoint 101: 1']);
  });
});
