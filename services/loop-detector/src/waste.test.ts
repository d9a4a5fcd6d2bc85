// Waste: what was burnt between two points, from whatever an emitter sends.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { event } from './testing/events.js';
import { NOTHING_BURNT, burnAfter, wasteBetween } from './waste.js';

describe('waste', () => {
  it('adds calls and leaves out tasks, whose sums would count twice', () => {
    const call = event(1, { kind: 'LLM_CALL', input_tokens: 70, output_tokens: 5, cost_nano_usd: 9 });
    const task = event(2, { kind: 'TASK', input_tokens: 70, output_tokens: 5, cost_nano_usd: 9 });
    const burn = burnAfter(burnAfter(NOTHING_BURNT, call), task);
    expect(burn).toMatchObject({ tokens: 75, costNanoUsd: 9 });
    expect(wasteBetween(NOTHING_BURNT, burn)).toEqual({ tokens: 75, costNanoUsd: 9, durationMs: 0 });
  });

  it('is never negative nor unsafe, for any numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.double(), fc.double()), { minLength: 1 }), (sent) => {
        let burn = NOTHING_BURNT;
        for (const [tokens, cost, at] of sent)
          burn = burnAfter(burn, event(1, { input_tokens: tokens, cost_nano_usd: cost, occurred_at: at }));
        for (const value of Object.values(wasteBetween({ ...NOTHING_BURNT, atMicros: 1 }, burn))) {
          expect(Number.isSafeInteger(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
