// The laws of transactions and of reading to the end: every adapter passes this suite, in tests alone.

import { describe, expect, it } from 'vitest';
import type { AdapterUnderTest } from './adapter-laws.js';
import type { GroupOffset, LogRecord, OutgoingRecord } from './contract.js';
import { deferred } from './deferred.js';
import { fenced } from './errors.js';

const record = (key: string, value: string | null): OutgoingRecord => ({
  key,
  value: value === null ? null : Buffer.from(value),
  partition: 0,
});

async function readAll({ log }: AdapterUnderTest, topic: string, partition = 0) {
  const records: LogRecord[] = [];
  let end = 0;
  for await (const batch of log.readToEnd(topic, partition)) {
    records.push(...batch.records);
    end = batch.nextOffset;
  }
  return { end, texts: records.map(({ key, value }) => `${String(key)}=${String(value)}`) };
}

/** The suite. `make` is called once per test. */
export function transactionLaws(name: string, make: () => Promise<AdapterUnderTest>): void {
  describe(`${name} keeps the laws of transactions:`, () => {
    let ids = 0;

    async function place() {
      const under = await make();
      const [changelog, source] = [await under.topic(2), await under.topic(1)];
      const group = `group-${changelog}-${Date.now().toString(36)}`;
      const at = (nextOffset: number): GroupOffset => ({ group, topic: source, partition: 0, nextOffset });
      const committed = async (): Promise<number | undefined> => {
        const admin = await under.log.admin();
        const found = (await admin.committed(group, source)).get(0)?.offset;
        await admin.close();
        return found;
      };
      return { under, changelog, at, committed, id: `id-${changelog}-${ids++}` };
    }

    it('appends records and moves the offset together, again and again', async () => {
      const { under, changelog, at, committed, id } = await place();
      const transactor = await under.log.transactor(id);
      for (let round = 0; round < 3; round++) {
        await transactor.transact(changelog, [[record(`a${round}`, 'x')], [record('b', String(round))]], at(round));
        expect(await committed()).toBe(round);
      }
      expect((await readAll(under, changelog)).texts).toEqual(['a0=x', 'b=0', 'a1=x', 'b=1', 'a2=x', 'b=2']);
      expect((await readAll(under, changelog, 1)).texts).toEqual([]);
      await transactor.close();
    });

    it('appends to several topics, all or nothing', async () => {
      const { under, changelog, id } = await place();
      const other = await under.topic(1);
      const transactor = await under.log.transactor(id);
      await transactor.appendTo([
        { topic: changelog, records: [record('a', '1')] },
        { topic: other, records: [record('b', '1'), record('c', '1')] },
      ]);
      // The broker answers a commit once it is decided; it marks it in the topics afterwards.
      const soon = { timeout: 10_000 };
      await expect.poll(async () => (await readAll(under, changelog)).texts, soon).toEqual(['a=1']);
      await expect.poll(async () => (await readAll(under, other)).texts, soon).toEqual(['b=1', 'c=1']);
      const next = await under.log.transactor(id);
      const late = transactor.appendTo([{ topic: other, records: [record('d', '1')] }]);
      await expect(late).rejects.toMatchObject({ code: 'WK_FENCED' });
      expect((await readAll(under, other)).texts).toEqual(['b=1', 'c=1']);
      await Promise.all([transactor.close(), next.close()]);
    });

    it('fences whoever had the id before, and nothing of what that one tries is seen', async () => {
      const { under, changelog, at, committed, id } = await place();
      const first = await under.log.transactor(id);
      await first.transact(changelog, [[record('a', 'first')]], at(1));
      const second = await under.log.transactor(id);
      await expect(first.transact(changelog, [[record('a', 'zombie')]], at(9))).rejects.toMatchObject({
        code: 'WK_FENCED',
      });
      await second.transact(changelog, [[record('a', 'second')]], at(2));
      expect(await committed()).toBe(2);
      expect((await readAll(under, changelog)).texts).toEqual(['a=first', 'a=second']);
      await Promise.all([first.close(), second.close()]);
    });

    it('undoes what was begun and not ended, and the next holder reads past it', async () => {
      const { under, changelog, at, committed, id } = await place();
      const first = await under.log.transactor(id);
      await first.transact(changelog, [[record('a', 'first')]], at(1));
      const breaking = function* (): Generator<OutgoingRecord[]> {
        yield [record('a', 'half')];
        throw new Error('it dies in the middle');
      };
      await expect(first.transact(changelog, breaking(), at(2))).rejects.toThrow('in the middle');
      const second = await under.log.transactor(id);
      expect((await readAll(under, changelog)).texts).toEqual(['a=first']);
      expect(await committed()).toBe(1);
      await second.transact(changelog, [[record('a', null)]], at(3));
      const read = await readAll(under, changelog);
      expect(read.texts).toEqual(['a=first', 'a=null']);
      expect(read.end).toBeGreaterThanOrEqual(2);
      await Promise.all([first.close(), second.close()]);
    });

    it('reads what takes several fetches, in order', async () => {
      const { under, changelog, at, id } = await place();
      const transactor = await under.log.transactor(id);
      const chunk = (from: number): OutgoingRecord[] =>
        Array.from({ length: 1_000 }, (_, n) => record(String(from + n), 'x'.repeat(500)));
      const chunks = Array.from({ length: 30 }, (_, n) => chunk(n * 1_000));
      await transactor.transact(changelog, chunks, at(1));
      const { texts } = await readAll(under, changelog);
      expect(texts.map((text) => Number(text.split('=')[0]))).toEqual(Array.from({ length: 30_000 }, (_, n) => n));
      await transactor.close();
    });

    it('opens a partition again where a checkpoint between batches was refused, and goes on where its state says', async () => {
      const { under, at } = await place();
      const { topic: source, group } = at(0);
      const producer = await under.log.producer();
      await producer.send(source, [record('a', '0'), record('a', '1')]);
      const seen: string[] = [];
      const again = deferred<undefined>();
      let opened = 0;
      const consumption = await under.log.consume({
        group,
        lane: {
          name: '',
          topics: [source],
          fetch: { maxWaitMs: 50, idleMs: 200 },
          open: () => {
            if (++opened === 2) again.resolve(undefined);
            return Promise.resolve({
              startOffset: opened === 1 ? undefined : 1,
              onBatch(batch) {
                seen.push(...batch.records.map(({ value }) => `${opened}: ${String(value)}`));
                return Promise.resolve({ kind: 'done' as const });
              },
              onTick: () =>
                opened === 1 && seen.length >= 2 ? Promise.reject(fenced('its transaction')) : Promise.resolve(),
              close: () => Promise.resolve(),
            });
          },
        },
      });
      await again.promise;
      await producer.send(source, [record('a', '2')]);
      const deadlineMs = performance.now() + 20_000;
      while (seen.length < 4 && performance.now() < deadlineMs) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(seen).toEqual(['1: 0', '1: 1', '2: 1', '2: 2']);
      await Promise.all([consumption.stop(), producer.close()]);
    });

    it('names the lives of topics: the same for ever, another for another topic', async () => {
      const { under, changelog, at } = await place();
      const admin = await under.log.admin();
      const life = await admin.lifeOf(changelog);
      expect(life).toMatch(/.+/);
      expect(await admin.lifeOf(changelog)).toBe(life);
      expect(await admin.lifeOf(at(0).topic)).not.toBe(life);
      await expect(admin.lifeOf('no-such-topic')).rejects.toMatchObject({ code: 'WK_NO_TOPIC' });
      await admin.close();
    });

    it('says which topic is missing', async () => {
      const { under } = await place();
      await expect(readAll(under, 'no-such-topic')).rejects.toMatchObject({ code: 'WK_NO_TOPIC' });
    });
  });
}
