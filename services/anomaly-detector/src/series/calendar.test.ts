import { describe, expect, it } from 'vitest';
import { HOURS, momentOf } from './calendar.js';

const at = (iso: string) => momentOf(Date.parse(iso) * 1000);

describe('moment', () => {
  it('tells working days from weekends', () => {
    expect(at('2026-01-09T13:30:00Z').bin).toBe(13);
    expect(at('2026-01-10T13:30:00Z').bin).toBe(HOURS + 13);
    expect(at('2026-01-12T00:00:00Z').bin).toBe(0);
  });

  it('knows the nearer neighbour, around midnight too', () => {
    expect(at('2026-01-09T13:45:00Z')).toEqual({ bin: 13, neighbour: 14, off: 0.25 });
    expect(at('2026-01-09T00:00:00Z')).toEqual({ bin: 0, neighbour: 23, off: 0.5 });
    expect(at('2026-01-10T23:59:00Z').neighbour).toBe(HOURS);
  });
});
