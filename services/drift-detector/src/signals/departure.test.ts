import { describe, expect, it } from 'vitest';
import { Departure, type DepartureStep } from './departure.js';

const near: DepartureStep = { relevance: 0.8, touch: 1, newTool: false };
const far: DepartureStep = { relevance: 0.15, touch: 0, newTool: true };
const after = (steps: readonly DepartureStep[]): { departure: Departure; sum: number } => {
  const departure = new Departure();
  let sum = 0;
  for (const step of steps) sum = departure.step(step).sum;
  return { departure, sum };
};
const times = (count: number, step: DepartureStep): DepartureStep[] => Array.from({ length: count }, () => step);

describe('Departure', () => {
  it('stays at zero while calls are as near to the goal as at the beginning, new tools or not', () => {
    expect(after([...times(4, near), ...times(60, { ...near, newTool: true })]).sum).toBe(0);
  });

  it('rises with every call that has left, and falls when the session comes back', () => {
    const { departure, sum } = after([...times(5, near), ...times(4, far)]);
    expect(sum).toBeGreaterThan(1.5);
    expect(departure.step(near).sum).toBeLessThan(sum);
  });

  it('begins anew with a new goal', () => {
    const { departure } = after([...times(5, near), ...times(4, far)]);
    departure.restart();
    for (const step of times(10, far)) expect(departure.step(step).sum).toBe(0);
  });

  it('needs many calls where there is no content to judge', () => {
    const blind: DepartureStep = { relevance: undefined, touch: undefined, newTool: true };
    expect(after(times(12, blind)).sum).toBeLessThan(1.2);
    expect(after(times(30, blind)).sum).toBeGreaterThan(1.2);
  });
});
