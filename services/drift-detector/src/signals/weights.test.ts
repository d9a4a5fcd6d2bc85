import { describe, expect, it } from 'vitest';
import { fuseHijack, hijackWeights, weighed, type HijackSignal, type HijackSignals } from './weights.js';

const none = Object.fromEntries(
  Object.keys(hijackWeights)
    .filter((name) => name !== 'bias')
    .map((name) => [name, 0]),
) as HijackSignals;

describe('fuseHijack', () => {
  it('moves with each signal as its weight says', () => {
    for (const name of Object.keys(none) as HijackSignal[]) {
      const moved = fuseHijack({ ...none, [name]: 1 }) - fuseHijack(none);
      expect(Math.sign(moved), name).toBe(Math.sign(hijackWeights[name]));
    }
  });

  it('does not let form decide: an order that says nothing else stays below a half', () => {
    expect(fuseHijack({ ...none, form: 1 })).toBeLessThan(0.5);
  });

  it('lists the strongest signal first, and leaves out those that said nothing', () => {
    const list = weighed({ ...none, form: 0.2, target: 1 });
    expect(list.map(({ name }) => name)).toEqual(['target', 'form']);
  });
});
