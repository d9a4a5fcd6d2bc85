// What networks and overload do to an insert, on the real engine: each class is tried again and lands once; a refusal is not tried for ever.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickhouseStore, openClickHouse } from './clickhouse.js';
import { faultyProxy, type Fault, type FaultyProxy } from './faulty-proxy.testing.js';
import { clickhouseReadBack } from './read-back.js';
import { PASSING } from './store-errors.js';
import type { Store } from './store.js';
import { aBatch, anEvent, aRecord, eventBytes, fakeLease, goodRecords } from './test-support.js';
import { landerInto, testEngine, type TestEngine } from './test-engine.js';

let engine: TestEngine;
let proxy: FaultyProxy;
let store: Store;
let close: () => Promise<void>;
let partitions = 0;

beforeAll(async () => {
  engine = await testEngine();
  proxy = await faultyProxy(engine.url);
  const client = openClickHouse({ url: proxy.url, user: 'default', password: '', requestTimeoutMs: 8_000 });
  store = clickhouseStore(
    client,
    engine.database,
    clickhouseReadBack({ client, database: engine.database, betweenLooksMs: 20 }),
  );
  close = () => client.close();
});
afterAll(async () => {
  await close();
  await proxy.close();
  await engine.close();
});

/** Every event of the file is in each rollup as often as in the table. */
async function rollupsHold(): Promise<void> {
  const [sums] = await engine.query(
    'SELECT (SELECT count() FROM {db}.events) AS stored, (SELECT sum(events) FROM {db}.agent_minute) AS minutes, (SELECT sum(events) FROM {db}.session_parts) AS sessions',
  );
  const { stored } = sums as { stored: number };
  expect(sums).toEqual({ stored, minutes: stored, sessions: stored });
}

/** A partition that has landed a block under this engine and these tables, so that the token of its next one is trusted. */
async function provenPartition(landInto: Store = store) {
  const partition = partitions++;
  await engine.settled();
  const lease = fakeLease();
  const { worker, deadLetters } = landerInto(engine, landInto, partition, { lease });
  await worker.onBatch(aBatch(goodRecords([0]), 1, partition), lease);
  return { partition, lease, worker, deadLetters };
}

/** Lands three good records and a bad one, with `faults` in their way; tries until it is done. */
async function landThrough(faults: readonly (Fault | undefined)[]) {
  const { partition, lease, worker, deadLetters } = await provenPartition();
  const records = [...goodRecords([1, 2]), aRecord(3, Buffer.from('foreign')), ...goodRecords([4])];
  proxy.inserts.push(...faults);
  let tries = 1;
  while ((await worker.onBatch(aBatch(records, 5, partition), lease)).kind === 'again') {
    expect(lease.committed?.offset, 'nothing is committed past what has not landed').toBe(1);
    tries += 1;
  }
  expect(proxy.inserts).toEqual([]);
  expect(await engine.offsetsIn(partition)).toEqual([0, 1, 2, 4]);
  expect(new Set(deadLetters.sent.map(({ record }) => record.offset))).toEqual(new Set([3]));
  expect(lease.committed).toEqual({ offset: 5, metadata: '' });
  await rollupsHold();
  return { tries };
}

describe('an insert that fails', () => {
  it.each<[string, readonly (Fault | undefined)[], number]>([
    ['the connection is cut in the middle of it', [{ kind: 'cut mid-insert' }], 2],
    ['it is stored, and the connection is cut before the reply', [{ kind: 'cut before the reply' }], 2],
    [
      'the same again and again',
      [{ kind: 'cut before the reply' }, { kind: 'cut mid-insert' }, { kind: 'cut before the reply' }],
      4,
    ],
    ['it is stored, and the reply to its receipt is lost', [undefined, { kind: 'cut before the reply' }], 2],
    ['a load balancer answers 502', [{ kind: 'status', status: 502 }], 2],
    ['a load balancer answers 503', [{ kind: 'status', status: 503 }], 2],
    ['the engine has no memory for it (241)', [{ kind: 'settings', settings: { max_memory_usage: '1' } }], 2],
    ['the engine has no time for it (159)', [{ kind: 'exception', code: 159, name: 'TIMEOUT_EXCEEDED' }], 2],
    [
      'the engine has too many queries (202)',
      [{ kind: 'exception', code: 202, name: 'TOO_MANY_SIMULTANEOUS_QUERIES' }],
      2,
    ],
    ['it is refused though all of it parses, once', [{ kind: 'exception', code: 49, name: 'LOGICAL_ERROR' }], 2],
  ])('is tried again and lands once: %s', async (_, faults, tries) => {
    expect(await landThrough(faults)).toEqual({ tries });
  });

  it('is tried again and lands once: nothing listens', async () => {
    await proxy.down();
    const partition = partitions++;
    const lease = fakeLease();
    const { worker } = landerInto(engine, store, partition, { lease });
    const batch = aBatch(goodRecords([0]), 1, partition);
    for (let tries = 0; tries < 3; tries++) expect(await worker.onBatch(batch, lease)).toMatchObject({ kind: 'again' });
    await proxy.up();
    expect(await worker.onBatch(batch, lease)).toEqual({ kind: 'done' });
    expect(await engine.offsetsIn(partition)).toEqual([0]);
  });

  it('is tried again and lands once: the answer comes after the patience has ended', async () => {
    let answer = (): void => undefined;
    const until = new Promise<void>((resolve) => (answer = resolve));
    const client = openClickHouse({ url: proxy.url, user: 'default', password: '', requestTimeoutMs: 400 });
    const hasty = clickhouseStore(client, engine.database, store.readBack);
    const { partition, lease } = await provenPartition();
    const batch = aBatch(goodRecords([1, 2]), 3, partition);
    const { worker } = landerInto(engine, hasty, partition, { lease });
    proxy.inserts.push({ kind: 'slow', until });
    expect(await worker.onBatch(batch, lease)).toMatchObject({ kind: 'again' });
    answer();
    await client.close();
    const { worker: patient } = landerInto(engine, store, partition, { lease });
    // The insert that nobody waited for may still be at work: then it is waited for.
    while ((await patient.onBatch(batch, lease)).kind === 'again') expect(lease.committed?.offset).toBe(1);
    expect(await engine.offsetsIn(partition)).toEqual([0, 1, 2]);
    await rollupsHold();
  });

  it('is tried again and lands once: a rollup has too many parts (252), the table has the rows', async () => {
    const alter = (setting: string) =>
      engine.client.command({ query: `ALTER TABLE ${engine.database}.session_parts ${setting}` });
    await engine.client.command({ query: `SYSTEM STOP MERGES ${engine.database}.session_parts` });
    await alter('MODIFY SETTING parts_to_throw_insert = 1, parts_to_delay_insert = 1');
    const partition = partitions++;
    const lease = fakeLease();
    const { worker } = landerInto(engine, store, partition, { lease });
    const batch = aBatch(goodRecords([0, 1]), 2, partition);
    const overloaded = await worker.onBatch(batch, lease);
    expect(overloaded).toMatchObject({ kind: 'again' });
    await alter('RESET SETTING parts_to_throw_insert, parts_to_delay_insert');
    await engine.client.command({ query: `SYSTEM START MERGES ${engine.database}.session_parts` });
    expect(await worker.onBatch(batch, lease)).toEqual({ kind: 'done' });
    expect(await engine.offsetsIn(partition)).toEqual([0, 1]);
    await rollupsHold();
  });

  it('stops the role where a refusal is no row’s fault and stays', async () => {
    const refusal: Fault = { kind: 'exception', code: 16, name: 'NO_SUCH_COLUMN_IN_TABLE' };
    const partition = partitions++;
    const lease = fakeLease();
    const { worker } = landerInto(engine, store, partition, { lease });
    const batch = aBatch(goodRecords([0]), 1, partition);
    // The parse that looks for poison is an insert into nothing, too.
    proxy.inserts.push(refusal, undefined, refusal, undefined);
    expect(await worker.onBatch(batch, lease)).toMatchObject({ kind: 'again' });
    await expect(worker.onBatch(batch, lease)).rejects.toMatchObject({ code: 'WK_INSERT_REFUSED' });
    expect(lease.committed?.offset).toBe(0);
  });

  it('knows overload by numbers that mean what they are called', async () => {
    const numbers = Object.keys(PASSING);
    const rows = await engine.query<{ name: string }>(
      `SELECT errorCodeToName(arrayJoin([${numbers.join(',')}])) AS name`,
    );
    expect(rows.map(({ name }) => name)).toEqual(Object.values(PASSING));
  });
});

describe('poison under retry', () => {
  it('is a dead letter of its kind, each time and before anything is committed, while its neighbours land once', async () => {
    const good = eventBytes(anEvent(1));
    const [header, body] = [good.subarray(0, 5), good.subarray(5)];
    const { partition, lease, worker, deadLetters } = await provenPartition();
    const records = [
      aRecord(1, null),
      aRecord(2, Buffer.from('{}')),
      aRecord(3, Buffer.concat([Buffer.from([0, 0, 0, 0x27, 0x0f]), body])),
      aRecord(4, good.subarray(0, 40)),
      aRecord(5, Buffer.concat([header, body, body])),
      ...goodRecords([6]),
    ];
    proxy.inserts.push(
      { kind: 'cut mid-insert' },
      { kind: 'cut before the reply' },
      { kind: 'settings', settings: { max_memory_usage: '1' } },
      { kind: 'status', status: 503 },
    );
    const batch = aBatch(records, 7, partition);
    for (let tries = 1; tries <= 4; tries++) {
      expect(await worker.onBatch(batch, lease)).toMatchObject({ kind: 'again' });
      expect(deadLetters.sent).toHaveLength(5 * tries);
    }
    expect(await worker.onBatch(batch, lease)).toEqual({ kind: 'done' });
    const reasons = new Map(deadLetters.sent.map(({ record, reason }) => [record.offset, reason]));
    expect([...reasons.values()]).toEqual([
      'not_confluent',
      'not_confluent',
      'unknown_schema',
      'undecodable',
      'trailing_bytes',
    ]);
    expect(await engine.offsetsIn(partition)).toEqual([0, 6]);
    expect(
      await engine.query(
        `SELECT landed_rows AS rows, dead_letters AS dead FROM {db}.ledger FINAL WHERE kafka_partition = ${partition} AND first_offset = 1`,
      ),
    ).toEqual([{ rows: 1, dead: 5 }]);
    await rollupsHold();
  });
});
