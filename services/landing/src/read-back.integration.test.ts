// What a block has left after its token lost its meaning, on the real engine: only absent rows go in, and every rollup ends whole.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWire, WatchkeeperError, writerTypes } from '@watchkeeper/schemas';
import type { ReadBackFound } from './land.js';
import type { Store } from './store.js';
import {
  aBatch,
  aControl,
  aDetection,
  anEvent,
  aRecord,
  eventBytes,
  fakeLease,
  idOf,
  type FakeLease,
} from './test-support.js';
import { landerInto, testEngine, type TestEngine } from './test-engine.js';

let engine: TestEngine;
let partitions = 0;

beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const ROLLUPS = ['agent_minute', 'tool_minute', 'model_hour', 'session_parts'];
const MONTH_MS = 32 * 86_400_000;

/** Events of several sessions, agents, tools and models; every third lies in another day, the last in another month. */
const eventsOf = (partition: number, count: number) =>
  Array.from({ length: count }, (_, i) =>
    aRecord(
      i,
      eventBytes(
        anEvent(i, {
          session_id: `s${partition}-${i % 3}`,
          agent_id: `agent-${i % 2}`,
          kind: i % 2 === 0 ? 'TOOL_CALL' : 'LLM_CALL',
          name: i % 2 === 0 ? `tool-${i % 5}` : '',
          model: i % 2 === 0 ? '' : 'm',
          status: i % 4 === 0 ? 'ERROR' : 'OK',
          duration_ms: 10 * i,
          goal: i === 0 ? 'a goal' : '',
        }),
      ),
      Date.now() - (i === count - 1 ? MONTH_MS : i % 3 === 0 ? 86_400_000 : 0),
    ),
  );

/** Every rollup against what its view makes of the events: 0 rows where they agree. */
async function differences(): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const rollup of ROLLUPS) {
    const [view] = await engine.query<{ text: string }>(
      `SELECT as_select AS text FROM system.tables WHERE database = '{db}' AND engine = 'MaterializedView' AND position(create_table_query, '.${rollup} ') > 0`,
    );
    const columns = await engine.query<{ name: string; type: string }>(
      `SELECT name, type FROM system.columns WHERE database = '{db}' AND table = '${rollup}'`,
    );
    const keys = columns.filter(({ type }) => !type.startsWith('Simple')).map(({ name }) => name);
    const folds = columns.filter(({ type }) => type.startsWith('Simple'));
    const held = `SELECT ${keys.join(', ')}, ${folds.map(({ name, type }) => `${/\((\w+)/.exec(type)![1]!}(t.${name}) AS ${name}`).join(', ')} FROM {db}.${rollup} AS t GROUP BY ${keys.join(', ')}`;
    const names = [
      ...keys,
      ...folds.map(
        ({ name, type }) =>
          `toString(CAST(${name}, '${/, (.*)\)$/.exec(type)![1]!.replaceAll("'", "\\'")}')) AS v_${name}`,
      ),
    ].join(', ');
    const sides = [`SELECT ${names} FROM (${held})`, `SELECT ${names} FROM (${view!.text})`];
    for (const [a, b] of [sides, sides.toReversed()])
      found.push(...(await engine.query<object>(`${a!} EXCEPT ${b!}`)).map((row) => ({ rollup, ...row })));
  }
  return found;
}

/** A store that lands only a part of what it is asked, or dies after it. */
const dyingAfterInsert = (store: Store): Store => ({
  ...store,
  insert: async (insert) => {
    await store.insert(insert);
    throw new Error('killed');
  },
});

const doubting = (store: Store, why = 'a test doubts it'): Store => ({
  ...store,
  readBack: { ...store.readBack, doubt: () => Promise.resolve(why) },
});

const trusting = (store: Store): Store => ({
  ...store,
  readBack: { ...store.readBack, doubt: () => Promise.resolve(undefined) },
});

/** The same rows again, as the next holder would land them. */
async function landAgain(store: Store, partition: number, lease: FakeLease, records: ReturnType<typeof eventsOf>) {
  const found: ReadBackFound[] = [];
  const { worker, deadLetters } = landerInto(engine, store, partition, { lease, onReadBack: (one) => found.push(one) });
  const outcome = await worker.onBatch(aBatch(records, records.length, partition), lease);
  return { found, outcome, deadLetters };
}

async function landAndDie(store: Store, partition: number, records: ReturnType<typeof eventsOf>): Promise<FakeLease> {
  const lease = fakeLease();
  const { worker } = landerInto(engine, store, partition, { lease });
  await expect(worker.onBatch(aBatch(records, records.length, partition), lease)).rejects.toThrow('killed');
  return lease;
}

describe('a block whose token is in doubt', () => {
  it('that was stored whole changes nothing', async () => {
    const partition = partitions++;
    const records = eventsOf(partition, 20);
    const lease = await landAndDie(dyingAfterInsert(engine.store), partition, records);
    const { found } = await landAgain(doubting(engine.store), partition, lease, records);
    expect(found).toMatchObject([{ stored: 20, mended: 0 }]);
    expect(await engine.offsetsIn(partition)).toEqual(records.map(({ offset }) => offset));
    expect(lease.committed).toEqual({ offset: 20, metadata: '' });
    expect(await differences()).toEqual([]);
  });

  it('that was stored in part gets the rest alone, poison among it, and rollups their share', async () => {
    const partition = partitions++;
    const records = eventsOf(partition, 20);
    records[5] = aRecord(5, eventBytes(anEvent(5)).subarray(0, 30));
    const lease = fakeLease();
    // Half of the block under another token: as if one day's part had been stored before the engine died.
    const other = landerInto(engine, dyingAfterInsert(engine.store), partition, { lease: fakeLease(), rows: 9 });
    await expect(other.worker.onBatch(aBatch(records, 20, partition), other.lease)).rejects.toThrow('killed');
    await lease.commit(0, '{"v":1,"pendingTo":19,"logId":"log@1"}');
    const { found, deadLetters } = await landAgain(doubting(engine.store), partition, lease, records);
    expect(found).toMatchObject([{ stored: 8, mended: 0 }]);
    expect(deadLetters.sent.map(({ record }) => record.offset)).toEqual([5]);
    expect(await engine.offsetsIn(partition)).toEqual(records.map(({ offset }) => offset).filter((one) => one !== 5));
    expect(await differences()).toEqual([]);
    const [ledger] = await engine.query(
      `SELECT landed_rows AS landed, dead_letters AS dead FROM {db}.ledger FINAL WHERE kafka_partition = ${partition}`,
    );
    expect(ledger).toEqual({ landed: 19, dead: 1 });
  });

  it('whose rows are there without their views gets the rollups made whole, once, also where it dies in between', async () => {
    const partition = partitions++;
    const records = eventsOf(partition, 24);
    // A view that fails is the engine's death between the table and the view: rows without their rollups.
    await engine.client.command({ query: `DETACH TABLE ${engine.database}.tool_minute_feed` });
    await engine.client.command({ query: `DETACH TABLE ${engine.database}.session_feed` });
    let lease: FakeLease;
    try {
      lease = await landAndDie(dyingAfterInsert(engine.store), partition, records);
    } finally {
      await engine.client.command({ query: `ATTACH TABLE ${engine.database}.tool_minute_feed` });
      await engine.client.command({ query: `ATTACH TABLE ${engine.database}.session_feed` });
    }
    expect((await differences()).length).toBeGreaterThan(0);
    const dying = doubting(engine.store);
    const mendThenDie: Store = {
      ...dying,
      readBack: {
        ...dying.readBack,
        mend: async (...of) => {
          await dying.readBack.mend(...of);
          throw new WatchkeeperError('WK_TEST', 'killed');
        },
      },
    };
    await expect(landAgain(mendThenDie, partition, lease, records)).rejects.toThrow('killed');
    expect(await differences()).toEqual([]);
    const { found } = await landAgain(doubting(engine.store), partition, lease, records);
    expect(found).toMatchObject([{ stored: 24, mended: 0 }]);
    expect(await differences()).toEqual([]);
    expect(await engine.offsetsIn(partition)).toHaveLength(24);
  });

  it('takes nothing for lost that another block has on its way into a rollup', async () => {
    const [partition, other] = [partitions++, partitions++];
    const records = eventsOf(partition, 20);
    const lease = await landAndDie(dyingAfterInsert(engine.store), partition, records);
    // Sleeps between the rows of the other block and their rollups, for as long as the engine lets a block sleep.
    await engine.client.command({ query: `CREATE TABLE ${engine.database}.slow (n UInt8) ENGINE = Null` });
    await engine.client.command({
      query: `CREATE MATERIALIZED VIEW ${engine.database}.a_slow_feed TO ${engine.database}.slow AS SELECT sleepEachRow(0.07) AS n FROM ${engine.database}.events WHERE kafka_partition = ${other}`,
    });
    try {
      const foreign = fakeLease();
      const { worker } = landerInto(engine, engine.store, other, { lease: foreign });
      const landing = worker.onBatch(aBatch(eventsOf(other, 40), 40, other), foreign);
      await expect.poll(() => engine.offsetsIn(other), { timeout: 10_000, interval: 10 }).toHaveLength(40);
      expect((await differences()).length, 'rows without their rollups').toBeGreaterThan(0);
      const { found } = await landAgain(doubting(engine.store), partition, lease, records);
      expect(found).toMatchObject([{ stored: 20, mended: 0 }]);
      expect(await landing).toEqual({ kind: 'done' });
      expect(await differences()).toEqual([]);
    } finally {
      await engine.client.command({ query: `DROP TABLE ${engine.database}.a_slow_feed` });
      await engine.client.command({ query: `DROP TABLE ${engine.database}.slow` });
    }
  });

  it('and another that lost its share of the same rollups are mended once, however they meet', async () => {
    const both = [partitions++, partitions++].map((partition) => ({ partition, records: eventsOf(partition, 24) }));
    const feeds = ['agent_minute_feed', 'model_hour_feed', 'session_feed'];
    for (const feed of feeds) await engine.client.command({ query: `DETACH TABLE ${engine.database}.${feed}` });
    const leases: FakeLease[] = [];
    try {
      for (const { partition, records } of both)
        leases.push(await landAndDie(dyingAfterInsert(engine.store), partition, records));
    } finally {
      for (const feed of feeds) await engine.client.command({ query: `ATTACH TABLE ${engine.database}.${feed}` });
    }
    expect((await differences()).length).toBeGreaterThan(0);
    await Promise.all(
      both.map(async ({ partition, records }, i) => {
        let kind = 'again';
        while (kind === 'again')
          ({ kind } = (await landAgain(doubting(engine.store), partition, leases[i]!, records)).outcome);
        expect(kind).toBe('done');
      }),
    );
    expect(await differences()).toEqual([]);
  });

  it('whose token the engine remembers though it lost the rows goes in under another', async () => {
    const partition = partitions++;
    const topic = 'agent.controls';
    const records = [aRecord(0, encodeWire(idOf('Control'), writerTypes.Control, aControl('c')))];
    const batch = { ...aBatch(records, 1, partition), topic };
    const lease = fakeLease();
    const { worker } = landerInto(engine, dyingAfterInsert(engine.store), partition, { lease, topic });
    await expect(worker.onBatch(batch, lease)).rejects.toThrow('killed');
    // As a kill between remembering the token and storing the rows leaves it: a mutation keeps the token.
    await engine.client.command({
      query: `ALTER TABLE ${engine.database}.control_log DELETE WHERE kafka_partition = ${partition} SETTINGS mutations_sync = 2`,
    });
    const stored = () => engine.query(`SELECT count() AS n FROM {db}.control_log WHERE kafka_partition = ${partition}`);
    const before = fakeLease(lease.committed);
    await landerInto(engine, trusting(engine.store), partition, { lease: before, topic }).worker.onBatch(batch, before);
    expect(await stored(), 'the token alone would have lost the row').toEqual([{ n: 0 }]);
    await landerInto(engine, doubting(engine.store), partition, { lease, topic }).worker.onBatch(batch, lease);
    expect(await stored()).toEqual([{ n: 1 }]);
  });

  it('copies of detections are made whole, too', async () => {
    const partition = partitions++;
    const records = [1, 2].map((revision, i) =>
      aRecord(i, encodeWire(idOf('Detection'), writerTypes.Detection, aDetection(revision)), Date.now()),
    );
    const lease = fakeLease();
    const topic = 'agent.detections';
    const batch = { ...aBatch(records, 2, partition), topic };
    await engine.client.command({ query: `DETACH TABLE ${engine.database}.detection_feed` });
    try {
      const { worker } = landerInto(engine, dyingAfterInsert(engine.store), partition, { lease, topic });
      await expect(worker.onBatch(batch, lease)).rejects.toThrow('killed');
    } finally {
      await engine.client.command({ query: `ATTACH TABLE ${engine.database}.detection_feed` });
    }
    expect(await engine.query('SELECT revision FROM {db}.detections')).toEqual([]);
    await landerInto(engine, doubting(engine.store), partition, { lease, topic }).worker.onBatch(batch, lease);
    expect(await engine.query('SELECT revision FROM {db}.detections')).toEqual([{ revision: 2 }]);
    expect(await engine.query('SELECT count() AS n FROM {db}.detection_log')).toEqual([{ n: 2 }]);
  });
});

describe('the evidence', () => {
  const placeOf = (partition: number, first: number) => ({
    table: 'events',
    topic: 'agent.events',
    logId: 'log@1',
    partition,
    first,
    last: first + 9,
    fromMs: 0,
    toMs: Date.now(),
  });
  const doubt = (partition: number, first: number) => engine.store.readBack.doubt(placeOf(partition, first));

  it('trusts the token of a block right behind another, and doubts the first of a log', async () => {
    const partition = partitions++;
    await engine.settled();
    const { worker, lease } = landerInto(engine, engine.store, partition);
    await worker.onBatch(aBatch(eventsOf(partition, 4), 4, partition), lease);
    expect(await doubt(partition, 4)).toBeUndefined();
    expect(await doubt(partition, 0)).toContain('no receipt');
  });

  it('doubts it once the window is shorter than what has landed since, or a table was altered', async () => {
    const partition = partitions++;
    const { worker, lease } = landerInto(engine, engine.store, partition, { rows: 2 });
    await worker.onBatch(aBatch(eventsOf(partition, 12), 12, partition), lease);
    const alter = (window: number) =>
      engine.client.command({
        query: `ALTER TABLE ${engine.database}.tool_minute MODIFY SETTING non_replicated_deduplication_window = ${window}`,
      });
    await alter(16);
    expect(await doubt(partition, 2)).toContain('kept for 16');
    await alter(100_000);
    expect(await doubt(partition, 12)).toContain('altered since');
  });

  it('sees an insert that is still at work', async () => {
    const token = `running-${Date.now()}`;
    const client = engine.client;
    const running = client.command({
      query: `INSERT INTO ${engine.database}.log_lives (cluster_id, epoch) SELECT 'slow', number + sleepEachRow(0.5) FROM numbers(4)`,
      clickhouse_settings: { insert_deduplication_token: `${token}:7`, max_block_size: '1' },
    });
    await expect.poll(() => engine.store.readBack.isRunning(token), { timeout: 2_000 }).toBe(true);
    await running;
    expect(await engine.store.readBack.isRunning(token)).toBe(false);
  });
});
