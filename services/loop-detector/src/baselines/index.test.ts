// Each rule fires where its source says, not a call earlier, and on nothing else.

import { describe, expect, it } from 'vitest';
import { call, event } from '../testing/events.js';
import type { LoopView } from '../view.js';
import { loopBaselines } from './index.js';

/** The first call (from 1 on) at which the rule fires; 0 where it does not. */
function firesAt(name: string, events: readonly LoopView[]): number {
  const rule = loopBaselines.find((baseline) => baseline.name === name)!.start();
  return events.findIndex((one) => (rule(one) ?? 0) >= 1) + 1;
}
const same = (count: number, output = (i: number) => `result ${i}`): LoopView[] =>
  Array.from({ length: count }, (_, i) => call(i + 1, 'search', { query: 'beans', page: 2 }, output(i)));
const turns = (count: number, period: number): LoopView[] =>
  Array.from({ length: count }, (_, i) => call(i + 1, 'open', { page: i % period }, `page ${i % period}`));
const changing = (count: number): LoopView[] =>
  Array.from({ length: count }, (_, i) => call(i + 1, `tool${i}`, { [`field${i}`]: `value${i}` }, `result ${i}`));

describe('the baselines', () => {
  it.each([
    ['exact ×3', 3],
    ['opencode / Roo ×3', 3],
    ['3 in 20', 3],
    ['browser-use 5 in 20', 5],
    ['Gemini CLI', 5],
    ['Jaccard ≥ .5 ×3 in 10', 3],
    ['OpenHands', 0],
    ['OpenClaw', 0],
    ['length ≥ 6', 6],
    ['always positive', 1],
  ])('%s, the same call with new results: fires at call %i', (name, at) => {
    expect(firesAt(name, same(12))).toBe(at);
  });

  it.each([
    ['OpenHands', 4],
    ['OpenClaw', 10],
  ])('%s, the same call with the same result: fires at call %i', (name, at) => {
    expect(
      firesAt(
        name,
        same(12, () => 'nothing'),
      ),
    ).toBe(at);
  });

  it('OpenHands fires at the third failure of a call, and at A B A B A B', () => {
    expect(
      firesAt(
        'OpenHands',
        same(4, (i) => `Error ${i}: no such page`),
      ),
    ).toBe(3);
    expect(firesAt('OpenHands', turns(8, 2))).toBe(6);
  });

  it('Gemini CLI fires where a cycle of up to five calls has been gone through five times', () => {
    expect(firesAt('Gemini CLI', turns(40, 3))).toBe(15);
    expect(firesAt('Gemini CLI', turns(40, 5))).toBe(25);
    expect(firesAt('Gemini CLI', turns(40, 6))).toBe(0);
  });

  it('takes the order of keys into account byte by byte for opencode alone', () => {
    const shuffled = ['{"a":1,"b":2}', '{"b":2,"a":1}', '{"a":1,"b":2}'].map((input, i) => call(i + 1, 't', input, ''));
    expect(firesAt('exact ×3', shuffled)).toBe(3);
    expect(firesAt('opencode / Roo ×3', shuffled)).toBe(0);
  });

  it.each(loopBaselines.map(({ name }) => name).filter((name) => !/length|always/.test(name)))(
    '%s is silent on calls that all differ, and begins anew with a session',
    (name) => {
      expect(firesAt(name, changing(30))).toBe(0);
      expect(firesAt(name, same(1))).toBe(0);
    },
  );

  it('judges ended tool calls alone', () => {
    const rule = loopBaselines.find(({ name }) => name === 'length ≥ 6')!.start();
    expect(rule(event(1, { kind: 'MESSAGE', input: 'hello' }))).toBeUndefined();
    expect(rule(call(2, 'search', {}, '', { phase: 'START' }))).toBeUndefined();
    expect(rule(call(3, 'search', {}, ''))).toBeCloseTo(1 / 6);
  });
});
