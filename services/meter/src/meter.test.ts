// Laws of the meter.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramBucket } from '@watchkeeper/schemas';
import { DEFAULT_METER_OPTIONS, meter, type MeterState } from './meter.js';
import { meterInput } from './testing.js';
import type { MeterEvent, MeterInput } from './view.js';
import { MAX_TOOLS, OTHER_TOOLS, type MeasureDraft } from './window.js';

const W = DEFAULT_METER_OPTIONS.windowMicros;
const LATENESS = 10_000_000;
const T0 = 1_700_000_000_000_000;
const detector = meter();
const stateOf = (input: MeterInput): MeterState => detector.create(detector.keyOf(input));

/** Feeds one key as the engine does: the watermark follows the events, timers fire right after the event that makes them due. */
function run(events: readonly { t: number; more?: Partial<MeterEvent> }[], roundTripAt = -1): MeasureDraft[] {
  const out: MeasureDraft[] = [];
  let state = stateOf(meterInput(T0));
  let watermark = -Infinity;
  events.forEach(({ t, more }, i) => {
    out.push(...detector.onEvent(state, meterInput(t, more, watermark)));
    watermark = Math.max(watermark, t - LATENESS);
    const due = detector.dueAt(state);
    if (due !== undefined && due <= watermark) {
      out.push(...detector.onTime(state, watermark));
      expect(detector.dueAt(state) ?? Infinity).toBeGreaterThan(watermark);
    }
    if (i === roundTripAt) state = detector.decode(detector.encode(state));
  });
  out.push(...detector.onClose(state));
  return out;
}

const kinds = ['LLM_CALL', 'TOOL_CALL', 'MESSAGE', 'SESSION_STARTED', 'SESSION_ENDED', 'RETRIEVAL'] as const;
const someEvent = fc.record({
  t: fc.integer({ min: 0, max: 3 * 3_600_000 }).map((ms) => T0 + ms * 1000),
  more: fc.record({
    kind: fc.constantFrom(...kinds),
    phase: fc.constantFrom('POINT', 'START', 'END'),
    status: fc.constantFrom('OK', 'ERROR', 'TIMEOUT', 'UNSET'),
    session_id: fc.constantFrom('a', 'b', 'c'),
    seq: fc.integer({ min: -1, max: 200 }),
    name: fc.constantFrom('search', 'book', 'pay'),
    duration_ms: fc.option(fc.integer({ min: -5, max: 90_000 }), { nil: null }),
    time_to_first_token_ms: fc.option(fc.integer({ min: 0, max: 9_000 }), { nil: null }),
    input_tokens: fc.integer({ min: -1, max: 2_000_000_000 }),
    cost_nano_usd: fc.integer({ min: 0, max: 1_000_000_000 }),
  }),
}) as fc.Arbitrary<{ t: number; more: Partial<MeterEvent> }>;
const someStream = fc.array(someEvent, { maxLength: 80 }).map((list) => list.sort((a, b) => a.t - b.t));

describe('meter', () => {
  it('gives the same measures for the same events', () => {
    fc.assert(
      fc.property(someStream, (events) => {
        expect(run(events)).toEqual(run(events));
      }),
    );
  });

  it('goes on unchanged from a decoded state, at any point of a stream', () => {
    fc.assert(
      fc.property(someStream, fc.nat(80), (events, at) => {
        expect(run(events, at)).toEqual(run(events));
      }),
    );
  });

  it('neither loses nor doubles an event: sums over windows are sums over events', () => {
    fc.assert(
      fc.property(someStream, (list) => {
        const events = list.map((event, i) => ({ ...event, more: { ...event.more, seq: i } }));
        const measures = run(events);
        const sum = (name: 'events' | 'llm_calls' | 'tool_calls' | 'late_events'): number =>
          measures.reduce((total, measure) => total + measure[name], 0);
        const ended = events.filter(({ more }) => more.phase !== 'START');
        expect(sum('events') + sum('late_events')).toBe(events.length);
        expect(sum('late_events')).toBe(0);
        expect(sum('llm_calls')).toBe(ended.filter(({ more }) => more.kind === 'LLM_CALL').length);
        expect(sum('tool_calls')).toBe(
          ended.filter(({ more }) => more.kind === 'TOOL_CALL' || more.kind === 'RETRIEVAL').length,
        );
      }),
    );
  });

  it('closes each window once and in order, at multiples of the width', () => {
    fc.assert(
      fc.property(someStream, (events) => {
        const starts = run(events).map((measure) => measure.window_start);
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
        for (const start of starts) expect(start % W).toBe(0);
      }),
    );
  });

  it('gives the same measures for events of a window in any order', () => {
    const calls = [3, 1, 7, 4].map((i) => ({ t: T0 + i * 1000, more: { duration_ms: i * 100, seq: i } }));
    expect(run([...calls].reverse())).toEqual(run(calls));
  });

  it('counts a call once: a START is an event, its END is the call', () => {
    const [measure] = run([
      { t: T0, more: { phase: 'START', seq: 1 } },
      { t: T0 + 1, more: { phase: 'END', seq: 2 } },
    ]);
    expect(measure).toMatchObject({ events: 2, llm_calls: 1, input_tokens: 1_000, kinds: { LLM_CALL: 2 } });
    expect(measure?.latency_counts).toEqual([1]);
  });

  it('drops the second of two events with one seq of one session', () => {
    const twice = { t: T0, more: { seq: 5 } };
    expect(run([twice, twice])[0]?.events).toBe(1);
  });

  it('leaves an event behind the watermark out of every sum and counts it as late', () => {
    const measures = run([{ t: T0 }, { t: T0 + 60e6 }, { t: T0 + 1 }]);
    expect(measures.map(({ events, late_events }) => [events, late_events])).toEqual([
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
  });

  it('takes an event within the lateness into its own window', () => {
    const measures = run([{ t: T0 + 12e6 }, { t: T0 + 5e6 }]);
    expect(measures.map(({ window_start, events }) => [window_start - T0, events])).toEqual([
      [0, 1],
      [W, 1],
    ]);
  });

  it('counts a session in the window of its SESSION_ENDED, and never again', () => {
    const measures = run([
      { t: T0, more: { seq: 1 } },
      { t: T0 + 30e6, more: { seq: 2 } },
      { t: T0 + 61e6, more: { seq: 3, kind: 'SESSION_ENDED' } },
      { t: T0 + 62e6, more: { seq: 4 } },
      { t: T0 + 7200e6, more: { seq: 5, session_id: 'other' } },
    ]);
    const closing = measures.filter((measure) => measure.session_calls_counts.length > 0);
    expect(closing).toHaveLength(1);
    expect(closing[0]).toMatchObject({
      window_start: T0 + 60e6,
      session_calls_buckets: [histogramBucket(2)],
      session_tokens_buckets: [histogramBucket(2_400)],
    });
  });

  it('counts a session that falls silent at the end of its patience', () => {
    const measures = run([{ t: T0 }, { t: T0 + 7200e6, more: { session_id: 'other' } }]);
    const closing = measures.find((measure) => measure.session_calls_counts.length > 0);
    expect(closing).toMatchObject({ window_start: T0 + DEFAULT_METER_OPTIONS.sessionIdleMicros, events: 0 });
  });

  it('begins anew with a session that comes back after its patience', () => {
    const state = stateOf(meterInput(T0));
    const measures: MeasureDraft[] = [];
    for (const t of [T0, T0 + 7200e6]) {
      detector.onEvent(state, meterInput(t, { seq: 3 }));
      measures.push(...detector.onTime(state, t + 3600e6));
    }
    expect(measures.flatMap(({ session_calls_counts }) => session_calls_counts)).toEqual([1, 1]);
    expect(measures.map(({ llm_calls }) => llm_calls).filter((calls) => calls > 0)).toEqual([1, 1]);
  });

  it('leaves absurd values out and never throws', () => {
    const [measure] = run([
      {
        t: T0,
        more: {
          duration_ms: -4,
          input_tokens: 5e12,
          output_tokens: NaN,
          cost_nano_usd: -1,
          time_to_first_token_ms: Infinity,
        },
      },
    ]);
    expect(measure).toMatchObject({
      llm_calls: 1,
      input_tokens: 0,
      output_tokens: 0,
      cost_nano_usd: 0,
      duration_ms: 0,
    });
    expect(measure?.latency_counts).toEqual([]);
    expect(measure?.first_token_counts).toEqual([]);
  });

  it('names no more tools in a window than its bound', () => {
    const events = Array.from({ length: 90 }, (_, i) => ({
      t: T0 + i,
      more: { seq: i, kind: 'TOOL_CALL' as const, name: `tool-${i}` },
    }));
    const [measure] = run(events);
    expect(Object.keys(measure!.tools)).toHaveLength(MAX_TOOLS + 1);
    expect(measure!.tools[OTHER_TOOLS]).toBe(90 - MAX_TOOLS);
  });

  it('keeps its state bounded on endless input', () => {
    const state = stateOf(meterInput(T0));
    let watermark = -Infinity;
    let most = 0;
    for (let i = 0; i < 60_000; i++) {
      const t = T0 + i * 100_000;
      detector.onEvent(
        state,
        meterInput(
          t,
          { session_id: `s-${i}`, seq: i, name: `t-${i}`, kind: i % 2 ? 'TOOL_CALL' : 'LLM_CALL' },
          watermark,
        ),
      );
      watermark = t - LATENESS;
      if ((detector.dueAt(state) ?? Infinity) <= watermark) detector.onTime(state, watermark);
      if (i % 997 === 0) most = Math.max(most, detector.encode(state).length);
    }
    expect(state.sessions.size).toBeLessThanOrEqual(DEFAULT_METER_OPTIONS.maxSessions);
    expect(most).toBeLessThan(16_000);
  });
});
