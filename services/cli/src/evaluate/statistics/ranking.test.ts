import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ranking, type Scored } from './ranking.js';

const items = fc.array(fc.record({ score: fc.integer({ min: 0, max: 6 }), positive: fc.boolean() }), {
  minLength: 1,
  maxLength: 40,
});
const example: Scored[] = [0.1, 0.4, 0.35, 0.8].map((score, i) => ({ score, positive: i >= 2 }));

describe('areas', () => {
  it('are .75 and .8333 for the example that scikit-learn documents for both', () => {
    const { auroc, auprc } = new Ranking(example).areas();
    expect(auroc).toBeCloseTo(0.75, 12);
    expect(auprc).toBeCloseTo(5 / 6, 12);
  });

  it('give the share of pairs in the right order, ties half', () => {
    fc.assert(
      fc.property(items, (scored) => {
        const positives = scored.filter(({ positive }) => positive);
        const negatives = scored.filter(({ positive }) => !positive);
        const { auroc } = new Ranking(scored).areas();
        if (positives.length === 0 || negatives.length === 0) {
          expect(auroc).toBeNull();
          return;
        }
        let wins = 0;
        for (const p of positives)
          for (const n of negatives) wins += p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0;
        expect(auroc).toBeCloseTo(wins / (positives.length * negatives.length), 10);
      }),
    );
  });

  it('give the prevalence as average precision where all scores tie, and 1 where all positives come first', () => {
    expect(new Ranking(example.map(({ positive }) => ({ score: 1, positive }))).areas().auprc).toBeCloseTo(0.5, 12);
    expect(new Ranking(example.map(({ positive }) => ({ score: +positive, positive }))).areas().auprc).toBe(1);
  });

  it('count an item of weight n as n items', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(items, weights, (scored, times) => {
        const repeated = scored.flatMap((item, i) => new Array<Scored>(times[i]!).fill(item));
        const weighted = new Ranking(scored).areas(times);
        const plain = new Ranking(repeated).areas();
        for (const name of ['auroc', 'auprc'] as const)
          if (plain[name] === null) expect(weighted[name]).toBeNull();
          else expect(weighted[name]).toBeCloseTo(plain[name], 10);
      }),
    );
  });
});

describe('curve', () => {
  it('has a point per distinct score, from the highest down, and ends where all is flagged', () => {
    expect(new Ranking(example).curve()).toEqual([
      { threshold: 0.8, recall: 0.5, precision: 1, fpr: 0 },
      { threshold: 0.4, recall: 0.5, precision: 0.5, fpr: 0.5 },
      { threshold: 0.35, recall: 1, precision: 2 / 3, fpr: 0.5 },
      { threshold: 0.1, recall: 1, precision: 0.5, fpr: 1 },
    ]);
  });

  it('never loses recall, and has none where a class is absent', () => {
    fc.assert(
      fc.property(items, (scored) => {
        const recalls = new Ranking(scored).curve().map(({ recall }) => recall);
        expect(recalls).toEqual([...recalls].sort((a, b) => a - b));
      }),
    );
    expect(new Ranking([{ score: 1, positive: true }]).curve()).toEqual([]);
  });
});
