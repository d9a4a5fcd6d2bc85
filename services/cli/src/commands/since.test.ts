import { describe, expect, it } from 'vitest';
import { sinceMsOf } from './since.js';

describe('sinceMsOf', () => {
  it('takes ages and ISO times, and nothing else', () => {
    const nowMs = Date.parse('2026-01-31T12:00:00Z');
    expect(sinceMsOf('90s', nowMs)).toBe(nowMs - 90_000);
    expect(sinceMsOf('2d', nowMs)).toBe(Date.parse('2026-01-29T12:00:00Z'));
    expect(sinceMsOf('2026-01-31T10:30Z', nowMs)).toBe(nowMs - 5_400_000);
    for (const wrong of ['', '5', '5w', '-3h', 'yesterday', '2026-13-45'])
      expect(() => sinceMsOf(wrong, nowMs)).toThrow('--since');
  });
});
