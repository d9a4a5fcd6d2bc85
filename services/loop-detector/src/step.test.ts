// The canonical step: what does not matter does not change it, what matters does.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingSeen } from './novelty.js';
import { canonicalStep, isStep } from './step.js';
import { call, event, words } from './testing/events.js';

const exact = (input: unknown, name = 'tool'): number =>
  canonicalStep(call(1, name, input, 'x'), nothingSeen()).exactHash;

describe('canonicalStep', () => {
  it('is the same for any order of keys', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
        (args) => {
          const reversed = Object.fromEntries(Object.entries(args).reverse());
          expect(exact(args)).toBe(exact(reversed));
        },
      ),
    );
  });

  it('masks stamps and ids, and keeps numbers, names and tools apart', () => {
    expect(exact({ at: '2025-01-01T10:00:00Z', q: 'a' })).toBe(exact({ at: '2026-02-03T11:30:00Z', q: 'a' }));
    expect(exact({ page: 1 })).not.toBe(exact({ page: 2 }));
    expect(exact({ a: 'x', b: 'y' })).not.toBe(exact({ a: 'y', b: 'x' }));
    expect(exact({ q: 'a' }, 'search')).not.toBe(exact({ q: 'a' }, 'open'));
  });

  it('takes an argument of eight words for an instruction', () => {
    const { words: count, fixedCount } = canonicalStep(
      call(1, 't', { to: 'bob', task: words(1, 12) }, ''),
      nothingSeen(),
    );
    expect([count, fixedCount]).toEqual([12, 1]);
  });

  it('judges the error message where there is no result', () => {
    const failed = canonicalStep(
      call(1, 't', {}, '', { status: 'TIMEOUT', error_message: 'no answer in 30 s' }),
      nothingSeen(),
    );
    expect(failed.failed).toBe(true);
    expect(failed.resultHash).not.toBe(canonicalStep(call(1, 't', {}, ''), nothingSeen()).resultHash);
  });

  it('takes anything: any text, any numbers, 5 MB, ids of 10 kB', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.double(), (input, output, seq) => {
        canonicalStep(
          call(seq, output, input, output, { occurred_at: seq, input_sketch: Buffer.from(input) }),
          nothingSeen(),
        );
      }),
    );
    const huge = canonicalStep(
      call(1, 'x'.repeat(10_000), 'word '.repeat(1e6), 'word '.repeat(1e6), { event_id: 'e'.repeat(10_000) }),
      nothingSeen(),
    );
    expect(huge.tool.length + huge.text.length + huge.place.eventId.length).toBeLessThan(200);
  });
});

describe('isStep', () => {
  it.each([
    [{ kind: 'TOOL_CALL', input: '{}' }, true],
    [{ kind: 'RETRIEVAL', phase: 'END', output: 'x' }, true],
    [{ kind: 'HANDOFF', input: 'x' }, true],
    [{ kind: 'TASK', phase: 'START', input: 'x' }, false],
    [{ kind: 'LLM_CALL', input: 'x' }, false],
    [{ kind: 'TOOL_CALL', content_level: 'FULL' }, true],
    [{ kind: 'TOOL_CALL', content_level: 'NONE' }, false],
    [{ kind: 'HANDOFF', content_level: 'FULL' }, false],
  ] as const)('%o: %s', (fields, expected) => {
    expect(isStep(event(1, fields))).toBe(expected);
  });
});
