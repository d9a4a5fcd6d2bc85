// Plants are what they claim: cycles repeat the same calls in their disguise, twins do not, and the host around them stays as it was.

import { describe, expect, it } from 'vitest';
import type { TraceLine } from '../../replay/index.js';
import { Rng } from '../../simulate/world/rng.js';
import { disguises, plantCycle, type Planted } from './cycles.js';
import { plantTwin, twins } from './innocents.js';
import { isTool, type Material, type ToolLine } from './material.js';
import { otherNumbers, otherStamp, otherWords } from './mutate.js';

const place = { session: 's', period: undefined, actor: 'agent' };
const call = (step: number): ToolLine => ({
  ...place,
  step,
  kind: 'tool',
  tool: `tool${step % 4}`,
  args: JSON.stringify({ bed: step, note: 'look at the north bed of the garden' }),
  output: `result ${step} ${'of the long walk through the garden '.repeat(8)}`,
  text: 'I go on.',
});
const host: TraceLine[] = [
  { ...place, step: 0, kind: 'session', agent: 'gardener', goal: 'Water the garden.' },
  ...Array.from({ length: 10 }, (_, i) => call(i + 1)),
];
/** Two of each session, told in words alone. */
const foreign = Array.from({ length: 16 }, (_, i) => ({
  ...call(40 + i),
  session: `other${i >> 1}`,
  args: `look after bed ${i} until noon`,
}));
const material: Material = {
  hosts: [[host]],
  clean: [[host]],
  // Every second says what the one before said.
  results: Array.from({ length: 16 }, (_, i) =>
    Array.from({ length: 20 }, (_, word) => `leaf${i >> 1}v${word}`).join(' '),
  ),
  chatter: ['One moment.'],
  callsOf: new Map([0, 1, 2, 3].map((tool) => [`tool${tool}`, foreign])),
};
/** Each tool told in words alone what to do. */
const instructed = host.map((line) =>
  isTool(line) ? { ...line, args: `walk along bed ${line.step} and look` } : line,
);
const hostOf = (twin: (typeof twins)[number]): TraceLine[] => (twin === 'batch of instructions' ? instructed : host);
const putIn = ({ lines, from, to }: Planted): ToolLine[] => lines.slice(from, to).filter(isTool);

describe('plantCycle', () => {
  it.each(disguises.flatMap((disguise) => [1, 3, 8].map((period) => [disguise, period] as const)))(
    '%s, period %i: two further rounds of the same tools right after the first',
    (disguise, period) => {
      const planted = plantCycle(host, period, disguise, material.chatter, new Rng(1), 3)!;
      const again = putIn(planted).map(({ tool }) => tool);
      const first = planted.lines
        .slice(planted.from - period, planted.from)
        .flatMap((line) => (isTool(line) ? line.tool : []));
      expect(again).toEqual([...first, ...first]);
      expect([...planted.lines.slice(0, planted.from), ...planted.lines.slice(planted.to)]).toEqual(host);
    },
  );

  it('changes arguments, results or neither, as the disguise says', () => {
    const changed = (disguise: (typeof disguises)[number]): [args: boolean, output: boolean] => {
      const planted = plantCycle(host, 1, disguise, material.chatter, new Rng(3))!;
      const before = planted.lines[planted.from - 1] as ToolLine;
      const [again] = putIn(planted);
      return [again!.args !== before.args, again!.output !== before.output];
    };
    expect(changed('exact')).toEqual([false, false]);
    expect(changed('volatile')).toEqual([false, true]);
    expect(changed('jittered')).toEqual([true, false]);
    expect(changed('reworded')).toEqual([true, false]);
    expect(changed('with chatter')).toEqual([false, false]);
    expect(changed('all at once')).toEqual([true, true]);
  });

  it('finds none in a session that has fewer distinct calls than the period', () => {
    expect(plantCycle(host, 11, 'exact', [], new Rng(1))).toBeUndefined();
  });
});

describe('plantTwin', () => {
  it.each(twins)('%s: stands within its host, which goes on as before', (twin) => {
    const own = hostOf(twin);
    const planted = plantTwin(own, twin, material, new Rng(2))!;
    expect(planted.to).toBeGreaterThan(planted.from);
    expect(planted.lines.slice(0, planted.from)).toEqual(own.slice(0, planted.from));
    expect(planted.lines.at(-1)).toEqual(own.at(-1));
  });

  it('makes no call three times with the same result', () => {
    for (const twin of twins) {
      const calls = putIn(plantTwin(hostOf(twin), twin, material, new Rng(5))!).map((one) =>
        JSON.stringify([one.tool, one.args, one.output]),
      );
      const acknowledged = twin === 'acknowledged batch' ? calls.length : 2;
      for (const one of calls) expect(calls.filter((other) => other === one).length).toBeLessThanOrEqual(acknowledged);
    }
  });

  it('takes the orders of a batch from a session each, and the answers of a poll that say something new', () => {
    const orders = putIn(plantTwin(instructed, 'batch of instructions', material, new Rng(3))!);
    const sessions = orders.map(({ args }) => foreign.find((one) => one.args === args)?.session);
    expect(new Set(sessions).size).toBe(orders.length);
    expect(sessions).not.toContain('s');
    const answers = putIn(plantTwin(host, 'polling with new text', material, new Rng(3))!).map(({ output }) => output);
    expect(new Set(answers).size).toBe(6);
  });
});

describe('mutations', () => {
  const rng = (): Rng => new Rng(9);
  it('draw other numbers of the same shape, or a request id where there are none', () => {
    expect(otherNumbers('{"id":"ORD-4711"}', rng())).toMatch(/^\{"id":"ORD-\d{4}"\}$/);
    expect(JSON.parse(otherNumbers('{"bed":"north"}', rng()))).toMatchObject({
      bed: 'north',
      request_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    expect(JSON.parse(otherNumbers('walk on', rng()))).toHaveProperty('args', 'walk on');
  });

  it('leave short texts alone and most words of longer ones in place', () => {
    expect(otherWords('{"bed":"north"}', rng())).toBe('{"bed":"north"}');
    const words = 'look at every bed of the garden and note what is dry'.split(' ');
    const after = otherWords(words.join(' '), rng()).split(' ');
    expect(words.filter((word) => after.includes(word)).length).toBeGreaterThan(words.length / 2);
    expect(after.join(' ')).not.toBe(words.join(' '));
  });

  it('put a stamp behind the result', () => {
    expect(otherStamp('dry', rng())).toMatch(/^dry\ngenerated 2026-/);
  });
});
