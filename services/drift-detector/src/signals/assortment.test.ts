import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Assortment, type Option, type Standing } from './assortment.js';
import { nameHash } from './offers.js';

/** One figure; option 0 has the first value. */
function assortmentOf(values: readonly number[]): Assortment {
  const assortment = new Assortment();
  assortment.add(values.map((value, i) => ({ names: [nameHash(`o${i}`)], figures: [['price', value] as const] })));
  return assortment;
}

const option = (assortment: Assortment, at: number): Option => assortment.named([nameHash(`o${at}`)])!;
const standing = (values: readonly number[], at: number): Standing | undefined => {
  const assortment = assortmentOf(values);
  return assortment.standings(new Map([[option(assortment, at), 1]])).get(0);
};

describe('Assortment', () => {
  it('gives no regret for the best on offer, and half for what chance would choose', () => {
    expect(standing([1, 3, 5], 0)).toEqual({ rank: 1 / 6, ifLess: 0, ifMore: 1 });
    expect(standing([1, 3, 5], 1)).toEqual({ rank: 0.5, ifLess: 0.5, ifMore: 0.5 });
  });

  it('does not care for the unit in which a figure is given', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), fc.integer({ min: -500, max: 500 }), (all, times, plus) => {
        const [one, other] = [
          standing(all, 0),
          standing(
            all.map((value) => value * times + plus),
            0,
          ),
        ];
        expect(one?.ifLess ?? 0).toBeCloseTo(other?.ifLess ?? 0, 9);
        expect(one?.ifMore ?? 0).toBeCloseTo(other?.ifMore ?? 0, 9);
        expect(one?.rank).toBe(other?.rank);
      }),
    );
  });

  it('turns round where the figure does', () => {
    const [up, down] = [standing([1, 2, 9, 4], 1), standing([-1, -2, -9, -4], 1)];
    expect(up?.ifLess).toBeCloseTo(down?.ifMore ?? -1, 9);
  });

  it('makes little of a difference that is small beside what was on offer before', () => {
    const assortment = assortmentOf([0, 100, 1000]);
    assortment.beginPeriod();
    assortment.add(
      [3, 4, 5].map((value, i) => ({ names: [nameHash(`new${i}`)], figures: [['price', value] as const] })),
    );
    const worst = assortment.named([nameHash('new2')])!;
    expect(assortment.standings(new Map([[worst, 1]])).get(0)?.ifLess).toBeLessThan(0.02);
  });

  it('says nothing where fewer than three have the figure, or all alike', () => {
    expect(standing([1, 2], 0)).toBeUndefined();
    expect(standing([2, 2, 2], 0)).toBeUndefined();
  });
});
