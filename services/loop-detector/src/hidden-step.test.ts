// Steps whose contents stayed with the agent: told apart, and alike, as they would be by their contents.

import { contentMarks, hiddenInput, hiddenOutput, keyedHash } from '@watchkeeper/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldEventCodec } from './held-event.js';
import { hiddenWords } from './hidden-step.js';
import { nothingSeen } from './novelty.js';
import { canonicalStep, type Step } from './step.js';
import { call, event, run, words } from './testing/events.js';
import type { LoopView } from './view.js';
import { ARGUMENTS, LEAD, RESULT, changesBetween, overlap } from './word-sets.js';

const key = keyedHash('t');

/** The event as an emitter sends it that keeps contents back. */
function hidden(open: LoopView): LoopView {
  const input = hiddenInput(open.input, key);
  const output = hiddenOutput(open.output, key);
  return {
    ...open,
    input: '',
    output: '',
    goal: '',
    content_level: 'HASHED',
    input_fingerprint: input.fingerprint,
    input_sketch: input.sketch,
    input_facets: input.facets,
    output_fingerprint: output.fingerprint,
    output_sketch: output.sketch,
    output_facets: output.facets,
  };
}

/** The same, by one of before there were facets. */
const hiddenBefore = (open: LoopView): LoopView => ({
  ...hidden(open),
  input_facets: Buffer.alloc(0),
  output_facets: Buffer.alloc(0),
});

const step = (one: LoopView, seen = nothingSeen()): Step => canonicalStep(one, seen);
const word = fc.constantFrom(
  'bed',
  'north',
  'south',
  'beans',
  'wet',
  'dry',
  '12',
  '13',
  '2024-05-01T10:00:00Z',
  '987654321',
);
const phrase = (most: number) => fc.array(word, { maxLength: most }).map((list) => list.join(', '));
const anyCall = fc
  .tuple(fc.record({ bed: phrase(4), note: phrase(12) }), phrase(14), phrase(14))
  .map(([args, line, more]) => call(1, 'water', args, `${line}\n${more}`));

describe('a hidden step', () => {
  it('says of itself what its contents say', () => {
    fc.assert(
      fc.property(anyCall, (open) => {
        const [full, told] = [step(open), step(hidden(open))];
        for (const name of ['worded', 'fixedCount', 'words', 'informative', 'novelty', 'toolHash'] as const)
          expect(told[name], name).toBe(full[name]);
      }),
    );
  });

  it('is like another step as their contents are', () => {
    fc.assert(
      fc.property(anyCall, anyCall, (one, two) => {
        const [a, b, c, d] = [step(one), step(two), step(hidden(one)), step(hidden(two))];
        for (const name of ['exactHash', 'maskedHash', 'fixedHash'] as const)
          expect(c[name] === d[name], name).toBe(a[name] === b[name]);
        for (const set of [ARGUMENTS, RESULT, LEAD] as const)
          expect(overlap(c.sets, d.sets, set), `set ${set}`).toBeCloseTo(overlap(a.sets, b.sets, set));
        expect(changesBetween(c.sets, d.sets)).toEqual(changesBetween(a.sets, b.sets));
      }),
    );
  });

  it('leaves out arguments that are ids and stamps alone', () => {
    const exact = (args: object) => step(hidden(call(1, 't', args, ''))).exactHash;
    expect(exact({ q: 'a', request: '987654321' })).toBe(exact({ q: 'a' }));
    expect(exact({ q: 'a', page: 2 })).not.toBe(exact({ q: 'a' }));
  });

  it('brings as much news as its result', () => {
    const [full, told] = [nothingSeen(), nothingSeen()];
    const texts = [words(1, 40), words(1, 40), `${words(1, 30)} ${words(7, 10)}`, words(1, 300)];
    for (const text of texts) {
      const open = call(1, 't', {}, text);
      expect(step(hidden(open), told).novelty).toBeCloseTo(step(open, full).novelty, 0);
    }
  });

  it('knows numbers of its result: whether they go one way cannot be seen', () => {
    const at = (share: number) => step(hidden(call(1, 't', {}, `progress ${share}`)));
    expect(at(10).resultHash).not.toBe(at(20).resultHash);
  });

  it('with more arguments than are told goes by the fingerprint, too', () => {
    const many = (last: string) =>
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i + 10}`, i === 19 ? last : 'x']));
    const exact = (args: object) => step(hidden(call(1, 't', args, ''))).exactHash;
    expect(exact(many('x'))).toBe(exact(many('x')));
    expect(exact(many('x'))).not.toBe(exact(many('y')));
  });

  it('of an emitter of before is judged by sketches alone', () => {
    const open = call(1, 't', { to: 'bob', task: words(1, 12) }, words(2, 20));
    const before = step(hiddenBefore(open));
    const { sketch } = contentMarks(open.input, key);
    expect([before.fixedCount, before.words]).toEqual([0, sketch.length / 4]);
    expect(step(hidden(open)).fixedCount).toBe(1);
  });

  it('takes any facets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), fc.uint8Array({ maxLength: 90 }), (input, output) => {
        const one = event(1, { input_facets: Buffer.from(input), output_facets: Buffer.from(output) });
        expect(step(one)).toEqual(step(one));
      }),
    );
  });

  it('that was held back by a build without facets has none', () => {
    const before: Partial<LoopView> = hidden(call(1, 't', { a: 'b' }, 'c'));
    delete before.input_facets;
    delete before.output_facets;
    const read = heldEventCodec.decode(Buffer.from(JSON.stringify(before)));
    expect([read.input_facets.length, read.output_facets.length]).toEqual([0, 0]);
  });
});

describe('a session that keeps contents back', () => {
  it('is in a loop where it makes one call with one parameter and other numbers, and gets the same answer', () => {
    const turn = (seq: number) =>
      hidden(
        call(seq, 'search', { query: `red kettle below ${30 + ((seq * 7) % 11)} EUR`, shop: 'north' }, words(3, 30)),
      );
    expect(run([1, 2, 3].map(turn)).drafts.map(({ kind }) => kind)).toContain('loop.repeat');
  });

  it('is in none where a batch names another item each time, and the answer names it', () => {
    const item = ['kettle', 'pan', 'lamp', 'chair', 'table'];
    const turn = (_: unknown, i: number) =>
      hidden(
        call(
          i + 1,
          'search',
          { instruction: `please find the price of the ${item[i]} in all of the shops in town` },
          `The ${item[i]}.\n${words(3, 60)}`,
        ),
      );
    expect(run(item.map(turn)).drafts).toEqual([]);
  });

  it('says by the words of its plan that it is written again', () => {
    const plan = event(1, { kind: 'PLAN', input: words(1, 45) });
    expect(hiddenWords(hidden(plan)).count).toBe(45);
    const asked = [1, 2, 3, 4].map((seq) =>
      hidden(call(seq, 'Worker', { instruction: `${words(5, 20)} ${words(seq + 10, 2)}` }, words(6, 40))),
    );
    const sumWith = (last: LoopView): number => run([hidden(plan), ...asked, last]).state.instructionSum;
    const other = hidden(event(5, { kind: 'PLAN', input: words(2, 45) }));
    expect(sumWith(hidden({ ...plan, seq: 5 }))).toBeLessThan(sumWith(other));
    expect(hiddenWords(plan).count).toBe(0);
  });
});
