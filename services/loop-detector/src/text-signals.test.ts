// Instructions, chanting and plans: the signals that live on free text.

import { HashList, tokenHashPairs, tokens, type DetectionDraft } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { distinctShare } from './chanting.js';
import { longText, wordsAtMost } from './long-text.js';
import { planAgain, type Plans } from './plans.js';
import { call, event, run, words } from './testing/events.js';
import type { LoopView } from './view.js';

const of = (drafts: readonly DetectionDraft[], kind: string): DetectionDraft[] =>
  drafts.filter((draft) => draft.kind === kind);

function hashed(text: string): HashList {
  const list = new HashList();
  tokenHashPairs(text, undefined, list);
  return list;
}

describe('distinctShare', () => {
  it('is 1 where everything is said once, and near 0 where one line is said over and over', () => {
    expect(distinctShare(hashed(words(1, 150)))).toBe(1);
    expect(distinctShare(hashed('let me try that again now '.repeat(30)))).toBeLessThan(0.1);
  });

  it('says nothing of short texts', () => {
    expect(distinctShare(hashed('again '.repeat(40)))).toBeUndefined();
  });
});

describe('wordsAtMost', () => {
  it('is never below the number of words', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.lorem(),
      fc.string({ unit: fc.constantFrom('a', '1', ' ', '-', '/', 'é', '中', 'ก') }),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        expect(wordsAtMost(text, Infinity)).toBeGreaterThanOrEqual(tokens(text, 2).length);
      }),
    );
  });
});

describe('longText', () => {
  it('has both ends of a text, as one where the text is short, and nothing of one with few words', () => {
    expect(longText(words(1, 39), true)).toBeUndefined();
    const short = longText(words(1, 60), true);
    expect(short?.head).toBe(short?.tail);
    const long = longText(`${words(1, 300)} ${words(2, 300)}`, true);
    expect(long?.head.words[0]).toBe(hashed(words(1, 300)).words[0]);
    expect(long?.tail.words[long.tail.count - 1]).toBe(hashed(words(2, 300)).words[299]);
  });
});

describe('a chanting agent', () => {
  const says = (seq: number, text: string): LoopView =>
    event(seq, { kind: 'LLM_CALL', output: text, output_tokens: 200 });

  it('is one detection that closes when it says something else', () => {
    const { drafts } = run([
      says(1, words(1, 80)),
      ...[2, 3, 4, 5].map((seq) => says(seq, 'let me try that again now '.repeat(30))),
      says(6, words(2, 80)),
    ]);
    const found = of(drafts, 'loop.chant');
    expect(found[0]).toMatchObject({ anchor: 2, status: 'OPEN', revision: 1 });
    expect(found.at(-1)).toMatchObject({ anchor: 2, last_seq: 5, status: 'CLOSED' });
    expect(found[0]!.explanation).toContain('same words over and over');
  });

  it('is not a user who does', () => {
    expect(run([event(1, { kind: 'MESSAGE', actor: 'USER', input: 'hello '.repeat(100) })]).drafts).toEqual([]);
  });
});

describe('an instruction that is given again', () => {
  const ask = (turn: number): string =>
    `${['Please', 'Kindly', 'Now', 'Again,'][turn % 4]!} find the ${['exact', 'full', 'official', 'complete'][turn % 4]!} opening hours of the harbour museum on the city website`;
  const page = (turn: number): string =>
    `Opened the page of the harbour museum, no opening hours are shown there\n${words(turn + 5, 60)}`;
  const asks = (count: number): LoopView[] =>
    Array.from({ length: count }, (_, i) => call(2 * i + 1, 'Surfer', { instruction: ask(i) }, page(i)));

  it('is found in its words and results, though both change', () => {
    const found = of(run(asks(7)).drafts, 'loop.instruction');
    expect(found[0]).toMatchObject({ status: 'OPEN', revision: 1, anchor: 1 });
    expect(found[0]!.explanation).toContain('Surfer');
  });

  it('is over when the plan is written again, and not where plans are ignored', () => {
    const plan = (seq: number): LoopView => event(seq, { kind: 'PLAN', input: words(77, 60) });
    const events = [plan(0), ...asks(7), plan(20)];
    expect(of(run(events).drafts, 'loop.instruction').at(-1)!.status).toBe('CLOSED');
    expect(of(run(events, { replanKeeps: 1 }).drafts, 'loop.instruction').at(-1)!.status).toBe('OPEN');
  });

  it('is a batch where each asks for another thing and gets it', () => {
    const museums = Array.from({ length: 8 }, (_, i) => words(300 + i, 3));
    const batch = museums.map((museum, i) =>
      call(
        i + 1,
        'Surfer',
        { instruction: `Find the opening hours of ${museum} on the website` },
        `The page of ${museum} is open\n${words(i, 60)}`,
      ),
    );
    expect(run(batch).drafts).toEqual([]);
  });
});

describe('planAgain', () => {
  it('knows a plan that is written again in part, and not a new one', () => {
    const plans: Plans = [];
    const plan = words(1, 80).split(' ');
    expect(planAgain(plans, hashed(plan.join(' ')))).toBe(false);
    expect(planAgain(plans, hashed(words(2, 80)))).toBe(false);
    expect(planAgain(plans, hashed([...plan.slice(10), ...words(3, 10).split(' ')].join(' ')))).toBe(true);
  });

  it('remembers four', () => {
    const plans: Plans = [];
    for (let i = 0; i < 20; i++) planAgain(plans, hashed(words(i, 80)));
    expect(plans).toHaveLength(4);
  });
});
