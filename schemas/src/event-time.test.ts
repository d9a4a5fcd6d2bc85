import { describe, expect, it } from 'vitest';
import { clampToLog } from './event-time.js';

describe('clampToLog', () => {
  it('never lets an event be later than its append, and never touches the past', () => {
    expect(clampToLog(5_000_001, 5_000)).toBe(5_000_000);
    expect(clampToLog(4_999_999, 5_000)).toBe(4_999_999);
    expect(clampToLog(0, 5_000)).toBe(0);
  });
});
