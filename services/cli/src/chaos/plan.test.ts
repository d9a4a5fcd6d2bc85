// A seed is a plan.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, planFaults, type FaultKind } from './plan.js';

const options = { fromSeconds: 20, toSeconds: 1_780, spacingSeconds: 13, kinds: FAULT_KINDS };

describe('a plan', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planFaults({ ...options, seed: '1' })).toEqual(planFaults({ ...options, seed: '1' }));
    expect(planFaults({ ...options, seed: '1' })).not.toEqual(planFaults({ ...options, seed: '2' }));
  });

  it('holds a hundred faults in half an hour, and ten of each kind', () => {
    const counts = new Map<FaultKind, number>();
    for (const { kind } of planFaults({ ...options, seed: '7' })) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual([...FAULT_KINDS].sort());
    for (const count of counts.values()) expect(count).toBeGreaterThanOrEqual(10);
  });

  it('lies in its time, in order, with each kind in turn', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 500 }),
        (seed, spacing, span) => {
          const faults = planFaults({ ...options, seed, toSeconds: 20 + span, spacingSeconds: spacing });
          expect(faults).toHaveLength(Math.floor(span / spacing));
          const seen = new Map<FaultKind, number>();
          faults.forEach(({ kind, atSeconds, turn }, i) => {
            expect(atSeconds).toBeGreaterThanOrEqual(faults[i - 1]?.atSeconds ?? 20);
            expect(atSeconds).toBeLessThan(20 + span);
            expect(turn).toBe(seen.get(kind) ?? 0);
            seen.set(kind, turn + 1);
          });
        },
      ),
    );
  });
});
