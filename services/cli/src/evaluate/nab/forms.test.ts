// Laws of the forms.

import { describe, expect, it } from 'vitest';
import { FORM_WEIGHTS, inForm, type Form, type PlainSeries } from './forms.js';

const series: PlainSeries = {
  name: 'a/b.csv',
  timesMicros: Float64Array.from({ length: 600 }, (_, row) => row * 300e6),
  values: Float64Array.from({ length: 600 }, (_, row) => (row >= 420 && row < 480 ? 50 : row % 7)),
  windows: [[420, 479]],
};

describe.each(Object.keys(FORM_WEIGHTS) as Form[])('a series in the form "%s"', (form) => {
  const formed = inForm(series, form);

  it('has its window where its values are, times that rise, and is made alike each time', () => {
    const [[first, last]] = formed.windows as [readonly [number, number]];
    const lowest = Math.min(...formed.values.slice(first, last + 1));
    expect(lowest).toBeGreaterThan(Math.max(...formed.values.slice(0, first)));
    for (let row = 1; row < formed.timesMicros.length; row++)
      expect(formed.timesMicros[row]).toBeGreaterThan(formed.timesMicros[row - 1]!);
    expect(inForm(series, form)).toEqual(formed);
  });
});
