import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogProducer, type OutgoingRecord, manualClock } from '@watchkeeper/runtime';
import { catalogueIds, fingerprintOf, fullView, tupleKey, viewDecoder } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { filling, history, realTime, twoDays } from './fleet-options.js';
import { Fleet } from './fleet.js';
import { type SimulationOptions, simulate, writeTruth } from './simulate.js';
import { readTruth } from './truth.js';

const ids = catalogueIds();
const schemaId = ids.idOf('AgentEvent');
const decode = viewDecoder(fullView('AgentEvent'), ids.writerTypeOf);
const nowMs = 1_795_000_000_000;

interface Sent {
  readonly atMs: number;
  readonly record: OutgoingRecord;
}

/** A log in memory under a clock that moves only when the simulation sleeps. */
function bench(fleet: SimulationOptions['fleet']): {
  options: SimulationOptions;
  sent: Sent[];
  clock: ReturnType<typeof manualClock>;
} {
  const clock = manualClock(nowMs);
  const sent: Sent[] = [];
  const producer = {
    send: (_: string, records: readonly OutgoingRecord[]) => {
      sent.push(...records.map((record) => ({ atMs: clock.nowMs(), record })));
      return Promise.resolve();
    },
  } as unknown as LogProducer;
  const sleep = (ms: number): Promise<void> => {
    clock.advanceMs(ms);
    return Promise.resolve();
  };
  return { sent, clock, options: { fleet, producer, schemaId, clock, sleep } };
}
const decoded = (record: OutgoingRecord) => {
  const result = decode(record.value);
  if (result.kind === 'bad') throw new Error(result.error);
  return result.value;
};

describe('simulate', () => {
  it('compresses hours into seconds, sends all in order, none from the future, each under its key', async () => {
    const { options, sent, clock } = bench(
      history({ seed: 5, agents: 20, hours: 6, events: 3_000, endMicros: nowMs * 1000 }),
    );
    const report = await simulate({ ...options, historySeconds: 3 });
    expect(clock.nowMs() - nowMs).toBeGreaterThan(2_500);
    expect(clock.nowMs() - nowMs).toBeLessThanOrEqual(3_001);
    expect(report.events).toBe(sent.length);
    expect(sent.length).toBeGreaterThan(2_000);
    let last = 0;
    for (const { record, atMs } of sent) {
      const event = decoded(record);
      expect(record.key).toBe(tupleKey(event.tenant_id, event.session_id));
      expect(event.occurred_at).toBeGreaterThanOrEqual(last);
      expect(event.occurred_at).toBeLessThanOrEqual(atMs * 1000);
      last = event.occurred_at;
    }
  });

  it('runs in real time where nothing is compressed', async () => {
    const { options, sent } = bench(
      realTime({ seed: 5, agents: 20, eventsPerSecond: 100, seconds: 20, startMicros: nowMs * 1000 }),
    );
    await simulate(options);
    expect(sent.length).toBeGreaterThan(1_200);
    expect(sent.length).toBeLessThan(2_800);
    for (const { record, atMs } of sent) {
      const { occurred_at: at } = decoded(record);
      expect(at).toBeLessThanOrEqual(atMs * 1000);
      expect(atMs * 1000 - at).toBeLessThan(150_000);
    }
  });

  it('fills with exactly as many events as were asked for', async () => {
    const { options, sent } = bench(filling({ seed: 2, events: 5_000, faultyShare: 0.05, endMicros: nowMs * 1000 }));
    const report = await simulate({ ...options, historySeconds: 0, maxEvents: 5_000 });
    expect(sent).toHaveLength(5_000);
    expect(report).toMatchObject({ events: 5_000, seconds: 0 });
  });

  it('stops at the signal, with all that was taken acknowledged', async () => {
    const stop = new AbortController();
    const { options, sent } = bench(
      realTime({ seed: 5, agents: 20, eventsPerSecond: 100, seconds: 0, startMicros: nowMs * 1000 }),
    );
    const report = await simulate({
      ...options,
      signal: stop.signal,
      onProgress: ({ events }) => events >= 500 && stop.abort(),
    });
    expect(report.events).toBe(sent.length);
    expect(sent.length).toBeGreaterThanOrEqual(500);
    expect(sent.length).toBeLessThan(2_600);
  });

  it('throws what the log throws', async () => {
    const { options } = bench(history({ seed: 5, agents: 20, hours: 6, events: 3_000, endMicros: nowMs * 1000 }));
    const producer = { send: () => Promise.reject(new Error('the log is away')) } as unknown as LogProducer;
    await expect(simulate({ ...options, producer, historySeconds: 1 })).rejects.toThrow('the log is away');
  });
});

describe('an encoded event', () => {
  it('is about 600 bytes on average, and carries the fingerprints of its content', async () => {
    const { options, sent } = bench(history({ seed: 5, agents: 40, hours: 6, events: 4_000, endMicros: nowMs * 1000 }));
    await simulate({ ...options, historySeconds: 0 });
    const bytes = sent.reduce((sum, { record }) => sum + record.value!.length, 0) / sent.length;
    expect(bytes).toBeGreaterThan(500);
    expect(bytes).toBeLessThan(700);
    const call = sent
      .map(({ record }) => decoded(record))
      .find((event) => event.kind === 'TOOL_CALL' && event.status === 'OK')!;
    expect(call.content_level).toBe('FULL');
    expect(call.output_fingerprint).toEqual(fingerprintOf(call.output));
  });
});

describe('fleet options', () => {
  it('fill with a share of faulty sessions near the one asked for', () => {
    const fleet = new Fleet(filling({ seed: 2, events: 40_000, faultyShare: 0.05, endMicros: nowMs * 1000 }));
    const events = fleet.events();
    for (let taken = 0; taken < 40_000; taken++) events.next();
    const truth = fleet.truth();
    const faulty = new Set(
      truth.flatMap((record) => (record.kind === 'loop' || record.kind === 'drift' ? [record.sessionId] : [])),
    );
    expect(faulty.size / fleet.sessionCount).toBeGreaterThan(0.03);
    expect(faulty.size / fleet.sessionCount).toBeLessThan(0.07);
  });

  it('are two days of some 250,000 to 360,000 events', () => {
    expect(twoDays(1, nowMs * 1000)).toMatchObject({
      endMicros: nowMs * 1000,
      startMicros: (nowMs - 48 * 3_600_000) * 1000,
    });
  });
});

describe('the truth file', () => {
  it('comes back as it was written, and says which line is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'truth-'));
    try {
      const { options } = bench(history({ seed: 5, agents: 40, hours: 12, events: 6_000, endMicros: nowMs * 1000 }));
      const { truth } = await simulate({ ...options, historySeconds: 0 });
      const path = join(folder, 'truth.jsonl');
      await writeTruth(path, truth);
      const text = readFileSync(path, 'utf8');
      expect(readTruth(text, path)).toEqual(JSON.parse(JSON.stringify(truth)));
      expect(() => readTruth('{"kind":"fleet"}\nnothing', path)).toThrow(`Line 2 of ${path}`);
      await expect(writeTruth(join(folder, 'no', 'such'), truth)).rejects.toMatchObject({
        code: 'WK_TRUTH_NOT_WRITTEN',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
