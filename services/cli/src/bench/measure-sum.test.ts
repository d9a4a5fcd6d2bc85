import type { Measure } from '@watchkeeper/schemas';
import { markOf } from '@watchkeeper/meter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MeasureSums } from './measure-sum.js';

const measure = (window: number, more: Partial<Measure>): Measure => ({
  ...markOf(0, 1, window),
  record_kind: 'MEASURE',
  tenant_id: 't',
  agent_id: 'a',
  ...more,
});
const sumOf = (measures: readonly Measure[]): MeasureSums => {
  const sums = new MeasureSums();
  for (const one of measures) sums.add(one);
  return sums;
};

const figures = fc.record({
  events: fc.nat(1_000),
  cost_nano_usd: fc.integer({ min: 0, max: 1e15 }),
  tools: fc.dictionary(fc.constantFrom('search', 'read', 'pay'), fc.integer({ min: 1, max: 9 })),
});
const some = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 3 }), figures).map(([window, more]) => measure(window * 1e7, more)),
  { minLength: 1, maxLength: 8 },
);

describe('MeasureSums', () => {
  it('is the same in any order, and however the sums of a window are cut into measures', () => {
    fc.assert(
      fc.property(some, (measures) => {
        const cut = measures.flatMap((one) => [
          { ...one, events: 0, cost_nano_usd: 0 },
          { ...one, tools: {} },
        ]);
        expect(sumOf(cut.reverse()).differences(sumOf(measures))).toEqual([]);
      }),
    );
  });

  it('differs where any figure does, and says whose', () => {
    fc.assert(
      fc.property(some, fc.nat(), fc.constantFrom('events', 'cost_nano_usd'), (measures, at, field) => {
        const changed = measures.map((one, i) =>
          i === at % measures.length ? { ...one, [field]: one[field] + 1 } : one,
        );
        expect(sumOf(changed).differences(sumOf(measures))).toEqual(['[0,"t","a",""]']);
      }),
    );
  });

  it('differs where a figure lies in another window or bucket', () => {
    const bucket = (index: number): Partial<Measure> => ({ latency_buckets: [index], latency_counts: [1] });
    expect(sumOf([measure(0, { events: 1 })]).differences(sumOf([measure(1e7, { events: 1 })]))).toHaveLength(1);
    expect(sumOf([measure(0, bucket(3))]).differences(sumOf([measure(0, bucket(4))]))).toHaveLength(1);
  });

  it('lets late events account for what is missing in windows, and for nothing else', () => {
    const whole = sumOf([measure(0, { events: 3 })]);
    const late = sumOf([measure(0, { events: 2 }), measure(1e7, { late_events: 1 })]);
    expect(whole.differences(late)).toHaveLength(1);
    expect(whole.differencesBeyondLate(late)).toEqual([]);
    const lost = sumOf([measure(0, { events: 1 }), measure(1e7, { late_events: 1 })]);
    expect(whole.differencesBeyondLate(lost)).toHaveLength(1);
    expect(whole.differencesBeyondLate(sumOf([measure(0, { events: 3, errors: 1 })]))).toHaveLength(1);
  });
});
