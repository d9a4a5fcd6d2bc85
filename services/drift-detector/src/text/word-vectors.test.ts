import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lowerHash } from './hashing.js';
import { wordVectorsOf, type WeighedWord } from './word-vectors.js';

const bytes = readFileSync(new URL('../../words/vectors.bin', import.meta.url));
const words = wordVectorsOf(bytes);
const phrase = (text: string): WeighedWord[] =>
  text.split(' ').map((word) => ({ word: lowerHash(word, 0, word.length), weight: 1 }));
const near = (one: string, other: string): number => words.similarity(phrase(one), phrase(other));

describe('the shipped word vectors', () => {
  it('hold a word nearer to its kin than to a stranger', () => {
    expect(near('profit', 'earnings')).toBeGreaterThan(near('profit', 'harbour') + 0.3);
    expect(near('doctor', 'hospital')).toBeGreaterThan(near('doctor', 'invoice') + 0.3);
  });

  it('are symmetric, 1 for the same phrase, and 0 where no word is known', () => {
    expect(near('annual revenue', 'profit')).toBe(near('profit', 'annual revenue'));
    expect(near('annual revenue', 'annual revenue')).toBeCloseTo(1, 9);
    expect(near('qwxzzy', 'profit')).toBe(0);
  });

  it('stay within 8 MB', () => {
    expect(bytes.length).toBeLessThanOrEqual(8_000_000);
  });
});

describe('wordVectorsOf', () => {
  it('refuses bytes that are something else or cut off', () => {
    expect(() => wordVectorsOf(Buffer.from('something else altogether'))).toThrow(/pack them anew/);
    expect(() => wordVectorsOf(bytes.subarray(0, 1_000))).toThrow(/cut off/);
  });
});
