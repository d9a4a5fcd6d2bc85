// Laws of the detector on any stream: deterministic, the same after encode and decode at any point, bounded on endless input.

import { detectionId } from '@watchkeeper/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loopDetector } from './detector.js';
import { event, words } from './testing/events.js';
import type { LoopView } from './view.js';

const kinds = [
  'TOOL_CALL',
  'RETRIEVAL',
  'HANDOFF',
  'TASK',
  'LLM_CALL',
  'MESSAGE',
  'PLAN',
  'REASONING',
  'SESSION_STARTED',
  'GOAL_SET',
  'SESSION_ENDED',
  'HEARTBEAT',
] as const;

/** Few tools, few texts and long runs of the same, so that every signal fires. */
const anyEvent: fc.Arbitrary<Partial<LoopView>> = fc.record(
  {
    kind: fc.oneof(
      { weight: 6, arbitrary: fc.constant('TOOL_CALL' as const) },
      { weight: 3, arbitrary: fc.constantFrom(...kinds) },
    ),
    phase: fc.constantFrom('POINT', 'POINT', 'END', 'START'),
    actor: fc.constantFrom('AGENT', 'AGENT', 'USER'),
    name: fc.constantFrom('search', 'read'),
    status: fc.constantFrom('OK', 'OK', 'ERROR'),
    input: fc.oneof(
      fc.constantFrom('{"q":"a"}', '{"q":"a","n":2}', '', words(1, 70), `say ${'again and '.repeat(40)}`),
      fc.string({ unit: 'binary' }),
    ),
    output: fc.oneof(
      fc.constantFrom(words(2, 20), words(3, 20), 'done', '', 'Error: not found'),
      fc.string({ unit: 'binary' }),
    ),
    goal: fc.constantFrom('', words(4, 10)),
    input_tokens: fc.oneof(fc.nat(10_000), fc.double()),
    cost_nano_usd: fc.double(),
    occurred_at: fc.oneof(fc.integer({ min: 0, max: 2e15 }), fc.double()),
    input_sketch: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    output_sketch: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    input_facets: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    output_facets: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    output_fingerprint: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  },
  { requiredKeys: ['kind', 'input', 'output'] },
);
/** Blocks that come again, as a loop's do. */
const anyStream = fc
  .array(fc.tuple(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 6 })), { maxLength: 8 })
  .map((blocks) => blocks.flatMap(([block, times]) => Array.from({ length: times }, () => block).flat()))
  .map((fields) => fields.map((one, i) => event(i + 1, { ...one, seq: i + 1 })));

const KEY = '1:t1:s';

describe('loopDetector', () => {
  it('gives the same detections for the same events', () => {
    fc.assert(
      fc.property(anyStream, (stream) => {
        const detector = loopDetector();
        const outputs = [1, 2].map(() => {
          const state = detector.create(KEY);
          return [...stream.map((one) => detector.onEvent(state, one)), detector.onClose(state)];
        });
        expect(outputs[0]).toEqual(outputs[1]);
      }),
      { numRuns: 60 },
    );
  });

  it('goes on the same after encode and decode at any point', () => {
    fc.assert(
      fc.property(anyStream, fc.nat(), (stream, somewhere) => {
        const detector = loopDetector();
        const kept = detector.create(KEY);
        let stored = detector.create(KEY);
        const cut = stream.length === 0 ? 0 : somewhere % stream.length;
        stream.forEach((one, i) => {
          if (i === cut) stored = detector.decode(detector.encode(stored));
          expect(detector.onEvent(stored, one)).toEqual(detector.onEvent(kept, one));
        });
        expect(detector.encode(stored).equals(detector.encode(kept))).toBe(true);
        expect(detector.score(stored)).toBe(detector.score(kept));
        expect(detector.onClose(stored)).toEqual(detector.onClose(kept));
      }),
      { numRuns: 60 },
    );
  });

  it('tells revisions of one id without a gap, and every number in them is one', () => {
    fc.assert(
      fc.property(anyStream, (stream) => {
        const detector = loopDetector();
        const state = detector.create(KEY);
        const told = [...stream.flatMap((one) => detector.onEvent(state, one)), ...detector.onClose(state)];
        const revisions = new Map<string, number>();
        for (const draft of told) {
          expect(draft.revision).toBe((revisions.get(draft.detection_id) ?? 0) + 1);
          revisions.set(draft.detection_id, draft.revision);
          expect(draft.detection_id).toBe(detectionId(draft));
          for (const value of [
            draft.anchor,
            draft.first_seq,
            draft.last_seq,
            draft.wasted_tokens,
            draft.wasted_cost_nano_usd,
            draft.wasted_ms,
            draft.window_start,
          ])
            expect(Number.isSafeInteger(value)).toBe(true);
          for (const value of [draft.score, draft.threshold]) expect(Number.isFinite(value)).toBe(true);
          expect(draft.confidence).toBeGreaterThanOrEqual(0);
          expect(draft.confidence).toBeLessThanOrEqual(1);
          expect(draft.explanation.length).toBeLessThan(600);
          expect(draft.evidence.length).toBeLessThan(2_000);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('holds at most 16 KB per session on endless input, whatever comes', () => {
    const detector = loopDetector();
    const state = detector.create(KEY);
    let largest = 0;
    for (let i = 0; i < 25_000; i++) {
      // Phases of fresh long texts, of loops, and of plans: every part of the state is filled.
      const text = i % 400 < 200 ? words(i, 60) : words(i % 7, 60);
      detector.onEvent(
        state,
        event(i, {
          kind: i % 50 === 0 ? 'PLAN' : 'TOOL_CALL',
          event_id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
          name: `a-tool-with-a-name-of-some-length-${i % 3}`,
          input: i % 50 === 0 ? words(i, 80) : JSON.stringify({ task: text, also: words(i % 5, 3) }),
          output: text,
        }),
      );
      if (i % 97 === 0) largest = Math.max(largest, detector.encode(state).length);
    }
    expect(largest).toBeGreaterThan(8_000);
    expect(largest).toBeLessThanOrEqual(16 * 1024);
  });

  it('does not read a state of a version that it does not know', () => {
    const bytes = loopDetector().encode(loopDetector().create(KEY));
    bytes[0] = 99;
    expect(() => loopDetector().decode(bytes)).toThrow(/version 99/);
  });
});
