import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberOf } from '../text/figures.js';
import { mayOffer, nameHash, offersOf } from './offers.js';

/** Options as name → figures. */
const read = (text: string): unknown =>
  offersOf(text).map(({ names, figures }) => [names[0], Object.fromEntries(figures)]);
const expected = [
  [nameHash('Alder Mill'), { 'delivery time': 4, price: 1200.5 }],
  [nameHash('Birch & Co'), { 'delivery time': 12, price: -900 }],
];

describe('offersOf', () => {
  it('reads the same options from JSON, a table and lines', () => {
    const json = [
      { name: 'Alder Mill', delivery_time: 4, price: '€1,200.5' },
      { name: 'Birch & Co', delivery_time: 12, price: -900 },
    ];
    for (const text of [
      JSON.stringify(json),
      JSON.stringify({ results: json, total: 2 }),
      'name | delivery time | price\nAlder Mill | 4 | €1,200.5\nBirch & Co | 12 | -900',
      'Alder Mill: delivery time: 4 days, price: €1,200.5\nBirch & Co: delivery time: 12 days, price: -900',
      '- Alder Mill (a-17): delivery time 4 days, price €1,200.5.\n- Birch & Co (a-18): delivery time 12 days, price -900.',
      'Name: Alder Mill, delivery time: Alder Mill needs a delivery time of 4, price: €1,200.5\nName: Birch & Co, delivery time 12, price -900',
    ])
      expect(read(text), text).toEqual(expected);
  });

  it('reads a text inside JSON, as tools that return strings give it', () => {
    const text = JSON.stringify('On offer:\nA1X: output: -22,000.0 t/year\nB2Y: output: 9,955,900.0 t/year\n');
    expect(read(text)).toEqual([
      [nameHash('A1X'), { output: -22_000 }],
      [nameHash('B2Y'), { output: 9_955_900 }],
    ]);
  });

  it('takes no id, date or time for a figure', () => {
    expect(offersOf('Alder: seen 2026-03-04 at 12:30, ref INV-2231\nBirch: seen 2026-03-05, ref 7/2231')).toEqual([]);
  });

  it('never throws, stays bounded, and offers nothing where a glance says so', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 120 }), fc.json());
    fc.assert(
      fc.property(texts, (text) => {
        const offers = offersOf(text);
        expect(offers.length).toBeLessThanOrEqual(32);
        if (text.length < 24) expect(mayOffer(text)).toBe(false);
      }),
    );
    expect(
      offersOf(Array.from({ length: 500 }, (_, i) => `Option ${'x'.repeat(i % 50)}: price: ${i}`).join('\n')),
    ).toHaveLength(32);
  });
});

describe('numberOf', () => {
  it('reads signs, currency and thousands, and nothing else', () => {
    expect(['$1,250.5', '-3', '60 %', '12 days', 'v2', ''].map(numberOf)).toEqual([
      1250.5,
      -3,
      60,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
