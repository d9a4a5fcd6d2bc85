// Near arguments: by their words where there are enough, by edits where there are few.

import { describe, expect, it } from 'vitest';
import { nothingSeen } from './novelty.js';
import { NEAR_EDIT, NEAR_OVERLAP, argumentSimilarity, editSimilarity } from './similarity.js';
import { canonicalStep, type Step } from './step.js';
import { call } from './testing/events.js';

const step = (input: unknown): Step => canonicalStep(call(1, 'tool', input, 'x'), nothingSeen());
const near = (a: unknown, b: unknown): boolean => argumentSimilarity(step(a), step(b)) >= NEAR_OVERLAP;

describe('argumentSimilarity', () => {
  it('is 1 for arguments that differ in key order, numbers or ids alone', () => {
    const a = { city: 'Paris', limit: 10, id: '550e8400-e29b-41d4-a716-446655440000' };
    const b = { id: '6ba7b810-9dad-11d1-80b4-00c04fd430c8', limit: 12, city: 'Paris' };
    expect(argumentSimilarity(step(a), step(b))).toBe(1);
  });

  it('sees a typo in few words, where the overlap of words alone would not', () => {
    expect(near({ query: 'cheap flights lisbon' }, { query: 'cheap flight lisbon' })).toBe(true);
    expect(
      argumentSimilarity(step({ query: 'cheap flights lisbon' }), step({ query: 'cheap flight lisbon' })),
    ).toBeGreaterThan(NEAR_EDIT);
  });

  it('keeps key and value together: there is not back again', () => {
    expect(near({ from: 'Oslo', to: 'Rome' }, { from: 'Rome', to: 'Oslo' })).toBe(false);
  });

  it('tells other arguments apart', () => {
    expect(near({ query: 'weather in oslo' }, { query: 'history of rome' })).toBe(false);
  });
});

describe('editSimilarity', () => {
  it('is 1 minus the edits per longer length', () => {
    expect(editSimilarity('kitten', 'sitting', 0)).toBeCloseTo(1 - 3 / 7);
    expect(editSimilarity('same', 'same', 0.8)).toBe(1);
  });

  it('does not compare what the lengths alone tell apart, nor what is absent', () => {
    expect(editSimilarity('abc', 'abcdefghij', 0.8)).toBe(0);
    expect(editSimilarity('', '', 0)).toBe(0);
  });
});
