// The laws of LogAdapter: every adapter passes this suite, in tests alone.

import { afterEach, describe, expect, it } from 'vitest';
import type {
  Assignment,
  Batch,
  BatchOutcome,
  Consumption,
  Lane,
  Lease,
  LogAdapter,
  OutgoingRecord,
  PartitionWorker,
} from './contract.js';
import { deferred } from './deferred.js';

/** An adapter under test. Topic names are unique per call of `topic`. */
export interface AdapterUnderTest {
  readonly log: LogAdapter;
  topic(partitions: number): Promise<string>;
  /** Retention: removes what lies below `offset`. */
  dropBelow(topic: string, partition: number, offset: number): Promise<void>;
  /** How long a rebalance waits for a batch at hand, at least. */
  readonly rebalanceTimeoutMs: number;
}

const PATIENCE_MS = 30_000;
const DONE: BatchOutcome = { kind: 'done' };

/** Waits until `state` holds. */
async function until(what: string, state: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!(await state())) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface Seen {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly text: string;
}

/** A lane that notes what it is given, and does as `work` says. */
function noting(
  topics: readonly string[],
  work: (batch: Batch, lease: Lease) => Promise<BatchOutcome>,
  onIdle?: (partition: number, lease: Lease) => Promise<void>,
) {
  const seen: Seen[] = [];
  const opened: Assignment[] = [];
  const closed: Assignment[] = [];
  const lane: Lane = {
    name: '',
    topics,
    fetch: { maxWaitMs: 50, idleMs: 200 },
    open(assignment) {
      opened.push(assignment);
      return Promise.resolve({
        async onBatch(batch, lease) {
          const outcome = await work(batch, lease);
          if (outcome.kind === 'done') {
            for (const { offset, value } of batch.records)
              seen.push({ topic: batch.topic, partition: batch.partition, offset, text: String(value) });
          }
          return outcome;
        },
        ...(onIdle ? { onIdle: (lease: Lease) => onIdle(assignment.partition, lease) } : {}),
        close() {
          closed.push(assignment);
          return Promise.resolve();
        },
      });
    },
  };
  return { lane, seen, opened, closed };
}

const committing = async (batch: Batch, lease: Lease): Promise<BatchOutcome> => {
  await lease.commit(batch.nextOffset);
  return DONE;
};

const numbered = (count: number, from = 0): OutgoingRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `k${(from + index) % 7}`,
    value: Buffer.from(String(from + index)),
  }));

/** The suite. `make` is called once per test. */
export function adapterLaws(name: string, make: () => Promise<AdapterUnderTest>): void {
  describe(`${name} keeps the laws of a log adapter:`, () => {
    const running: Consumption[] = [];
    let groups = 0;
    const freshGroup = (): string => `laws-${Date.now().toString(36)}-${groups++}`;

    async function consume(
      under: AdapterUnderTest,
      group: string,
      lane: Lane,
      acceptGap = false,
    ): Promise<Consumption> {
      const consumption = await under.log.consume({ group, lane, acceptGap });
      consumption.done.catch(() => undefined);
      running.push(consumption);
      return consumption;
    }

    /** Stops a member while its worker is at a batch, which `end` then ends; resolves once it has stopped well. */
    async function stopAmid(under: AdapterUnderTest, group: string, topic: string, end: PartitionWorker['onBatch']) {
      const started = deferred<undefined>();
      const goOn = deferred<undefined>();
      const noted = noting([topic], async (batch, lease) => {
        started.resolve(undefined);
        await goOn.promise;
        return end(batch, lease);
      });
      const consumption = await consume(under, group, noted.lane);
      await started.promise;
      const stopped = consumption.stop();
      goOn.resolve(undefined);
      await stopped;
      await consumption.done;
      return noted;
    }

    async function fill(under: AdapterUnderTest, topic: string, records: readonly OutgoingRecord[]): Promise<void> {
      const producer = await under.log.producer();
      await producer.send(topic, records);
      await producer.close();
    }

    async function committedOf(under: AdapterUnderTest, group: string, topic: string) {
      const admin = await under.log.admin();
      const found = await admin.committed(group, topic);
      await admin.close();
      return found;
    }

    afterEach(async () => {
      await Promise.all(running.splice(0).map((consumption) => consumption.stop()));
    });

    it('delivers each record once, in offset order per partition, with key, time and headers', async () => {
      const under = await make();
      const topic = await under.topic(3);
      const beforeMs = Date.now();
      await fill(under, topic, [...numbered(500), { key: 'h', value: Buffer.from('last'), headers: { trace: 'x' } }]);
      const batches: Batch[] = [];
      const { lane, seen } = noting([topic], (batch, lease) => {
        batches.push(batch);
        return committing(batch, lease);
      });
      await consume(under, freshGroup(), lane);
      await until('all are seen', () => seen.length >= 501);
      for (const partition of [0, 1, 2]) {
        const offsets = seen.filter((one) => one.partition === partition).map((one) => one.offset);
        expect(offsets).toEqual(offsets.map((_, index) => index));
      }
      expect(new Set(seen.map((one) => one.text)).size).toBe(501);
      const records = batches.flatMap((batch) => batch.records);
      for (const record of records) expect(Math.abs(record.timestampMs - beforeMs)).toBeLessThan(60_000);
      expect(records.find((record) => String(record.value) === 'last')?.headers['trace']?.toString()).toBe('x');
      expect(records.find((record) => String(record.value) === '1')?.key?.toString()).toBe('k1');
      for (const batch of batches) expect(batch.nextOffset).toBe((batch.records.at(-1)?.offset ?? 0) + 1);
    });

    it('puts all records of a key on one partition, and those with a partition there', async () => {
      const under = await make();
      const topic = await under.topic(4);
      await fill(under, topic, [...numbered(70), { key: 'k1', value: Buffer.from('there'), partition: 3 }]);
      const { lane, seen } = noting([topic], committing);
      await consume(under, freshGroup(), lane);
      await until('all are seen', () => seen.length >= 71);
      for (let key = 0; key < 7; key++) {
        expect(new Set(seen.filter((one) => Number(one.text) % 7 === key).map((one) => one.partition)).size).toBe(1);
      }
      expect(seen.find((one) => one.text === 'there')?.partition).toBe(3);
    });

    it('never moves a commit backwards, and refuses metadata that is too long', async () => {
      const under = await make();
      const topic = await under.topic(1);
      await fill(under, topic, numbered(5));
      const refused: unknown[] = [];
      const { lane, seen } = noting([topic], async (_batch, lease) => {
        await lease.commit(3);
        await lease.commit(1).catch((error: unknown) => refused.push(error));
        await lease.commit(4, 'x'.repeat(5_000)).catch((error: unknown) => refused.push(error));
        await lease.commit(3, 'same');
        return DONE;
      });
      const group = freshGroup();
      await consume(under, group, lane);
      await until('it is seen', () => seen.length >= 5);
      expect(refused.map((error) => (error as { code?: string }).code)).toEqual([
        'WK_COMMIT_BACKWARDS',
        'WK_COMMIT_METADATA',
      ]);
      expect((await committedOf(under, group, topic)).get(0)).toEqual({ offset: 3, metadata: 'same' });
    });

    it('gives the committed offset and its metadata to the next holder', async () => {
      const under = await make();
      const topic = await under.topic(1);
      await fill(under, topic, numbered(10));
      const group = freshGroup();
      const first = noting([topic], async (_batch, lease) => {
        await lease.commit(4, '{"pendingTo":9}');
        return DONE;
      });
      const consumption = await consume(under, group, first.lane);
      await until('it is seen', () => first.seen.length > 0);
      await consumption.stop();
      const second = noting([topic], committing);
      await consume(under, group, second.lane);
      await until('the rest is seen', () => second.seen.length >= 6);
      expect(second.opened[0]).toMatchObject({
        topic,
        partition: 0,
        partitions: 1,
        committed: { offset: 4, metadata: '{"pendingTo":9}' },
      });
      expect(second.seen.map((one) => one.offset)).toEqual([4, 5, 6, 7, 8, 9]);
    });

    it('surfaces a failure and commits nothing past it', async () => {
      const under = await make();
      const topic = await under.topic(1);
      await fill(under, topic, numbered(3));
      const group = freshGroup();
      const { lane, closed } = noting([topic], async (_batch, lease) => {
        await lease.commit(1);
        throw new Error('the worker broke');
      });
      const consumption = await consume(under, group, lane);
      await expect(consumption.done).rejects.toThrow('the worker broke');
      expect((await committedOf(under, group, topic)).get(0)?.offset).toBe(1);
      expect(closed).toHaveLength(1);
    });

    it('surfaces a failure to open', async () => {
      const under = await make();
      const topic = await under.topic(1);
      const { lane } = noting([topic], committing);
      const consumption = await consume(under, freshGroup(), {
        ...lane,
        open: () => Promise.reject(new Error('cannot open')),
      });
      await expect(consumption.done).rejects.toThrow('cannot open');
    });

    it('delivers again from the same offset where the worker asks for it, while other partitions go on', async () => {
      const under = await make();
      const topic = await under.topic(2);
      await fill(
        under,
        topic,
        [0, 1].map((partition) => ({ key: null, value: Buffer.from(`p${partition}`), partition })),
      );
      let tries = 0;
      const { lane, seen } = noting([topic], async (batch, lease) => {
        if (batch.partition === 0 && ++tries < 3) return { kind: 'again', afterMs: 100 };
        return committing(batch, lease);
      });
      await consume(under, freshGroup(), lane);
      await until('both are seen', () => seen.length >= 2);
      expect(tries).toBe(3);
      expect(seen.map((one) => one.text)).toEqual(['p1', 'p0']);
    });

    it('never overlaps calls of one worker', async () => {
      const under = await make();
      const topic = await under.topic(2);
      const atHand = new Map<number, number>();
      let most = 0;
      const busy = async (partition: number): Promise<void> => {
        atHand.set(partition, (atHand.get(partition) ?? 0) + 1);
        most = Math.max(most, atHand.get(partition) ?? 0);
        await new Promise((resolve) => setTimeout(resolve, 5));
        atHand.set(partition, (atHand.get(partition) ?? 0) - 1);
      };
      const { lane, seen } = noting(
        [topic],
        async (batch, lease) => {
          await busy(batch.partition);
          return committing(batch, lease);
        },
        (partition) => busy(partition),
      );
      await consume(under, freshGroup(), { ...lane, fetch: { ...lane.fetch, idleMs: 1 } });
      for (let round = 0; round < 10; round++) await fill(under, topic, numbered(20, round * 20));
      await until('all are seen', () => seen.length >= 200);
      expect(most).toBe(1);
    });

    it("tells idleness once the log's end is reached, and goes on telling while nothing comes", async () => {
      const under = await make();
      const topic = await under.topic(1);
      const told: number[] = [];
      const { lane, seen } = noting([topic], committing, async (_partition, lease) => {
        told.push(seen.length);
        await lease.commit(seen.length);
      });
      await fill(under, topic, numbered(3));
      await consume(under, freshGroup(), lane);
      await until('idleness is told, and told again', () => told.length >= 2);
      expect(new Set(told)).toEqual(new Set([3]));
      await fill(under, topic, numbered(2, 3));
      await until('idleness is told of the new end', () => told.includes(5));
    });

    it('finishes and commits the batch at hand when it stops, and the next holder goes on behind it', async () => {
      const under = await make();
      const topic = await under.topic(1);
      await fill(under, topic, numbered(20));
      const group = freshGroup();
      const aborted: boolean[] = [];
      const first = await stopAmid(under, group, topic, (batch, lease) => {
        aborted.push(lease.signal.aborted);
        return committing(batch, lease);
      });
      expect(aborted).toEqual([true]);
      expect(first.closed).toHaveLength(1);
      const second = noting([topic], committing);
      await consume(under, group, second.lane);
      await fill(under, topic, numbered(1, 20));
      await until('the rest is seen', () => first.seen.length + second.seen.length >= 21);
      expect([...first.seen, ...second.seen].map((one) => one.offset)).toEqual(
        Array.from({ length: 21 }, (_, index) => index),
      );
    });

    it('ends well where the batch at hand is given up when it stops, and the next holder does it', async () => {
      const under = await make();
      const topic = await under.topic(1);
      await fill(under, topic, numbered(5));
      const group = freshGroup();
      const first = await stopAmid(under, group, topic, (batch, lease) => {
        lease.signal.throwIfAborted();
        return committing(batch, lease);
      });
      expect([first.seen, first.closed.length]).toEqual([[], 1]);
      const second = noting([topic], committing);
      await consume(under, group, second.lane);
      await until('all is seen', () => second.seen.length >= 5);
      expect(second.seen.map((one) => one.offset)).toEqual([0, 1, 2, 3, 4]);
    });

    it('gives partition n of all topics of a lane to one member, all to someone, and leaves them where they are', async () => {
      const under = await make();
      const [wide, narrow] = [await under.topic(4), await under.topic(4)];
      const group = freshGroup();
      const lanes = [0, 1].map(() => noting([wide, narrow], committing).lane);
      const first = await consume(under, group, lanes[0] as Lane);
      await first.joined;
      await until('one holds all', () => [wide, narrow].every((topic) => first.assigned().get(topic)?.length === 4));
      const second = await consume(under, group, lanes[1] as Lane);
      await second.joined;
      await until(
        'two share',
        () => (first.assigned().get(wide)?.length ?? 0) === 2 && (second.assigned().get(wide)?.length ?? 0) === 2,
      );
      const held = [first, second].map((one) => one.assigned().get(wide));
      for (const one of [first, second]) expect(one.assigned().get(narrow)).toEqual(one.assigned().get(wide));
      expect(held.flat().sort()).toEqual([0, 1, 2, 3]);
      const third = await consume(under, group, noting([wide, narrow], committing).lane);
      await third.joined;
      await until(
        'three share',
        () =>
          [first, second, third].map((one) => one.assigned().get(wide)?.length ?? 0).reduce((a, b) => a + b) === 4 &&
          (third.assigned().get(wide)?.length ?? 0) === 1,
      );
      for (const [index, one] of [first, second].entries()) {
        for (const partition of one.assigned().get(wide) ?? []) expect(held[index]).toContain(partition);
      }
    });

    it('fences a member whose partition was given away, and it comes back', async () => {
      const under = await make();
      const topic = await under.topic(1);
      await fill(under, topic, numbered(5));
      const group = freshGroup();
      const started = deferred<undefined>();
      const goOn = deferred<undefined>();
      const outcome = deferred<unknown>();
      let held = true;
      const slow = noting([topic], async (batch, lease) => {
        if (!held) return committing(batch, lease);
        held = false;
        started.resolve(undefined);
        await goOn.promise;
        return committing(batch, lease).catch((error: unknown) => {
          outcome.resolve(error);
          throw error;
        });
      });
      const first = await consume(under, group, slow.lane);
      await started.promise;
      const quick = noting([topic], committing);
      const second = await consume(under, group, quick.lane);
      await until('the partition is taken over', () => quick.seen.length >= 5);
      goOn.resolve(undefined);
      expect((await outcome.promise) as { code: string }).toMatchObject({ code: 'WK_FENCED' });
      expect((await committedOf(under, group, topic)).get(0)?.offset).toBe(5);
      await second.stop();
      await fill(under, topic, numbered(1, 5));
      await until('the group goes on', async () => (await committedOf(under, group, topic)).get(0)?.offset === 6);
      await first.stop();
      await first.done;
    });

    it('never skips in silence what retention removed', async () => {
      const under = await make();
      const topic = await under.topic(1);
      await fill(under, topic, numbered(10));
      const group = freshGroup();
      const first = noting([topic], async (_batch, lease) => {
        await lease.commit(2);
        return DONE;
      });
      const consumption = await consume(under, group, first.lane);
      await until('it is seen', () => first.seen.length > 0);
      await consumption.stop();
      await under.dropBelow(topic, 0, 6);
      const second = noting([topic], committing);
      const refused = await consume(under, group, second.lane);
      await expect(refused.done).rejects.toMatchObject({ code: 'WK_LOG_GAP' });
      expect(second.seen).toEqual([]);
      const third = noting([topic], committing);
      await consume(under, group, third.lane, true);
      await until('the rest is seen', () => third.seen.length >= 4);
      expect(third.seen.map((one) => one.offset)).toEqual([6, 7, 8, 9]);
    });

    it('says where a topic stood at a time, and tells it from another one by the same name', async () => {
      const under = await make();
      const topic = await under.topic(2);
      const admin = await under.log.admin();
      const before = Date.now() - 60_000;
      await fill(under, topic, numbered(5));
      expect(await admin.offsetsAt(topic, before)).toEqual(new Map([0, 1].map((partition) => [partition, 0])));
      const ends = new Map((await admin.ranges(topic)).map(({ partition, end }) => [partition, end]));
      expect(await admin.offsetsAt(topic, Date.now() + 60_000)).toEqual(ends);
      const first = await admin.lifeOf(topic);
      expect(first).toMatch(/./);
      await admin.deleteTopics([topic]);
      await until('it is gone', async () => !(await admin.topics()).has(topic));
      await admin.createTopics([{ name: topic, partitions: 1, config: {} }]);
      expect(await admin.lifeOf(topic)).not.toBe(first);
      await admin.close();
    });

    it('forgets a group, sets one back, and counts its members', async () => {
      const under = await make();
      const topic = await under.topic(1);
      await fill(under, topic, numbered(3));
      const group = freshGroup();
      const admin = await under.log.admin();
      await admin.forgetGroup(group);
      const consumption = await consume(under, group, noting([topic], committing).lane);
      await until('all is committed', async () => (await committedOf(under, group, topic)).get(0)?.offset === 3);
      expect(await admin.members(group)).toBe(1);
      await consumption.stop();
      expect(await admin.members(group)).toBe(0);
      await admin.rewind(group, topic);
      expect((await committedOf(under, group, topic)).get(0)).toMatchObject({ offset: 0, metadata: '' });
      await admin.forgetGroup(group);
      expect((await committedOf(under, group, topic)).size).toBe(0);
      await admin.close();
    });

    it('says which topic is missing', async () => {
      const under = await make();
      const { lane } = noting(['no-such-topic'], committing);
      await expect(under.log.consume({ group: freshGroup(), lane })).rejects.toMatchObject({ code: 'WK_NO_TOPIC' });
      const producer = await under.log.producer();
      await expect(producer.partitionsOf('no-such-topic')).rejects.toMatchObject({ code: 'WK_NO_TOPIC' });
      await producer.close();
    });
  });
}
