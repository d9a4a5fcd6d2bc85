import { describe, expect, it } from 'vitest';
import { type DetectionRow, score } from './score.js';
import type { AnomalyTruth, LoopTruth, TruthRecord } from './truth.js';

const loop = (faultId: string, sessionId: string, more: Partial<LoopTruth> = {}): LoopTruth => ({
  kind: 'loop',
  faultId,
  variant: 'period-2/exact',
  tenantId: 't',
  agentId: 'a',
  sessionId,
  firstSeq: 10,
  lastSeq: 30,
  provenSeq: 22,
  startMicros: 0,
  endMicros: 1,
  evidenceCompleteAtMicros: 1,
  period: 2,
  rounds: 5,
  style: 'exact',
  jitter: undefined,
  instructed: false,
  ...more,
});
const anomaly = (faultId: string, agentId: string, more: Partial<AnomalyTruth> = {}): AnomalyTruth => ({
  kind: 'anomaly',
  faultId,
  variant: 'latency/spike',
  tenantId: 't',
  agentId,
  metric: 'latency',
  shape: 'spike',
  alsoMoves: [],
  factor: 5,
  startMicros: 10e9,
  endMicros: 12e9,
  affectedCalls: 20,
  evidenceCompleteAtMicros: 11e9,
  ...more,
});
const fleet: TruthRecord = {
  kind: 'fleet',
  seed: '1',
  startMicros: 0,
  endMicros: 20e9,
  events: 100,
  sessions: 12,
  agents: 5,
  cleanAgents: [
    { tenantId: 't', agentId: 'clean-1' },
    { tenantId: 't', agentId: 'clean-2' },
  ],
};
const row = (more: Partial<DetectionRow>): DetectionRow => ({
  detector: 'loop-detector',
  tenant_id: 't',
  session_id: '',
  agent_id: 'a',
  metric: '',
  first_seq: 12,
  last_seq: 20,
  window_start_micros: 0,
  window_end_micros: 0,
  ...more,
});

describe('score', () => {
  it('finds a loop only by the loop detector, in its session and tenant, where the steps overlap', () => {
    const truth = [fleet, ...['hit', 'miss', 'early', 'late', 'by drift', 'elsewhere'].map((name) => loop(name, name))];
    const result = score(truth, [
      row({ session_id: 'hit' }),
      row({ session_id: 'early', first_seq: 1, last_seq: 9 }),
      row({ session_id: 'late', first_seq: 31, last_seq: 40 }),
      row({ session_id: 'by drift', detector: 'drift-detector' }),
      row({ session_id: 'elsewhere', tenant_id: 'u' }),
    ]).loop;
    expect(result).toMatchObject({ planted: 6, found: 1, missed: ['miss', 'early', 'late', 'by drift', 'elsewhere'] });
    expect(result.byVariant).toEqual({ 'period-2/exact': { planted: 6, found: 1 } });
  });

  it('touches at the edges', () => {
    const edges = [
      row({ session_id: 'x', first_seq: 30, last_seq: 35 }),
      row({ session_id: 'y', first_seq: 2, last_seq: 10 }),
    ];
    expect(score([fleet, loop('1', 'x'), loop('2', 'y')], edges).loop.found).toBe(2);
  });

  it('counts a clean session once however often it is called, never a faulty one, and names the look-alike', () => {
    const truth: TruthRecord[] = [
      fleet,
      loop('1', 'faulty'),
      { kind: 'negative', variant: 'paging', tenantId: 't', agentId: 'a', sessionId: 'pages' },
    ];
    const result = score(truth, [
      row({ session_id: 'pages' }),
      row({ session_id: 'pages', first_seq: 40 }),
      row({ session_id: 'plain' }),
      row({ session_id: 'faulty', detector: 'drift-detector' }),
    ]);
    expect(result.loop).toMatchObject({ falseAlarms: 2, clean: 11, falseAlarmsByLookAlike: { paging: 1 } });
    expect(result.drift).toMatchObject({ falseAlarms: 0, clean: 11 });
  });

  it('finds an anomaly by agent, family of metric and time, with an hour of grace after its end', () => {
    const rows = (metric: string, from: number, to: number): DetectionRow[] => [
      row({ detector: 'anomaly-detector', agent_id: 'a', metric, window_start_micros: from, window_end_micros: to }),
    ];
    const found = (detections: DetectionRow[], more: Partial<AnomalyTruth> = {}): number =>
      score([fleet, anomaly('1', 'a', more)], detections).anomaly.found;
    expect(found(rows('latency', 11e9, 13e9))).toBe(1);
    expect(found(rows('time_to_first_token', 9e9, 10.5e9))).toBe(1);
    expect(found(rows('latency', 13e9, 14e9))).toBe(1);
    expect(found(rows('latency', 16e9, 17e9))).toBe(0);
    expect(found(rows('latency', 8e9, 9e9))).toBe(0);
    expect(found(rows('cost', 11e9, 13e9))).toBe(0);
    expect(found(rows('cost', 11e9, 13e9), { metric: 'tokens', alsoMoves: ['cost'] })).toBe(1);
    expect(found(rows('tokens', 11e9, 13e9), { metric: 'cost' })).toBe(0);
  });

  it('takes false alarms of anomalies on clean agents alone', () => {
    const rows = ['clean-1', 'clean-1', 'a', 'struck by a loop'].map((agent) =>
      row({ detector: 'anomaly-detector', agent_id: agent, metric: 'errors' }),
    );
    expect(score([fleet, anomaly('1', 'a')], rows).anomaly).toMatchObject({
      planted: 1,
      found: 0,
      falseAlarms: 1,
      clean: 2,
    });
  });

  it('is all zeros for nothing', () => {
    expect(score([], []).drift).toEqual({
      planted: 0,
      found: 0,
      falseAlarms: 0,
      clean: 0,
      byVariant: {},
      falseAlarmsByLookAlike: {},
      missed: [],
    });
  });
});
