// The analyst's views on the real engine: each returns rows, and the figures are those of the events that were landed.

import { encodeWire, writerTypes, type Alert, type Measure } from '@watchkeeper/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBatch, aDetection, anEvent, aRecord, eventBytes, fakeLease, idOf } from './test-support.js';
import { landerInto, testEngine, type TestEngine } from './test-engine.js';

let engine: TestEngine;
const nowMicros = Date.now() * 1000;

const alert: Alert = {
  tenant_id: 'tenant-a',
  fingerprint: 'f1',
  revision: 1,
  rule: 'loops',
  state: 'FIRING',
  severity: 'WARNING',
  agent_id: 'agent-1',
  session_id: 'session-1',
  detections: ['d1'],
  summary: 'a loop',
  starts_at: nowMicros,
  ends_at: null,
  labels: { team: 'a' },
};

const windowMicros = 1_700_000_000_000_000;
const anyMeasure = writerTypes.Measure.random() as unknown as Measure;
const measureOf = (sourcePartition: number): Measure => ({
  ...anyMeasure,
  record_kind: 'MEASURE',
  source_partition: sourcePartition,
  source_partitions: 2,
  window_start: windowMicros,
  window_end: windowMicros + 10_000_000,
  tenant_id: 'tenant-a',
  agent_id: 'windowed',
  agent_version: '1.0',
  events: 0,
  tool_calls: 1,
  cost_nano_usd: 1_000_000_000,
  kinds: {},
});

/** Lands `records`, the first at offset `from`. */
async function land(topic: string, records: ReturnType<typeof aRecord>[], from = 0): Promise<void> {
  const lease = fakeLease({ offset: from, metadata: '' });
  const { worker, deadLetters } = landerInto(engine, engine.store, 0, { topic, lease });
  expect(await worker.onBatch({ ...aBatch(records, from + records.length), topic }, lease)).toEqual({ kind: 'done' });
  expect(deadLetters.sent).toEqual([]);
}

beforeAll(async () => {
  engine = await testEngine();
  const events = [
    anEvent(0, {
      kind: 'SESSION_STARTED',
      goal: 'find the invoice',
      name: '',
      duration_ms: null,
      input_tokens: 0,
      output_tokens: 0,
      cost_nano_usd: 0,
    }),
    anEvent(1, { duration_ms: 100 }),
    anEvent(2, { duration_ms: 200, status: 'ERROR', error_type: 'Timeout', error_message: 'too slow' }),
    anEvent(3, {
      kind: 'LLM_CALL',
      name: '',
      model: 'model-1',
      provider: 'provider-1',
      duration_ms: 1_000,
      cost_nano_usd: 500_000_000,
      input_tokens: 1_000,
      output_tokens: 100,
    }),
    anEvent(4, { kind: 'TOOL_CALL', phase: 'START', duration_ms: null }),
    anEvent(5, {
      kind: 'SESSION_ENDED',
      name: '',
      status: 'OK',
      duration_ms: null,
      input_tokens: 0,
      output_tokens: 0,
      cost_nano_usd: 0,
    }),
    anEvent(6, { session_id: 'session-2', agent_version: '1.1' }),
  ].map((event, i) => aRecord(i, eventBytes({ ...event, occurred_at: nowMicros + i * 1_000_000 })));
  await land('agent.events', events);
  await land(
    'agent.detections',
    [1, 3, 2].map((revision, i) =>
      aRecord(i, encodeWire(idOf('Detection'), writerTypes.Detection, aDetection(revision, nowMicros))),
    ),
  );
  await land('agent.alerts', [aRecord(0, encodeWire(idOf('Alert'), writerTypes.Alert, alert))]);
  for (const [topic, schema] of [
    ['agent.measures', 'Measure'],
    ['agent.controls', 'Control'],
    ['agent.dead-letters', 'DeadLetter'],
  ] as const)
    await land(
      topic,
      Array.from({ length: 20 }, (_, i) =>
        aRecord(i, encodeWire(idOf(schema), writerTypes[schema], writerTypes[schema].random())),
      ),
    );
});
afterAll(() => engine.close());

const all = (view: string): Promise<Record<string, unknown>[]> => engine.query(`SELECT * FROM {db}.${view}`);

describe('views', () => {
  it('sessions: one row each, folded', async () => {
    const [first, second] = await engine.query(`SELECT * FROM {db}.sessions ORDER BY session_id`);
    expect(first).toMatchObject({
      session_id: 'session-1',
      state: 'ended',
      end_status: 'OK',
      goal: 'find the invoice',
      duration_s: 5,
      events: 6,
      errors: 1,
      llm_calls: 1,
      tool_calls: 2,
      input_tokens: 1300,
      cost_usd: 0.503,
    });
    expect(second).toMatchObject({
      session_id: 'session-2',
      state: 'running',
      end_status: '',
      goal: '',
      agent_version: '1.1',
    });
  });

  it('session_timeline: the steps in order, with goal and error in words', async () => {
    const steps = await engine.query<{ seq: number }>(
      `SELECT * FROM {db}.session_timeline WHERE session_id = 'session-1'`,
    );
    expect(steps.map((step) => step.seq)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(steps[2]).toMatchObject({ kind: 'TOOL_CALL', name: 'search', error: 'Timeout: too slow', tokens: 110 });
    expect(steps[3]).toMatchObject({ name: 'model-1', cost_usd: 0.5 });
  });

  it('agents and fleet_now: totals, and what runs at present', async () => {
    expect(await all('agents')).toMatchObject([
      {
        agent_id: 'agent-1',
        versions: ['1.0', '1.1'],
        sessions: 2,
        events: 7,
        errors: 1,
        llm_calls: 1,
        tool_calls: 3,
      },
    ]);
    const [now] = await all('fleet_now');
    expect(now).toMatchObject({ agent_id: 'agent-1', running_sessions: 1, open_detections: 0 });
    expect(now?.['events_per_minute']).toBeCloseTo(7 / 15);
  });

  it('tools, models and cost per hour', async () => {
    const sums = await engine.query(
      `SELECT tool, sum(calls) AS calls, sum(errors) AS errors FROM {db}.tools_per_hour GROUP BY tool`,
    );
    expect(sums).toEqual([{ tool: 'search', calls: 3, errors: 1 }]);
    const [model] = await all('models_per_hour');
    expect(model).toMatchObject({
      model: 'model-1',
      provider: 'provider-1',
      calls: 1,
      input_tokens: 1000,
      cost_usd: 0.5,
      mean_ms: 1000,
    });
    expect(Number(model?.['p50_ms']) / 1000).toBeGreaterThan(0.99);
    expect(Number(model?.['p50_ms']) / 1000).toBeLessThan(1.2);
    expect(await engine.query(`SELECT round(sum(cost_usd), 3) AS usd FROM {db}.cost_per_hour`)).toEqual([
      { usd: 0.504 },
    ]);
  });

  it('detections: the newest revision alone, whatever the order of landing; its events beside it', async () => {
    expect(await all('detections')).toMatchObject([
      { detection_id: 'd1', revision: 3, status: 'CLOSED', wasted_usd: 2, wasted_s: 1.5 },
    ]);
    const events = await engine.query<{ seq: number }>(`SELECT * FROM {db}.detections_with_events ORDER BY seq`);
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3]);
    expect(await engine.query('SELECT count() AS n FROM {db}.detection_log')).toEqual([{ n: 3 }]);
  });

  it('agent_windows: what two partitions saw, added up; what a killed meter said again, once', async () => {
    const seen = (partition: number, over: Partial<Measure>): Measure => ({
      ...measureOf(partition),
      ...over,
    });
    const said = [
      seen(0, { events: 3, kinds: { TOOL_CALL: 2, LLM_CALL: 1 } }),
      // A key that was put out of memory and came back says its window in two parts.
      seen(0, { events: 1, kinds: { TOOL_CALL: 1 } }),
      seen(1, { events: 3, kinds: { TOOL_CALL: 2, LLM_CALL: 1 } }),
      { ...measureOf(0), record_kind: 'MARK' as const, events: 100 },
      seen(0, { events: 3, kinds: { LLM_CALL: 1, TOOL_CALL: 2 } }),
      seen(0, { events: 1, kinds: { TOOL_CALL: 1 } }),
      seen(0, { events: 5, window_start: windowMicros + 10_000_000, window_end: windowMicros + 20_000_000 }),
    ];
    await land(
      'agent.measures',
      said.map((measure, i) => aRecord(20 + i, encodeWire(idOf('Measure'), writerTypes.Measure, measure))),
      20,
    );
    const rows = await engine.query(
      "SELECT events, tool_calls, kinds, cost_usd FROM {db}.agent_windows WHERE agent_id = 'windowed' ORDER BY window_start",
    );
    expect(rows).toEqual([
      { events: 7, tool_calls: 3, kinds: { LLM_CALL: 2, TOOL_CALL: 5 }, cost_usd: 3 },
      { events: 5, tool_calls: 1, kinds: {}, cost_usd: 1 },
    ]);
  });

  it('alerts', async () => {
    expect(await all('alerts')).toMatchObject([
      { fingerprint: 'f1', state: 'FIRING', ends_at: null, detections: ['d1'], labels: { team: 'a' } },
    ]);
  });

  it('pipeline_freshness and ledger_by_partition: every topic, nothing missing', async () => {
    const fresh = await all('pipeline_freshness');
    expect(fresh.map((row) => row['topic']).sort()).toEqual([
      'agent.alerts',
      'agent.controls',
      'agent.dead-letters',
      'agent.detections',
      'agent.events',
      'agent.measures',
    ]);
    for (const row of await all('ledger_by_partition'))
      expect(row).toMatchObject({ missing: 0, dead_letters: 0, first_offset: 0 });
  });

  it('say of every column what it is', async () => {
    const silent = await engine.query(
      `SELECT table, name FROM system.columns WHERE database = '{db}' AND comment = '' AND table NOT LIKE '%_feed'`,
    );
    expect(silent).toEqual([]);
    expect(
      await engine.query(
        `SELECT name FROM system.tables WHERE database = '{db}' AND comment = '' AND name NOT LIKE '%_feed'`,
      ),
    ).toEqual([]);
  });
});
