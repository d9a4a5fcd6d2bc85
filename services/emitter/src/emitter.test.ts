// Laws of the SDK: whatever an author passes is recorded as one event, and nothing is thrown.

import { fingerprintOf, type AgentEvent } from '@watchkeeper/schemas';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryTransport, createEmitter, type EmitterOptions } from './index.js';
import { closeEmitters, emitterOver } from './testing/emitter-over.js';

afterEach(closeEmitters);

describe('a session', () => {
  it('records each kind of step in order, with ids, seq and time', async () => {
    const { emitter, events } = emitterOver();
    const before = Date.now() * 1000 - 5_000;
    const session = emitter.session({ goal: 'book a flight', user: 'u-1' });
    session.message({ actor: 'USER', text: 'to Rome, please' });
    session.plan({ text: ['search', 'book'], planRevision: 1 });
    session.reasoning({ text: 'hm' });
    session.llm({
      model: 'm-1',
      provider: 'p',
      input: [{ role: 'user', content: 'x' }],
      output: 'y',
      inputTokens: 12,
      outputTokens: 3,
      costUsd: 0.0021,
      durationMs: 900.4,
      timeToFirstTokenMs: 210,
    });
    session.tool({ name: 'search', input: { to: 'Rome' }, output: { hits: 3 }, durationMs: 12, status: 'OK' });
    session.handoff({ recipient: 'booker', text: 'please book' });
    session.retrieval({ name: 'docs', input: 'q', output: ['d'] });
    session.memory({ name: 'recall' });
    session.guardrail({ name: 'pii', label: 'pass' });
    session.evaluation({ name: 'judge', score: 0.9 });
    session.feedback({ text: 'thanks', score: 1 });
    session.task({ name: 't', phase: 'START' });
    session.workflow({ name: 'w', phase: 'END' });
    session.goal({ goal: 'book a train' });
    session.heartbeat();
    session.end({ status: 'OK' });
    session.end({ status: 'OK' });
    const all = await events();
    expect(all.map(({ kind }) => kind)).toEqual([
      'SESSION_STARTED', 'MESSAGE', 'PLAN', 'REASONING', 'LLM_CALL', 'TOOL_CALL', 'HANDOFF', 'RETRIEVAL', 'MEMORY', 'GUARDRAIL',
      'EVALUATION', 'FEEDBACK', 'TASK', 'WORKFLOW', 'GOAL_SET', 'HEARTBEAT', 'SESSION_ENDED',
    ]); // prettier-ignore
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, i) => i));
    expect(new Set(all.map(({ event_id }) => event_id)).size).toBe(all.length);
    for (const { occurred_at } of all) expect(occurred_at).toBeGreaterThan(before);
    const [started, message, plan, , llm, tool] = all as [
      AgentEvent,
      AgentEvent,
      AgentEvent,
      AgentEvent,
      AgentEvent,
      AgentEvent,
    ];
    expect(started).toMatchObject({
      goal: 'book a flight',
      attributes: { user: 'u-1' },
      agent_id: 'planner',
      agent_version: '2.0',
      tenant_id: 'acme',
    });
    expect(message).toMatchObject({ actor: 'USER', input: 'to Rome, please' });
    expect(plan).toMatchObject({ input: '["search","book"]', plan_revision: 1 });
    expect(llm).toMatchObject({
      name: 'm-1',
      model: 'm-1',
      input_tokens: 12,
      cost_nano_usd: 2_100_000,
      duration_ms: 900,
      time_to_first_token_ms: 210,
    });
    expect(tool).toMatchObject({
      name: 'search',
      input: '{"to":"Rome"}',
      output: '{"hits":3}',
      status: 'OK',
      content_level: 'FULL',
      truncated: false,
    });
    expect(tool.input_fingerprint).toEqual(fingerprintOf('{"to":"Rome"}'));
  });

  it('takes what a replay gives: ids, seq, time, and goes on from there', async () => {
    const { emitter, events } = emitterOver();
    const session = emitter.session({ sessionId: 's-1', resumed: true, nextSeq: 7 });
    session.tool({ name: 'a', eventId: 'e-1', occurredAtMicros: 1_700_000_000_000_001 });
    session.tool({ name: 'b', seq: 20 });
    session.tool({ name: 'c', seq: -1 });
    session.tool({ name: 'd', seq: 9 });
    session.tool({ name: 'e' });
    const all = await events();
    expect(all.map(({ seq }) => seq)).toEqual([7, 20, 21, 9, 22]);
    expect(all[0]).toMatchObject({ session_id: 's-1', event_id: 'e-1', occurred_at: 1_700_000_000_000_001 });
  });
});

describe('callTool', () => {
  it('records result and time of a promise or a value, and throws on the very error', async () => {
    const { emitter, events } = emitterOver();
    const session = emitter.session({ resumed: true });
    const error = new RangeError('too far');
    expect(session.callTool('now', { a: 1 }, () => 42)).toBe(42);
    expect(await session.callTool('later', {}, () => Promise.resolve({ ok: true }))).toEqual({ ok: true });
    expect(() => session.callTool('throws', {}, () => { throw error; })).toThrow(error); // prettier-ignore
    await expect(session.callTool('rejects', {}, () => Promise.reject(error))).rejects.toBe(error);
    const all = await events();
    expect(
      all.map(({ name, status, output, error_type, error_message }) => [
        name,
        status,
        output,
        error_type,
        error_message,
      ]),
    ).toEqual([
      ['now', 'OK', '42', '', ''],
      ['later', 'OK', '{"ok":true}', '', ''],
      ['throws', 'ERROR', '', 'RangeError', 'too far'],
      ['rejects', 'ERROR', '', 'RangeError', 'too far'],
    ]);
    for (const { duration_ms } of all) expect(duration_ms).toBeGreaterThanOrEqual(0);
  });
});

describe('what does not fit', () => {
  it('never throws, and is recorded as one decodable event each', async () => {
    const { emitter, events } = emitterOver();
    const session = emitter.session({ resumed: true });
    const anything = fc.oneof(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withSparseArray: true,
        withTypedArray: true,
        withNullPrototype: true,
      }),
      fc.constantFrom(NaN, Infinity, -1, '\ud800', '\u0000', Symbol('s'), () => 1),
    );
    let calls = 0;
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(
            'input',
            'output',
            'name',
            'status',
            'error',
            'durationMs',
            'seq',
            'score',
            'attributes',
            'inputTokens',
            'costUsd',
            'occurredAtMicros',
            'goal',
            'phase',
            'actor',
            'eventId',
            'planRevision',
            'traceId',
          ),
          anything,
        ),
        (step) => {
          session.record('TOOL_CALL', step);
          calls++;
        },
      ),
      { numRuns: 500 },
    );
    expect(await events()).toHaveLength(calls);
    expect(emitter.stats()).toMatchObject({ recorded: calls, sent: calls, buffered: 0, bufferedBytes: 0 });
  });

  it('is mended: circles, BigInt, negative times, NaN, lone surrogates, NUL', async () => {
    const { emitter, events } = emitterOver();
    const session = emitter.session({ resumed: true });
    const circle: Record<string, unknown> = { n: 10n, f: () => 1, at: new Date(0), bytes: Buffer.alloc(3) };
    circle['self'] = circle;
    session.tool({
      name: 'x\ud800',
      input: circle,
      output: 'a\u0000b\udc00',
      durationMs: -5,
      inputTokens: NaN,
      costUsd: -1,
      score: Infinity,
      status: 'NOPE' as 'OK',
    });
    const [event] = await events();
    expect(event).toMatchObject({
      name: 'x\ufffd', output: 'a\u0000b\ufffd', duration_ms: null, input_tokens: 0, cost_nano_usd: 0, score: null, status: 'UNSET',
      input: '{"n":10,"f":"[function]","at":"1970-01-01T00:00:00.000Z","bytes":"[3 bytes]","self":"[circular]"}',
    }); // prettier-ignore
  });

  it('is counted where a step is missing altogether', async () => {
    const { emitter, events } = emitterOver();
    const session = emitter.session(null as never);
    const missing = null as never;
    session.tool(missing);
    session.message(missing);
    session.feedback(missing);
    session.record('PLAN', missing);
    session.end(missing);
    expect((await events()).map(({ kind }) => kind)).toEqual(['SESSION_STARTED', 'FEEDBACK']);
    expect(emitter.stats().dropped.unrecordable).toBe(4);
  });

  it('is dropped and counted where an object refuses to be read at all', async () => {
    const { emitter, notices, events } = emitterOver();
    const session = emitter.session({ resumed: true });
    const hostile = new Proxy({}, { get: () => { throw new Error('no'); } }); // prettier-ignore
    session.record('TOOL_CALL', hostile);
    session.record('TOOL_CALL', hostile);
    session.tool({ name: 'fine', input: hostile });
    expect(await events()).toHaveLength(1);
    expect(emitter.stats().dropped.unrecordable).toBe(2);
    expect(notices).toHaveLength(1);
  });

  it('costs no more than what is kept: 5 MB strings and objects are cut and marked', async () => {
    const { emitter, events } = emitterOver({ maxContentBytes: 1_000 });
    const session = emitter.session({ resumed: true });
    session.tool({
      name: 'a',
      input: 'é'.repeat(5_000_000),
      output: { rows: Array.from({ length: 200_000 }, (_, i) => ({ i, text: 'x'.repeat(20) })) },
    });
    session.tool({ name: 'b', input: 'é'.repeat(500) });
    const [cut, whole] = (await events()) as [AgentEvent, AgentEvent];
    expect(cut).toMatchObject({ truncated: true, input: 'é'.repeat(500) });
    expect(Buffer.byteLength(cut.output)).toBe(1_000);
    expect(whole).toMatchObject({ truncated: false, input: 'é'.repeat(500) });
  });
});

describe('createEmitter', () => {
  it.each<[string, Partial<EmitterOptions>]>([
    ['no tenant', { tenantId: '' }],
    ['no agent', { agentId: '' }],
    ['neither brokers nor transport', { transport: undefined, brokers: ' , ' }],
    ['REDACTED without a redaction', { contentLevel: 'REDACTED' }],
    ['an unknown level', { contentLevel: 'SOME' as never }],
  ])('says at once what is missing: %s', (_what, options) => {
    expect(() => createEmitter({ transport: new MemoryTransport(), tenantId: 't', agentId: 'a', ...options })).toThrow(
      /^createEmitter cannot start/,
    );
  });
});
