import { describe, expect, it } from 'vitest';
import { summarise } from './latency.js';

describe('summarise', () => {
  it('takes the nearest rank, whatever the order', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1);
    expect(summarise(hundred)).toEqual({ p50: 50, p99: 99 });
  });

  it('is the single value for one detection and zero for none', () => {
    expect(summarise([7.4])).toEqual({ p50: 7, p99: 7 });
    expect(summarise([])).toEqual({ p50: 0, p99: 0 });
  });
});
