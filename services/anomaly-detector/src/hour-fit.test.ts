// Laws of the fitted hours.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitHours } from './hour-fit.js';

const watched = (days: number): Float64Array => new Float64Array(24).fill(days);

describe('rates by hour of day', () => {
  it('are the mean where arrivals are even, and surer the more there are', () => {
    const once = fitHours(new Float64Array(24).fill(2), watched(1));
    const often = fitHours(new Float64Array(24).fill(20), watched(10));
    for (let hour = 0; hour < 24; hour++) {
      expect(once.rates[hour]).toBeCloseTo(2, 1);
      expect(often.rates[hour]).toBeCloseTo(2, 1);
      expect(often.variances[hour]!).toBeLessThan(once.variances[hour]!);
    }
  });

  it('follow a curve of the day within a tenth once it was seen for weeks', () => {
    const rate = (hour: number): number => Math.exp(0.4 + Math.cos(((hour - 14) / 12) * Math.PI));
    const fit = fitHours(
      Float64Array.from({ length: 24 }, (_, hour) => 30 * rate(hour)),
      watched(30),
    );
    for (let hour = 0; hour < 24; hour++) expect(fit.rates[hour]! / rate(hour)).toBeCloseTo(1, 1);
  });

  it('take a day without a rhythm for one, and keep the rhythm of a day that has it', () => {
    const day = (rate: (hour: number) => number) =>
      fitHours(
        Float64Array.from({ length: 24 }, (_, hour) => rate(hour)),
        watched(1),
      );
    const even = day((hour) => (hour % 2 === 0 ? 2 : 1));
    const office = day((hour) => (hour >= 8 && hour < 18 ? 3.6 : 0));
    const uncertainty = ({ variances }: typeof even): number => Math.sqrt(Math.max(...variances));
    // 36 arrivals: their number alone leaves .17, and a rhythm that is believed in beforehand makes it .31.
    expect(uncertainty(even)).toBeLessThan(0.28);
    expect(office.rates[13]! / office.rates[2]!).toBeGreaterThan(8);
    expect(uncertainty(office)).toBeGreaterThan(0.5);
  });

  it('are finite and positive whatever was counted', () => {
    const counts = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(counts, counts, (arrivals, hours) => {
        const { rates, variances } = fitHours(Float64Array.from(arrivals), Float64Array.from(hours));
        for (const value of [...rates, ...variances]) expect(Number.isFinite(value) && value >= 0).toBe(true);
      }),
    );
  });
});
