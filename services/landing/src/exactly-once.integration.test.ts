// Once, on the real engine: the same block twice, a crash between every two steps, poison that only the engine sees, an absence.

import { encodeWire } from '@watchkeeper/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildContainer, containerHeader } from './container.js';
import { insertSqlOf } from './insert-sql.js';
import { plainSchema } from './land.js';
import { findPoison } from './poison.js';
import type { Store } from './store.js';
import { TARGETS } from './targets.js';
import {
  aBatch,
  anEvent,
  aRecord,
  eventBytes,
  fakeDeadLetters,
  fakeLease,
  goodRecords,
  idOf,
  writerTypeOf,
} from './test-support.js';
import { landerInto, testEngine, type TestEngine } from './test-engine.js';

let engine: TestEngine;
let partitions = 0;
const target = TARGETS[0]!;

beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const FOLDED = [
  'events',
  'agent_minute',
  'tool_minute',
  'model_hour',
  'session_parts',
  'detection_log',
  'detection_latest',
] as const;

/** Every table's content as one number each: rows and sums, independent of parts. */
async function fingerprint(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const table of FOLDED) {
    const sum =
      table === 'events' || table.startsWith('detection')
        ? 'count()'
        : table.startsWith('tool') || table.startsWith('model')
          ? 'sum(calls)'
          : 'sum(events)';
    [found[table]] = await engine.query(`SELECT toString(${sum}) AS sum FROM {db}.${table}`);
  }
  return found;
}

const sql = () => insertSqlOf(target, plainSchema(writerTypeOf(idOf('AgentEvent'))!), engine.database, 'log@1');
const rowsOf = (values: readonly Buffer[]) =>
  values.map((value, offset) => ({ offset, timestampMs: Date.now(), value, bodyStart: 5 }));
const header = containerHeader(plainSchema(writerTypeOf(idOf('AgentEvent'))!));

describe('the same block twice', () => {
  it('leaves events and every rollup as they were', async () => {
    const partition = partitions++;
    const batch = aBatch(
      [...goodRecords([0, 1, 2]), aRecord(3, eventBytes(anEvent(3, { kind: 'LLM_CALL', model: 'm', provider: 'p' })))],
      4,
      partition,
    );
    await landerInto(engine, engine.store, partition).worker.onBatch(batch, fakeLease());
    const once = await fingerprint();
    await landerInto(engine, engine.store, partition).worker.onBatch(batch, fakeLease());
    expect(await fingerprint()).toEqual(once);
    expect(
      await engine.query(`SELECT count() AS n FROM {db}.ledger FINAL WHERE kafka_partition = ${partition}`),
    ).toMatchObject([{ n: expect.anything() as unknown }]);
    expect(once).toMatchObject({ tool_minute: { sum: '3' }, model_hour: { sum: '1' }, session_parts: { sum: '4' } });
  });
});

describe('a block of two versions of the schema', () => {
  it('lands whole: what the older one lacks is empty', async () => {
    const partition = partitions++;
    const facets = { input_facets: Buffer.from([7, 0, 255]), output_facets: Buffer.from([8]) };
    const records = [
      ...goodRecords([0]),
      aRecord(1, encodeWire(1, writerTypeOf(1)!, anEvent(1))),
      aRecord(2, eventBytes(anEvent(2, facets))),
    ];
    await landerInto(engine, engine.store, partition).worker.onBatch(aBatch(records, 3, partition), fakeLease());
    const rows = await engine.query(
      `SELECT event_id AS id, hex(input_facets) AS input, hex(output_facets) AS output FROM {db}.events WHERE kafka_partition = ${partition} ORDER BY kafka_offset`,
    );
    expect(rows).toEqual([
      { id: 'event-0', input: '', output: '' },
      { id: 'event-1', input: '', output: '' },
      { id: 'event-2', input: '0700FF', output: '08' },
    ]);
  });
});

/** A store that dies at its n-th step: before or after the engine has done what it was asked. */
function mortal(store: Store, diesAt: number): { store: Store; steps: () => number } {
  let steps = 0;
  const step = (): void => {
    if (++steps === diesAt) throw new Error('killed');
  };
  async function around<T>(work: () => Promise<T>): Promise<T> {
    step();
    const done = await work();
    step();
    return done;
  }
  return {
    steps: () => steps,
    store: {
      readBack: {
        doubt: (place) => around(() => store.readBack.doubt(place)),
        isRunning: (tokenStart) => store.readBack.isRunning(tokenStart),
        offsetsIn: (place) => around(() => store.readBack.offsetsIn(place)),
        mend: (place, token, beforeInsert) => around(() => store.readBack.mend(place, token, beforeInsert)),
      },
      insert: (insert) => around(() => store.insert(insert)),
      parse: (text, body) => around(() => store.parse(text, body)),
      putReceipt: (receipt) => around(() => store.putReceipt(receipt)),
      landedTo: (logId, topic) => store.landedTo(logId, topic),
    },
  };
}

describe('a receipt', () => {
  it('keeps the time of its first where a holder that slept writes it again, and tokens are forgotten', async () => {
    const partition = partitions++;
    const receipt = { logId: 'log@1', topic: 'agent.events', partition, first: 0, last: 4, rows: 5 };
    const times = { firstTimestampMs: Date.now(), lastTimestampMs: Date.now() };
    const counts = { deadLetters: 0, holes: 0, lost: 0, ...times };
    const stored = () =>
      engine.query(`SELECT toString(stored_at) AS at FROM {db}.ledger WHERE kafka_partition = ${partition}`);
    expect(await engine.store.putReceipt({ ...receipt, ...counts })).toEqual({ kind: 'stored' });
    const first = await stored();
    expect(first).toHaveLength(1);
    for (const window of [0, 100])
      await engine.client.command({
        query: `ALTER TABLE ${engine.database}.ledger MODIFY SETTING non_replicated_deduplication_window = ${window}`,
      });
    expect(await engine.store.putReceipt({ ...receipt, ...counts })).toEqual({ kind: 'stored' });
    expect(await stored()).toEqual(first);
  });
});

describe('a crash between every two steps', () => {
  it('ends with every offset landed once, and every dead letter sent', async () => {
    const records = [...goodRecords([0, 1]), aRecord(2, Buffer.from('foreign')), ...goodRecords([3, 4, 6, 7])];
    let diesAt = 1;
    for (let died = true; died; diesAt++) {
      const partition = partitions++;
      const lease = fakeLease();
      const deadLetters = fakeDeadLetters();
      const dying = mortal(engine.store, diesAt);
      died = false;
      // The broker's side may die, too: each commit counts as two steps of its own.
      const commit = lease.commit.bind(lease);
      let commits = 0;
      const commitDiesAt = diesAt;
      lease.commit = async (offset, metadata) => {
        if (++commits * 2 - 1 === commitDiesAt) throw new Error('killed');
        await commit(offset, metadata);
        if (commits * 2 === commitDiesAt) throw new Error('killed');
      };
      for (const store of [dying.store, dying.store, engine.store]) {
        const { worker } = landerInto(engine, store, partition, { rows: 3, lease, deadLetters });
        const from = lease.committed?.offset ?? 0;
        try {
          await worker.onBatch(
            aBatch(
              records.filter((record) => record.offset >= from),
              9,
              partition,
            ),
            lease,
          );
        } catch (error) {
          expect(error).toMatchObject({ message: 'killed' });
          died = true;
        }
      }
      expect(await engine.offsetsIn(partition)).toEqual([0, 1, 3, 4, 6, 7]);
      expect(new Set(deadLetters.sent.map((bad) => bad.record.offset))).toEqual(new Set([2]));
      expect(lease.committed).toEqual({ offset: 9, metadata: '' });
      const [ledger] = await engine.query(
        `SELECT toString(landed_rows) AS landed, toString(dead_letters) AS dead, toString(holes) AS holes, toString(missing) AS missing FROM {db}.ledger_by_partition WHERE kafka_partition = ${partition}`,
      );
      expect(ledger).toEqual({ landed: '6', dead: '1', holes: '2', missing: '0' });
    }
    expect(diesAt).toBeGreaterThan(8);
    const sums = await engine.query(
      `SELECT toString(sum(events)) AS rollup, (SELECT toString(count()) FROM {db}.events) AS stored FROM {db}.session_parts`,
    );
    expect(sums).toEqual([
      { rollup: (sums[0] as { stored: string }).stored, stored: (sums[0] as { stored: string }).stored },
    ]);
  });
});

describe('a pending block', () => {
  it('is replayed as exactly that block, over several small fetches, though limits have changed', async () => {
    const partition = partitions++;
    const records = goodRecords(Array.from({ length: 10 }, (_, i) => i));
    const lease = fakeLease();
    const lost: Store = {
      ...engine.store,
      insert: async (insert) => (await engine.store.insert(insert), Promise.reject(new Error('killed'))),
    };
    await expect(
      landerInto(engine, lost, partition, { rows: 7, lease }).worker.onBatch(aBatch(records, 10, partition), lease),
    ).rejects.toThrow('killed');
    expect(lease.committed?.offset).toBe(0);
    expect(await engine.offsetsIn(partition)).toHaveLength(7);
    const { worker } = landerInto(engine, engine.store, partition, { rows: 2, lease });
    for (const [from, to] of [
      [0, 3],
      [3, 5],
      [5, 6],
      [6, 10],
    ] as const)
      await worker.onBatch(aBatch(records.slice(from, to), to, partition), lease);
    expect(await engine.offsetsIn(partition)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(lease.committed).toEqual({ offset: 10, metadata: '' });
    const blocks = await engine.query(
      `SELECT toString(first_offset) AS f, toString(last_offset) AS l FROM {db}.ledger FINAL WHERE kafka_partition = ${partition} ORDER BY first_offset`,
    );
    expect(blocks).toEqual([
      { f: '0', l: '6' },
      { f: '7', l: '8' },
      { f: '9', l: '9' },
    ]);
  });
});

describe('the engine itself', () => {
  it('refuses a body with bytes left over, and one that holds two records, instead of reading them as a neighbour', async () => {
    const good = eventBytes(anEvent(1));
    for (const bad of [Buffer.concat([good, Buffer.from([1, 2, 3])]), Buffer.concat([good, good.subarray(5)])]) {
      const outcome = await engine.store.parse(sql().parseOnly, buildContainer(header, 0, rowsOf([good, bad, good])));
      expect(outcome.kind).toBe('refused');
      expect(outcome).toHaveProperty('error.message', expect.stringContaining('WK_BODY'));
    }
  });

  it('finds poison by parsing alone: nothing is stored, and the good ones parse', async () => {
    const good = eventBytes(anEvent(1));
    const rows = rowsOf(Array.from({ length: 100 }, (_, i) => (i === 13 || i === 77 ? good.subarray(0, 40) : good)));
    const before = await fingerprint();
    let parses = 0;
    const search = await findPoison(
      rows,
      (part) => ((parses += 1), engine.store.parse(sql().parseOnly, buildContainer(header, 0, part))),
    );
    expect(search).toMatchObject({ kind: 'found', bad: [{ row: { offset: 13 } }, { row: { offset: 77 } }] });
    expect(parses).toBeLessThan(30);
    expect(await fingerprint()).toEqual(before);
  });
});

describe('ClickHouse away', () => {
  it('asks for the batch again, and lands it once when it is back', async () => {
    const partition = partitions++;
    const lease = fakeLease();
    let away = true;
    const flaky: Store = {
      ...engine.store,
      insert: (insert) =>
        away ? Promise.resolve({ kind: 'away', error: new Error('ECONNREFUSED') }) : engine.store.insert(insert),
    };
    const { worker } = landerInto(engine, flaky, partition, { lease });
    const batch = aBatch(goodRecords([0, 1, 2]), 3, partition);
    expect((await worker.onBatch(batch, lease)).kind).toBe('again');
    expect((await worker.onBatch(batch, lease)).kind).toBe('again');
    away = false;
    // Meanwhile more has come: the announced block still lands as it was announced.
    expect((await worker.onBatch(aBatch(goodRecords([0, 1, 2, 3]), 4, partition), lease)).kind).toBe('done');
    expect(await engine.offsetsIn(partition)).toEqual([0, 1, 2, 3]);
    const blocks = await engine.query(
      `SELECT toString(last_offset) AS l FROM {db}.ledger FINAL WHERE kafka_partition = ${partition} ORDER BY first_offset`,
    );
    expect(blocks).toEqual([{ l: '2' }, { l: '3' }]);
  });
});
