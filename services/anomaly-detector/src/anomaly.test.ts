// Laws of the anomaly detector, and how well it does on a small world of its own.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writerTypes, type DetectionDraft } from '@watchkeeper/schemas';
import { anomalyDetector, isWarming } from './anomaly.js';
import { DEFAULT_ANOMALY_OPTIONS, HOUR_MICROS } from './options.js';
import { runAgent } from './run.js';
import type { AnomalyState } from './state.js';
import {
  END_MICROS,
  START_MICROS,
  agentMeasures,
  emptyMeasure,
  faultOf,
  type FaultMetric,
  type FaultShape,
} from './testing.js';
import type { MeasureInput } from './view.js';

const detector = anomalyDetector();
const found = (
  measures: readonly MeasureInput[],
  at?: (state: AnomalyState, i: number) => AnomalyState,
): DetectionDraft[] => runAgent(detector, measures, END_MICROS, at).found;

const METRICS: readonly FaultMetric[] = ['latency', 'tokens', 'cost', 'errors'];
const SHAPES: readonly FaultShape[] = ['spike', 'level_shift', 'slow_growth'];
const KINDS = [
  ...METRICS.flatMap((metric) => SHAPES.map((shape) => ({ metric, shape }))),
  { metric: 'silence', shape: 'silence' },
] as const;

/** Tokens move cost, and a person would call either the same thing. */
const FAMILY: Readonly<Record<FaultMetric, readonly string[]>> = {
  latency: ['latency', 'tool_latency'],
  tokens: ['tokens', 'cost'],
  cost: ['cost'],
  errors: ['errors'],
  silence: ['silence'],
};

function isFound(metric: FaultMetric, shape: FaultShape, salt: number): boolean {
  const fault = faultOf(metric, shape, salt);
  return found(agentMeasures(salt, fault)).some(
    (draft) =>
      FAMILY[metric].includes(draft.metric) &&
      draft.window_start < fault.endMicros + HOUR_MICROS &&
      draft.window_end > fault.startMicros,
  );
}

/** `count` LLM calls of `durationMs` by so many sessions in one window. */
function busy(startMicros: number, count: number, durationBucket: number, sessions = 1): MeasureInput {
  return {
    ...emptyMeasure('booking-agent', startMicros),
    events: count,
    llm_calls: count,
    sessions,
    sessions_started: sessions,
    latency_buckets: [durationBucket, durationBucket + 1],
    latency_counts: [count - Math.floor(count / 3), Math.floor(count / 3)],
  };
}

describe('anomaly detector', () => {
  it.each(KINDS)('finds most plants of $metric, $shape', ({ metric, shape }) => {
    const salts = Array.from({ length: 20 }, (_, i) => i + 1_001);
    const hits = salts.filter((salt) => isFound(metric, shape, salt)).length;
    // Silence of an agent with two sessions an hour is a matter of chance for hours.
    expect(hits).toBeGreaterThanOrEqual(metric === 'silence' ? 14 : 17);
  });

  it('keeps quiet about clean agents over 48 hours: levels and errors alarm on at most 2 in 100', () => {
    const alarms = { levels: 0, silence: 0 };
    for (let seed = 1; seed <= 300; seed++) {
      const drafts = found(agentMeasures(seed));
      if (drafts.some((draft) => draft.metric !== 'silence')) alarms.levels++;
      if (drafts.some((draft) => draft.metric === 'silence')) alarms.silence++;
    }
    expect(alarms.levels).toBeLessThanOrEqual(6);
    // Sessions come by pure chance here, two to four an hour, and each hour is known from one day: pauses of hours do happen.
    expect(alarms.silence).toBeLessThanOrEqual(15);
  }, 120_000);

  it('gives the same detections for the same log, and ids that fit the contract', () => {
    const measures = agentMeasures(5, faultOf('latency', 'spike', 5));
    const once = found(measures);
    expect(once.length).toBeGreaterThan(0);
    expect(found(measures)).toEqual(once);
    for (const draft of once) {
      const whole = {
        ...draft,
        source_topic: 't',
        source_partition: 0,
        source_offset: 1,
        source_timestamp: 1,
        detected_at: 1,
      };
      expect(writerTypes.Detection.isValid(whole)).toBe(true);
      expect(() => JSON.parse(draft.evidence) as unknown).not.toThrow();
    }
  });

  it('goes on unchanged from a decoded state, at any point of a stream', () => {
    const measures = agentMeasures(7, faultOf('tokens', 'slow_growth', 7));
    const whole = found(measures);
    expect(whole.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.nat(measures.length - 1), (at) => {
        const again = found(measures, (state, i) =>
          i === at || i % 97 === 0 ? detector.decode(detector.encode(state)) : state,
        );
        expect(again).toEqual(whole);
      }),
      { numRuns: 12 },
    );
  });

  it('judges alike whether the watermark walks or leaps, and in whatever order measures of a window come', () => {
    const measures = agentMeasures(11, faultOf('errors', 'level_shift', 11)).filter(
      (m) => m.window_end <= START_MICROS + 46 * HOUR_MICROS,
    );
    const walked = found(measures);
    expect(walked.length).toBeGreaterThan(0);
    const lazy = anomalyDetector({ ...DEFAULT_ANOMALY_OPTIONS, maxPending: 100_000 });
    const leapt = lazy.create(lazy.keyOf(measures[0]!));
    const out = measures
      .map((_, i) => measures[measures.length - 1 - i]!)
      .flatMap((measure) => lazy.onEvent(leapt, measure));
    out.push(...lazy.onTime(leapt, END_MICROS));
    const told = (drafts: readonly DetectionDraft[]): unknown[] =>
      drafts.map((d) => [d.detection_id, d.revision, d.status, d.window_end]);
    expect(told(out)).toEqual(told(walked));
  });

  it('adds partitions up: two halves of a window judge like the whole', () => {
    const measures = agentMeasures(13, faultOf('latency', 'level_shift', 13));
    const halves = measures.flatMap((measure) => [
      { ...measure, source_partition: 1, latency_buckets: [], latency_counts: [], events: 1 },
      {
        ...measure,
        events: measure.events - 1,
        llm_calls: 0,
        llm_errors: 0,
        tool_calls: 0,
        tool_errors: 0,
        sessions: 0,
        sessions_started: 0,
        tool_latency_buckets: [],
        call_tokens_buckets: [],
        call_cost_buckets: [],
        session_calls_buckets: [],
      },
    ]);
    expect(found(halves)).toEqual(found(measures));
  });

  it('says nothing while it warms up, and says that it does', () => {
    const options = { ...DEFAULT_ANOMALY_OPTIONS, warmupMicros: 1000 * HOUR_MICROS };
    const patient = anomalyDetector(options);
    const { found: nothing, state } = runAgent(patient, agentMeasures(3, faultOf('latency', 'spike', 3)), END_MICROS);
    expect(nothing).toEqual([]);
    expect(isWarming(state, options)).toBe(true);
    expect(patient.score(state)).toBeLessThan(1);
  });

  it('reports a tenfold latency over 20 calls as soon as the burst is over, in words that say what, how much and since when', () => {
    const calm = Array.from({ length: 310 }, (_, i) => busy(START_MICROS + i * 360e6, 8, 60 + ((i * 7) % 5)));
    const at = START_MICROS + 31 * HOUR_MICROS;
    const slow = { ...busy(at, 20, 60 + 26, 2), agent_version: '2' };
    const [draft] = runAgent(detector, [...calm, slow], at + 130e6).found;
    expect(draft).toMatchObject({
      kind: 'anomaly.spike',
      metric: 'latency',
      status: 'OPEN',
      severity: 'CRITICAL',
      revision: 1,
      anchor: at,
      agent_version: '2',
      session_id: '',
    });
    expect(draft?.explanation).toMatch(
      /^LLM latency of booking-agent is (9|10|11)(\.\d)?× its usual for this hour \(\d.* against \d.*\) since \d\d:\d\d UTC on \d+ Mar, over 20 calls\. Version 2 took over from 1 at 07:00 UTC on 3 Mar\.$/,
    );
    expect(draft!.wasted_ms).toBeGreaterThan(0);
  });

  it('names the version that took over shortly before a rise, and none that has run for long', () => {
    const at = START_MICROS + 31 * HOUR_MICROS;
    const withChangeAt = (changeMicros: number): DetectionDraft | undefined => {
      const calm = Array.from({ length: 310 }, (_, i) => ({
        ...busy(START_MICROS + i * 360e6, 8, 60 + ((i * 7) % 5)),
        agent_version: START_MICROS + i * 360e6 < changeMicros ? '1.4' : i % 2 === 0 ? '1.5' : '1.4',
      }));
      const slow = { ...busy(at, 20, 60 + 26, 2), agent_version: '1.5' };
      return runAgent(detector, [...calm, slow], at + 130e6).found[0];
    };
    const soon = withChangeAt(at - 2 * HOUR_MICROS);
    expect(soon?.explanation).toMatch(/ Version 1\.5 took over from 1\.4 at 05:\d\d UTC on 3 Mar\.$/);
    expect(JSON.parse(soon!.evidence)).toMatchObject({ version: '1.5', versionBefore: '1.4' });
    expect(withChangeAt(at - 20 * HOUR_MICROS)?.explanation).not.toContain('Version');
  });

  it('keeps one id per episode: revisions rise by one and end with CLOSED where it goes away', () => {
    for (let salt = 41; salt <= 46; salt++) {
      const byId = new Map<string, DetectionDraft[]>();
      for (const draft of found(agentMeasures(salt, faultOf('latency', 'spike', salt)))) {
        byId.set(draft.detection_id, [...(byId.get(draft.detection_id) ?? []), draft]);
      }
      for (const drafts of byId.values()) {
        expect(drafts.map((draft) => draft.revision)).toEqual(drafts.map((_, i) => i + 1));
        expect(new Set(drafts.map((draft) => draft.anchor)).size).toBe(1);
        expect(drafts.slice(0, -1).every((draft) => draft.status === 'OPEN')).toBe(true);
      }
    }
  });

  it('drops a measure of a window that is judged', () => {
    const state = detector.create('4:acme1:a');
    detector.onTime(state, START_MICROS + 60e6);
    detector.onEvent(state, busy(START_MICROS, 5, 60));
    expect(state.pending.size).toBe(0);
  });

  it('holds windows more coarsely instead of growing, where the watermark stands still', () => {
    const state = detector.create('4:acme1:a');
    for (let i = 0; i < 50_000; i++) detector.onEvent(state, busy(START_MICROS + i * 10e6, 3, 60 + (i % 9)));
    expect(state.pending.size).toBeLessThanOrEqual(DEFAULT_ANOMALY_OPTIONS.maxPending);
    detector.onTime(state, START_MICROS + 50_000 * 10e6);
    expect(state.pending.size).toBe(0);
  });

  it('keeps under 2 KB per metric on endless input', () => {
    const measures = agentMeasures(17, faultOf('cost', 'level_shift', 17));
    let most = 0;
    runAgent(detector, measures, END_MICROS, (state, i) => {
      if (i % 101 === 0) most = Math.max(most, detector.encode(state).length);
      return state;
    });
    const dense = detector.create('4:acme1:a');
    for (let i = 0; i < 20_000; i++) {
      detector.onEvent(dense, busy(START_MICROS + i * 10e6, 900, 60 + (i % 9), 40));
      detector.onTime(dense, START_MICROS + (i + 1) * 10e6);
      if (i % 997 === 0) most = Math.max(most, detector.encode(dense).length);
    }
    // Six levels, the errors and silence.
    expect(most).toBeLessThan(8 * 2048);
  });
});
