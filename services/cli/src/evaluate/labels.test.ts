import { describe, expect, it } from 'vitest';
import { truthsOf, type Label } from './labels.js';

const label = (session: string, fields: Record<string, unknown>): Label => ({ session, ...fields });

describe('truthsOf', () => {
  it('judges loops by `looping` or `step_repetition`, with the verdicts per step', () => {
    const verdicts = [
      { after_step: 9, in_loop: true, progress: false },
      { after_step: 4, in_loop: false, progress: true },
    ];
    const labels = [
      label('a', { looping: true, verdicts }),
      label('b', { step_repetition: false }),
      label('c', { step_repetition: 1 }),
      label('d', { mistake_step: '9' }),
    ];
    const found = truthsOf(labels, 'loops');
    expect(found).toMatchObject({
      kind: 'labelled',
      truths: [
        { session: 'a', positive: true },
        { session: 'b', positive: false },
        { session: 'c', positive: true },
      ],
    });
    expect(found.kind === 'labelled' && found.truths[0]!.verdicts).toEqual([
      { afterStep: 4, positive: false },
      { afterStep: 9, positive: true },
    ]);
    expect(truthsOf(labels, 'drift')).toEqual({ kind: 'none' });
  });

  it('judges drift by `hijacked`, or by drift and steady with `drift_by_quarter`', () => {
    const labels = [
      label('a', { hijacked: true, attacked: true, success: true }),
      label('b', { hijacked: false, attacked: true, success: false }),
      label('c', { label: 'drift', drift_by_quarter: [0, 0.3, 0.8] }),
      label('d', { label: 'steady', drift_by_quarter: [0, 0, 0.1] }),
      label('e', { label: 'drift' }),
    ];
    expect(truthsOf(labels, 'drift')).toMatchObject({
      kind: 'labelled',
      truths: [
        { session: 'a', positive: true },
        { session: 'b', positive: false },
        { session: 'c', positive: true, driftByPeriod: [0, 0.3, 0.8] },
        { session: 'd', positive: false },
      ],
    });
  });

  it('leaves ambiguous rows out', () => {
    const labels = [
      label('a', { hijacked: true, ambiguous: true }),
      label('b', { hijacked: false, ambiguous: false }),
      label('c', { label: 'ambiguous', drift_by_quarter: [0.3] }),
    ];
    const found = truthsOf(labels, 'drift');
    expect(found.kind === 'labelled' && found.truths.map(({ session }) => session)).toEqual(['b']);
  });

  it('takes successes as negatives where the labels do not answer the question', () => {
    const labels = [
      label('a', { success: true, hijacked: true }),
      label('b', { success: false, hijacked: false }),
      label('c', { success: true, ambiguous: true, hijacked: false }),
    ];
    const found = truthsOf(labels, 'loops');
    expect(found).toMatchObject({ kind: 'successes', truths: [{ session: 'a', positive: false }] });
    expect(found.kind === 'successes' && found.truths).toHaveLength(1);
    expect(truthsOf([label('a', { success: false })], 'loops')).toEqual({ kind: 'none' });
  });
});
