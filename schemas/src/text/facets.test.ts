// Laws of facets: sets under a key, as much of a content as a step is compared by, and nothing that puts it back in order.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MOST_ARGUMENTS,
  argumentFacets,
  contentMarks,
  hiddenInput,
  hiddenOutput,
  keyedHash,
  maskedWordOfCode,
  resultFacets,
  tokens,
  wordOfCode,
  type WordCode,
} from './index.js';

const key = keyedHash('tenant');
const argumentsOf = (input: unknown, under = key) =>
  argumentFacets(hiddenInput(typeof input === 'string' ? input : JSON.stringify(input), under).facets);
const resultOf = (text: string, under = key) => resultFacets(hiddenOutput(text, under).facets);
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.lorem({ maxCount: 60 }),
  fc.jsonValue().map((v) => JSON.stringify(v)),
);
const word = fc.constantFrom(
  'north',
  'bed',
  'beans',
  'wet',
  '12',
  '1,234.5',
  '2024-05-01T10:00:00Z',
  '987654321',
  '/tmp/x7f3/a',
);
const words = (least: number, most: number) => fc.array(word, { minLength: least, maxLength: most });
const masksOf = (codes: readonly WordCode[]) => [...new Set(codes.map(maskedWordOfCode))].sort((a, b) => a - b);

describe('facets', () => {
  it('come with the very fingerprint and sketch that a content has without them', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(hiddenInput(text, key)).toMatchObject(contentMarks(text, key));
        expect(hiddenOutput(text, key)).toMatchObject(contentMarks(text, key));
      }),
    );
  });

  it('are a few hundred bytes at most, none of no text, and readable whatever the bytes', () => {
    expect([hiddenInput('', key).facets.length, hiddenOutput('', key).facets.length]).toEqual([0, 0]);
    const long = Array.from({ length: 3_000 }, (_, i) => `w${i.toString(36)}x`).join(' ');
    const wide = JSON.stringify(
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, long.slice(i, i + 99)])),
    );
    for (const text of [long, wide]) {
      expect(hiddenInput(text, key).facets.length).toBeLessThanOrEqual(348);
      expect(hiddenOutput(text, key).facets.length).toBeLessThanOrEqual(396);
    }
    expect(argumentsOf(wide)).toHaveLength(MOST_ARGUMENTS);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const { lead, head, rest, pairs } = resultFacets(bytes);
        expect(lead.length + head.length + rest.length + pairs.length).toBeLessThanOrEqual(bytes.length / 2);
        expect(argumentFacets(bytes).length).toBeLessThanOrEqual(bytes.length / 13);
      }),
    );
  });

  it('hold sets: the words in another order tell the same words', () => {
    fc.assert(
      fc.property(words(1, 30), fc.infiniteStream(fc.nat()), (text, luck) => {
        const other = text.map((value) => ({ value, by: luck.next().value as number })).sort((a, b) => a.by - b.by);
        const [one, two] = [text.join(' , '), other.map(({ value }) => value).join(' , ')].map(
          (said) => argumentsOf({ said })[0],
        );
        expect(two?.words).toEqual(one?.words);
        for (const { words: set } of [one!, two!]) expect([...set].sort((a, b) => a - b)).toEqual(set);
      }),
    );
    const list = ['take', 'the', 'north', 'bed'];
    expect(argumentsOf({ list })).toEqual(argumentsOf({ list: [...list].reverse() }));
  });

  it('tell tenants nothing of each other but ids and stamps', () => {
    const text = JSON.stringify({ bed: 'north', id: '987654321', at: '2024-05-01T10:00:00Z' });
    const other = new Set(
      argumentsOf(text, keyedHash('other')).flatMap(({ path, exact, masked, words: set }) => [
        path,
        exact,
        masked,
        ...set,
      ]),
    );
    const shared = argumentsOf(text)
      .flatMap(({ path, exact, masked, words: set }) => [path, exact, masked, ...set])
      .filter((hash) => other.has(hash));
    expect(shared.sort()).toEqual([1, 3]);
    const [one, two] = [key, keyedHash('other')].map((under) => resultOf('the north bed is wet today', under));
    expect(one?.pairs.filter((pair) => two?.pairs.includes(pair))).toEqual([]);
  });

  it('say of pairs nothing that the words would give away', () => {
    const { lead, pairs } = resultOf('north bed');
    const near = lead.flatMap((a) => lead.map((b) => (Math.imul(a, 31) + b) & 0xffff));
    expect(pairs).toHaveLength(1);
    expect([...lead, ...near]).not.toContain(pairs[0]);
  });
});

describe('an argument', () => {
  it('has the words of level 2 and their number, as a text has them', () => {
    fc.assert(
      fc.property(words(0, 30), (list) => {
        const said = list.join(' , ');
        const masked = tokens(said, 2);
        const [facet] = argumentsOf({ said });
        const plain = new Set(masked.filter((one) => one !== '#' && one !== '#t'));
        const told = masksOf(facet?.words ?? []);
        expect(facet?.wordCount).toBe(masked.length);
        expect(told).toHaveLength(plain.size + Number(masked.includes('#')) + Number(masked.includes('#t')));
      }),
    );
  });

  it('is the same but for its stamps and ids, and masked but for its numbers', () => {
    const [one] = argumentsOf({ q: 'beans on bed 12 at 2024-05-01T10:00:00Z' });
    const [later] = argumentsOf({ q: 'beans on bed 12 at 2025-06-01T11:30:00Z' });
    const [next] = argumentsOf({ q: 'beans on bed 13 at 2024-05-01T10:00:00Z' });
    expect(later).toEqual(one);
    expect([next?.exact === one?.exact, next?.masked === one?.masked]).toEqual([false, true]);
    expect(masksOf(next?.words ?? [])).toEqual(masksOf(one?.words ?? []));
    expect(next?.words.map(wordOfCode)).not.toEqual(one?.words.map(wordOfCode));
  });

  it('is told apart by its path', () => {
    const [from] = argumentsOf({ from: 'Paris' });
    const [to] = argumentsOf({ to: 'Paris' });
    expect(to?.words).toEqual(from?.words);
    expect([to?.path === from?.path, to?.exact === from?.exact]).toEqual([false, false]);
  });
});

describe('a result', () => {
  const text = `The beans\nof bed 12 are wet ${Array.from({ length: 100 }, (_, i) => `w${'abcdefghij'[i % 10]}${'klmnopqrst'[Math.floor(i / 10)]}`).join(' ')}`;

  it('has its first line, what follows up to the 48th word, and a sample of the rest', () => {
    const { lead, head, rest, pairs } = resultOf(text);
    expect(lead).toEqual(argumentsOf('The beans')[0]?.words);
    expect([lead.length, head.length, rest.length, pairs.length]).toEqual([2, 46, 20, 106]);
    expect(head).toContain(argumentsOf('12')[0]?.words[0]);
  });

  it('has no pair that a text with the same words in other neighbourhoods has', () => {
    const one = resultOf('north bed is wet');
    const two = resultOf('wet north is bed');
    expect(two.lead).toEqual(one.lead);
    expect(one.pairs).toHaveLength(3);
    expect(two.pairs.filter((pair) => one.pairs.includes(pair))).toEqual([]);
  });

  it('that is an object is told as it stands, keys and all', () => {
    const { lead } = resultOf('{"bed":"north","litres":12}');
    expect(lead).toEqual(argumentsOf('bed north litres 12')[0]?.words);
  });
});
