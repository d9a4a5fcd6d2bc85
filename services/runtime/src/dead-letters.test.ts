import { catalogueIds, encodeWire, fullView, viewDecoder, writerTypes } from '@watchkeeper/schemas';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { manualClock } from './clock.js';
import { createDeadLetters, deadLetterOf, type BadRecord } from './dead-letters.js';
import { memoryLog } from './memory-log.js';
import { createMetrics } from './metrics.js';

const bad = (value: Buffer | null, of: Partial<BadRecord> = {}): BadRecord => ({
  topic: 'agent.events',
  partition: 3,
  record: { offset: 41, timestampMs: 1_000, key: Buffer.from('key'), value, headers: { h: Buffer.from('v') } },
  reason: 'undecodable',
  error: 'the body ends before the record does',
  ...of,
});

async function opened(acceptBad = false) {
  const log = memoryLog({ topics: { 'agent.dead-letters': 1 } });
  const clock = manualClock();
  const metrics = createMetrics();
  const letters = createDeadLetters({
    service: 'landing',
    producer: await log.producer(),
    clock,
    metrics,
    encode: (letter) => encodeWire(6, writerTypes.DeadLetter, letter),
    maxShare: 0.2,
    acceptBad,
  });
  return { log, clock, metrics, letters };
}

describe('dead letters', () => {
  it('keep the first 256 kB, the whole length and hash, and where the record came from', () => {
    const value = Buffer.alloc(300_000, 'x');
    const letter = deadLetterOf('landing', bad(value, { schemaId: 9, logId: 'c/1' }), 5);
    expect(letter).toMatchObject({
      service: 'landing',
      reason: 'undecodable',
      topic: 'agent.events',
      source_partition: 3,
      source_offset: 41,
      source_timestamp: 1_000,
      schema_id: 9,
      log_id: 'c/1',
      payload_bytes: 300_000,
      payload_sha256: createHash('sha256').update(value).digest('hex'),
      failed_at: 5,
    });
    expect(letter.payload).toHaveLength(256 * 1024);
  });

  it('fit into the topic whatever the record', () => {
    const huge = Buffer.alloc(6e6, 1);
    const letter = deadLetterOf(
      'landing',
      bad(huge, {
        record: { offset: 0, timestampMs: 0, key: huge, value: huge, headers: { h: huge } },
        error: 'e'.repeat(1e6),
      }),
      5,
    );
    expect(encodeWire(6, writerTypes.DeadLetter, letter).length).toBeLessThan(500_000);
    expect(deadLetterOf('landing', bad(null), 5)).toMatchObject({ payload_bytes: 0 });
  });

  it('are appended under their origin as key, in the wire format, and counted', async () => {
    const { log, letters, metrics } = await opened();
    await letters.send([bad(Buffer.from('a')), bad(Buffer.from('b'))]);
    const [first] = log.records('agent.dead-letters');
    expect(String(first?.key)).toBe('12:agent.events1:32:41');
    const decoded = viewDecoder(fullView('DeadLetter'), catalogueIds().writerTypeOf)(first?.value ?? null);
    expect(decoded).toMatchObject({ kind: 'ok', value: { payload: Buffer.from('a'), reason: 'undecodable' } });
    expect(await metrics.valueOf('deadLetters', { role: 'landing', reason: 'undecodable' })).toBe(2);
  });
});

describe('the share of bad records', () => {
  it('stops the role past the share, over at least 1,000 records and 60 s', async () => {
    const { letters, clock } = await opened();
    letters.note('agent.events', 0, 900, 900);
    clock.advanceMs(60_000);
    // 60 s, but 990 records.
    letters.note('agent.events', 0, 90, 90);
    expect(() => letters.note('agent.events', 0, 10, 10)).toThrow(
      /landing found 1000 of the last 1000 records of partition 0 of agent.events unusable/,
    );
  });

  it('waits for 60 s however many are bad, and judges each partition by itself', async () => {
    const { letters, clock } = await opened();
    letters.note('agent.events', 0, 5_000, 5_000);
    clock.advanceMs(59_999);
    letters.note('agent.events', 0, 5_000, 5_000);
    clock.advanceMs(1);
    letters.note('agent.events', 1, 5_000, 5_000);
    expect(() => letters.note('agent.events', 0, 1, 0)).toThrow(/WK_TOO_MANY_BAD|unusable/);
  });

  it('passes at the share, and begins anew after each window', async () => {
    const { letters, clock } = await opened();
    letters.note('agent.events', 0, 1_000, 200);
    clock.advanceMs(60_000);
    letters.note('agent.events', 0, 0, 0);
    // The good ones of the last window excuse nothing.
    letters.note('agent.events', 0, 1_000, 201);
    clock.advanceMs(60_000);
    expect(() => letters.note('agent.events', 0, 0, 0)).toThrow(/unusable/);
  });

  it('never stops a role that accepts bad ones', async () => {
    const { letters, clock } = await opened(true);
    letters.note('agent.events', 0, 1_000, 1_000);
    clock.advanceMs(60_000);
    letters.note('agent.events', 0, 1, 1);
  });
});
