import { catalogueIds } from '@watchkeeper/schemas';
import { beforeEach, describe, expect, it } from 'vitest';
import { commonSettings } from './common-settings.js';
import { systemClock } from './clock.js';
import type { Assignment, Batch, Lease, OutgoingRecord } from './contract.js';
import { fenced } from './errors.js';
import { silentLogger } from './log.js';
import { memoryLog } from './memory-log.js';
import { createMetrics } from './metrics.js';
import { perKey } from './per-key.js';
import type { PerKeyOptions } from './per-key-options.js';
import { topic, type RoleContext } from './role.js';
import { memoryStore, type RestoredPartition, type StateStore } from './state-store.js';
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
const warned: unknown[] = [];
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
    logger: Object.assign(Object.create(silentLogger) as typeof silentLogger, {
      warn: (about: unknown) => void warned.push(about),
    }),
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

const stopping: Lease = { ...lease, signal: AbortSignal.abort() };

let kept = new Map<string, Buffer>();
let ofPartition: RestoredPartition | undefined;
let refuse = false;
/** A store of one partition's state that outlives its users. */
function noting(): StateStore {
  return {
    durable: true,
    open: ({ partition }) =>
      Promise.resolve({
        restore(sink) {
          for (const [key, state] of kept) sink.keep(key, state);
          return Promise.resolve(ofPartition);
        },
        checkpoint(checkpoint, offset) {
          if (refuse) return Promise.reject(new Error('refused'));
          const changes = [...checkpoint.changes];
          for (const { key, state } of changes) {
            if (state) kept.set(key, state);
            else kept.delete(key);
          }
          ofPartition = { offset, partition: checkpoint.partition, life: undefined };
          happened.push(`checkpoint ${offset}: ${changes.length}`);
          return Promise.resolve(0);
        },
        close: () => Promise.resolve(void happened.push(`closed ${partition}`)),
      }),
  };
}

beforeEach(() => {
  kept = new Map();
  ofPartition = undefined;
  refuse = false;
});

describe('a keyed worker', () => {
  it('stays in its group while thousands of keys expire at one record', async () => {
    const keys = 2_000;
    const worker = await (await laneOf(memoryStore(), { maxKeys: 2 * keys })).open(assignment(), lease);
    let beats = 0;
    const beating: Lease = {
      ...lease,
      heartbeat() {
        beats += 1;
        return Promise.resolve();
      },
    };
    const record = (offset: number, occurred_at: number) => ({
      ...batchOf(offset).records[0]!,
      value: testValue(testEvent({ session_id: `s${offset}`, seq: 0, occurred_at })),
    });
    const early = Array.from({ length: keys }, (_, offset) => record(offset, offset));
    await worker.onBatch({ ...batchOf(keys - 1), records: early }, lease);
    expect(happened.filter((one) => one.startsWith('close'))).toEqual([]);
    await worker.onBatch({ ...batchOf(keys), records: [record(keys, 600_000_000)] }, beating);
    expect(happened.filter((one) => one.startsWith('close'))).toHaveLength(keys);
    expect(beats).toBeGreaterThan(5);
  });

  it('says once that keys are closed because no more may be held', async () => {
    warned.length = 0;
    const worker = await (await laneOf(memoryStore(), { maxKeys: 1 })).open(assignment(), lease);
    const record = (offset: number, session: string) => ({
      ...batchOf(offset).records[0]!,
      value: testValue(testEvent({ session_id: session, seq: 0 })),
    });
    const records = ['a', 'b', 'c'].map((session, offset) => record(offset, session));
    await worker.onBatch({ ...batchOf(2), records: records.slice(0, 1) }, lease);
    expect(warned).toEqual([]);
    for (const one of records.slice(1)) await worker.onBatch({ ...batchOf(one.offset), records: [one] }, lease);
    expect(warned).toEqual([{ topic: 'agent.events', partition: 0, keys: 1 }]);
  });

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

  it('decides nothing by the clock where it slept for longer than its session, or is out of the group', async () => {
    const lane = await laneOf(noting(), {
      onLogEnd: (micros) => micros + 9_000_000,
      onWatermark: (micros) => [say(`mark ${micros}`)],
    });
    const worker = await lane.open(assignment(), lease);
    await worker.onBatch(batchOf(0), lease);
    const slept: Lease = { ...lease, msSinceHeartbeat: () => 20_000, sessionTimeoutMs: 15_000 };
    await expect(worker.onIdle?.(slept)).rejects.toMatchObject({ code: 'WK_FENCED' });
    const out: Lease = { ...lease, heartbeat: () => Promise.reject(fenced('its partitions')) };
    await expect(worker.onIdle?.(out)).rejects.toMatchObject({ code: 'WK_FENCED' });
    expect(happened).toEqual(['mark 0']);
  });

  it('checkpoints states, tombstones and the watermark with a durable store, and goes on from them', async () => {
    const first = await (await laneOf(noting())).open(assignment(), lease);
    await first.onBatch(batchOf(0), lease);
    expect(happened).toEqual([]);
    await first.onTick?.(stopping);
    expect(happened).toEqual(['checkpoint 1: 1']);
    // Another process: nothing but the store is left.
    const second = await (await laneOf(noting())).open(assignment(1), lease);
    await second.onBatch(batchOf(1, 100), lease);
    await second.onTick?.(stopping);
    expect(happened).toEqual(['count 0,1', 'close 0,1', 'checkpoint 101: 1']);
  });

  it('says where to go on: beyond what is committed where it is ahead, and not behind what was committed without it', async () => {
    const lane = await laneOf(noting());
    const first = await lane.open(assignment(), lease);
    await first.onBatch(batchOf(0), lease);
    await first.onTick?.(stopping);
    await first.onBatch(batchOf(1, 2), lease);
    await first.close();
    const again = await lane.open(assignment(1), lease);
    expect(again.startOffset).toBe(3);
    await again.close();
    const elsewhere = await (await laneOf(noting())).open(assignment(1), lease);
    expect(elsewhere.startOffset).toBe(1);
    const behind = await (await laneOf(noting())).open(assignment(2), lease);
    expect(behind.startOffset).toBe(2);
    await behind.onBatch(batchOf(3), lease);
    expect(happened).toEqual([]);
  });

  it('lets go of what went to others, and of what its checkpoint was refused', async () => {
    const lane = await laneOf(noting());
    const first = await lane.open(assignment(), lease);
    await first.onBatch(batchOf(0), lease);
    await first.close();
    const other = await lane.open({ ...assignment(), partition: 1 }, lease);
    await other.onTick?.(lease);
    expect(happened).toEqual(['closed 0']);
    refuse = true;
    await other.onBatch(batchOf(0), lease);
    await expect(other.onTick?.(stopping)).rejects.toThrow('refused');
    await expect(other.onBatch(batchOf(1), lease)).rejects.toMatchObject({ code: 'WK_FENCED' });
    await other.close();
    expect(happened).toEqual(['closed 0', 'closed 1']);
  });
});
