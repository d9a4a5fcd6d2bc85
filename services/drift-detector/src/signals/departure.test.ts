import { describe, expect, it } from 'vitest';
import { Departure, type DepartureStep } from './departure.js';
import { Echo } from './goal-echo.js';

function echo(size: number, words: number): Echo {
  const one = new Echo();
  one.size = size;
  for (let word = 1; word <= words; word++) one.addWord(word);
  return one;
}

let tools = 0;
/** Of a session whose texts name the goal; every step with a tool of its own. */
const near = (): DepartureStep => ({
  relevance: 0.8,
  touch: 1,
  newTool: false,
  echo: echo(60, 3),
  tool: ++tools,
  delegates: false,
});
const far = (): DepartureStep => ({ ...near(), relevance: 0.15, touch: 0, newTool: true, echo: echo(60, 0) });
const after = (steps: readonly DepartureStep[]): { departure: Departure; sum: number } => {
  const departure = new Departure();
  let sum = 0;
  for (const step of steps) sum = departure.step(step).sum;
  return { departure, sum };
};
const times = (count: number, step: () => DepartureStep): DepartureStep[] => Array.from({ length: count }, step);

describe('Departure', () => {
  it('stays at zero while texts name the goal as they did in the beginning, new tools or not', () => {
    expect(after([...times(4, near), ...times(60, () => ({ ...near(), newTool: true }))]).sum).toBe(0);
  });

  it('rises with every call that has left, also after a beginning of two, and falls when the session comes back', () => {
    const { departure, sum } = after([...times(2, near), ...times(4, far)]);
    expect(sum).toBeGreaterThan(3.2);
    expect(departure.step(near()).sum).toBeLessThan(sum);
  });

  it('takes a session that names its goal seldom from its beginning on for no departure', () => {
    const quiet = (): DepartureStep => ({ ...near(), relevance: 0.3, touch: 0.3, echo: echo(60, 1) });
    for (const count of [4, 8, 16, 60]) expect(after(times(count, quiet)).sum).toBeLessThan(2.5);
  });

  it('takes many calls of one tool for a batch rather than for a new subject', () => {
    const batch = after([...times(5, near), ...times(4, () => ({ ...far(), tool: 7 }))]);
    const subject = after([...times(5, near), ...times(4, far)]);
    expect(batch.sum).toBeLessThan(subject.sum * 0.7);
  });

  it('needs twice as much where the goal hands itself over', () => {
    const handed = after([...times(5, near), ...times(2, () => ({ ...far(), delegates: true }))]);
    const plain = after([...times(5, near), ...times(2, far)]);
    expect(handed.departure.sum).toBeCloseTo(plain.departure.sum / 2, 5);
    expect(handed.sum).toBeLessThan(plain.sum * 0.6);
  });

  it('takes a plan that no longer names the goal as a step', () => {
    const { departure } = after(times(3, near));
    expect(departure.replan(echo(30, 4)).sum).toBe(0);
    expect(departure.replan(echo(30, 0)).sum).toBeGreaterThan(1);
  });

  it('begins anew with a new goal', () => {
    const { departure } = after([...times(5, near), ...times(4, far)]);
    departure.restart();
    expect(departure.sum).toBe(0);
    for (const step of times(10, near)) expect(departure.step(step).sum).toBe(0);
  });

  it('needs many calls where there is no content to judge', () => {
    const blind = (): DepartureStep => ({
      ...near(),
      relevance: undefined,
      touch: undefined,
      newTool: true,
      echo: undefined,
    });
    expect(after(times(12, blind)).sum).toBeLessThan(4);
    expect(after(times(60, blind)).sum).toBeGreaterThan(4);
  });
});
