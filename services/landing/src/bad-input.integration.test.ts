// Bad input on the real engine: each kind alone and among good ones; it lands or is a dead letter, and its neighbours are whole.

import { createHash } from 'node:crypto';
import type { LogRecord } from '@watchkeeper/runtime';
import { encodeWire, writerTypes } from '@watchkeeper/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBatch, aControl, anEvent, aRecord, eventBytes, goodRecords, idOf } from './test-support.js';
import { landerInto, testEngine, type TestEngine } from './test-engine.js';

let engine: TestEngine;
let partitions = 0;

beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

/** A lander of a partition of its own. */
function landing() {
  const partition = partitions++;
  return { partition, ...landerInto(engine, engine.store, partition) };
}

const good = eventBytes(anEvent(7));
const body = good.subarray(5);
const header = good.subarray(0, 5);
const long = 'x'.repeat(10_000);
/** The kind's enum index stands right after the fixed part; found by encoding two events that differ in it alone. */
const kindAt = [...eventBytes(anEvent(7))].findIndex(
  (byte, i) => byte !== eventBytes(anEvent(7, { kind: 'UNKNOWN' }))[i],
);
const withByte = (at: number, byte: number): Buffer => {
  const copy = Buffer.from(good);
  copy[at] = byte;
  return copy;
};

const deadly: readonly [string, Buffer | null, string][] = [
  ['null value', null, 'not_confluent'],
  ['empty value', Buffer.alloc(0), 'not_confluent'],
  ['foreign bytes', Buffer.from('{"json":true}'), 'not_confluent'],
  ['a header alone', header, 'undecodable'],
  ['truncated by one byte', good.subarray(0, -1), 'undecodable'],
  ['truncated in the middle', good.subarray(0, 60), 'undecodable'],
  ['an unknown schema id', Buffer.concat([Buffer.from([0, 0, 0, 0x27, 0x0f]), body]), 'unknown_schema'],
  ['a record of another schema', encodeWire(idOf('Control'), writerTypes.Control, aControl('c')), 'wrong_schema'],
  [
    'wrong types: a string where lengths stand',
    Buffer.concat([header, Buffer.from('tenant-a session-1 TOOL_CALL')]),
    'undecodable',
  ],
  ['an enum index that the schema does not have', withByte(kindAt, 0x7e), 'undecodable'],
  ['a negative length', withByte(5, 0x01), 'undecodable'],
  ['three bytes left over', Buffer.concat([good, Buffer.from([1, 2, 3])]), 'trailing_bytes'],
  ['two records in one body', Buffer.concat([good, body]), 'trailing_bytes'],
  [
    'a forged length of two gigabytes',
    Buffer.concat([header, Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f])]),
    'undecodable',
  ],
  ['random bytes', Buffer.concat([header, createHash('sha512').update('seed').digest()]), 'undecodable'],
];

const odd: readonly [string, Parameters<typeof anEvent>[1]][] = [
  ['a negative duration', { duration_ms: -5 }],
  ['a year of 1970', { occurred_at: 0 }],
  ['before 1970', { occurred_at: -86_400_000_000 }],
  ['a year of 2100', { occurred_at: Date.UTC(2100, 1, 1) * 1000 }],
  ['a year beyond every date', { occurred_at: 9_007_199_254_740_990 }],
  ['contents of 5 MB', { output: 'y'.repeat(5_000_000) }],
  ['NUL', { input: 'a\u0000b', tenant_id: 'tenant\u0000' }],
  ['a lone surrogate', { input: 'a\ud800b' }],
  ['ids of 10 kB', { event_id: long, session_id: long, trace_id: long, agent_id: long, tenant_id: long }],
  ['seq that goes back', { seq: -3 }],
  ['a session without a start', { session_id: 'never-started' }],
  ['the same event twice', { event_id: 'event-0' }],
  [
    'extreme numbers',
    {
      input_tokens: 9_007_199_254_740_990,
      cost_nano_usd: -9_007_199_254_740_990,
      score: Infinity,
      duration_ms: 9_007_199_254_740_990,
    },
  ],
  ['not a number', { score: NaN }],
];

describe('bad input on the real engine', () => {
  it.each(deadly)('%s: is a dead letter, alone', async (_, value, reason) => {
    const { worker, lease, deadLetters, partition } = landing();
    await worker.onBatch(aBatch([aRecord(0, value)], 1), lease);
    expect(deadLetters.sent.map((bad) => bad.reason)).toEqual([reason]);
    expect(lease.committed).toEqual({ offset: 1, metadata: '' });
    expect(await engine.offsetsIn(partition)).toEqual([]);
  });

  it('all of them among good ones: each a dead letter, every neighbour lands whole', async () => {
    const { worker, lease, deadLetters, partition } = landing();
    const records: LogRecord[] = [];
    for (const [, value] of deadly) {
      records.push(...goodRecords([records.length, records.length + 1]));
      records.push(aRecord(records.length, value));
    }
    await worker.onBatch(aBatch(records, records.length), lease);
    expect(deadLetters.sent.map((bad) => bad.reason)).toEqual(deadly.map(([, , reason]) => reason));
    const bad = new Set(deadLetters.sent.map((one) => one.record.offset));
    expect(await engine.offsetsIn(partition)).toEqual(
      records.map((record) => record.offset).filter((offset) => !bad.has(offset)),
    );
    const wrong = await engine.query(
      `SELECT * FROM {db}.events WHERE kafka_partition = ${partition} AND (event_id != 'event-' || toString(kafka_offset) OR output != 'found' OR attributes['env'] != 'test')`,
    );
    expect(wrong).toEqual([]);
  });

  it.each(odd)('%s: lands, alone and among good ones', async (_, over) => {
    const { worker, lease, deadLetters, partition } = landing();
    const records = [
      aRecord(0, eventBytes(anEvent(0, over))),
      ...goodRecords([1, 2, 3]),
      aRecord(4, eventBytes(anEvent(4, over))),
      ...goodRecords([5]),
    ];
    await worker.onBatch(aBatch(records.slice(0, 1), 1), lease);
    await worker.onBatch(aBatch(records.slice(1), 6), lease);
    expect(deadLetters.sent).toEqual([]);
    expect(await engine.offsetsIn(partition)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps what was sent: signed numbers, times that no date holds, bytes as they are', async () => {
    const { worker, lease, partition } = landing();
    await worker.onBatch(
      aBatch(
        [
          aRecord(
            0,
            eventBytes(
              anEvent(0, { duration_ms: -5, occurred_at: -1, input: 'a\u0000b', cost_nano_usd: -1_500_000_000 }),
            ),
          ),
          aRecord(1, eventBytes(anEvent(1, { occurred_at: Date.UTC(2100, 0, 1) * 1000, seq: -9 }))),
          aRecord(2, eventBytes(anEvent(2, { occurred_at: 9_007_199_254_740_990 }))),
        ],
        3,
      ),
      lease,
    );
    const rows = await engine.query<Record<string, unknown>>(
      `SELECT toString(duration_ms) AS duration, toString(occurred_at) AS at, toString(occurred_at_raw) AS raw, toString(seq) AS seq, length(input) AS bytes, toString(cost_usd) AS usd FROM {db}.events WHERE kafka_partition = ${partition} ORDER BY kafka_offset`,
    );
    expect(rows).toMatchObject([
      { duration: '-5', at: '1970-01-01 00:00:00.000000', raw: '-1', bytes: 3, usd: '-1.5' },
      { at: '2100-01-01 00:00:00.000000', raw: null, seq: '-9' },
      { at: '2105-12-31 23:59:59.999999', raw: String(9_007_199_254_740_990) },
    ]);
  });
});
