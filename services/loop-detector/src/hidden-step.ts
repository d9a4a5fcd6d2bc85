// Arguments and result whose contents stayed with the agent: from their facets, or from what emitters told before there were such.

import {
  HashList,
  MOST_ARGUMENTS,
  argumentFacets,
  maskedWordOfCode,
  mix32,
  resultFacets,
  sketchFromBytes,
  wordOfCode,
  type WordCode,
} from '@watchkeeper/schemas';
import { seePairs, seeSketch, type Seen } from './novelty.js';
import {
  ArgumentSum,
  INFORMATIVE_PAIRS,
  INSTRUCTION_WORDS,
  isVolatile,
  type Arguments,
  type Result,
} from './step-parts.js';
import type { LoopView } from './view.js';
import type { WordList } from './word-sets.js';

const sum = new ArgumentSum();
const maskedWords = new HashList();
const headWords = new HashList();

/** The arguments of a call. Its text is '': what was told holds no order of letters. */
export function hiddenArguments(event: LoopView, toolHash: number): Arguments {
  const facets = argumentFacets(event.input_facets);
  if (facets.length === 0) return sketchedArguments(event, toolHash);
  sum.start(toolHash);
  for (const { path, exact, masked, wordCount, words } of facets) {
    const from = sum.plainWords.count;
    addWords(sum.plainWords, words, wordOfCode);
    addWords(maskedWords.clear(), words, maskedWordOfCode);
    sum.add(path, exact, masked, wordCount, maskedWords, isVolatile(sum.plainWords, from));
  }
  if (facets.length === MOST_ARGUMENTS) {
    // There may be more: of those only the fingerprint knows.
    sum.exactHash = sum.maskedHash = mix32(Math.imul(sum.exactHash, 31) + exactOf(event.input_fingerprint));
  }
  return sum.taken('');
}

/**
 * The result of a call. Its hash knows numbers: whether they go one way (a poll that gets on) cannot be seen, so two results that differ in
 * numbers are not the same unless they share all other words and say enough.
 */
export function hiddenResult(event: LoopView, seen: Seen): Result {
  if (event.output_facets.length === 0) return sketchedResult(event, seen);
  const { lead, head, rest, pairs } = resultFacets(event.output_facets);
  headWords.clear();
  for (const words of [lead, head]) addWords(headWords, words, wordOfCode);
  maskedWords.clear();
  for (const words of [lead, head, rest]) addWords(maskedWords, words, maskedWordOfCode);
  return {
    resultHash: exactOf(event.output_fingerprint),
    informative: pairs.length >= INFORMATIVE_PAIRS,
    novelty: seePairs(seen, pairs).share,
    words: maskedWords,
    lead: { words: maskedWords.words, count: lead.length },
    headWords,
  };
}

/** The words of a text, numbers masked, as far as its facets hold them; valid until the next call. */
export function hiddenWords(event: LoopView): WordList {
  maskedWords.clear();
  for (const { words } of argumentFacets(event.input_facets)) addWords(maskedWords, words, maskedWordOfCode);
  return maskedWords;
}

function addWords(list: HashList, codes: readonly WordCode[], wordOf: (code: WordCode) => number): void {
  list.reserve(codes.length);
  for (const code of codes) list.push(wordOf(code));
}

/** Of an emitter of before there were facets: the exact half of the fingerprint, and the keyed sketch as words. */
function sketchedArguments(event: LoopView, toolHash: number): Arguments {
  const words = fingerprintWords(event.input_sketch, event.input_fingerprint);
  const list = { words, count: words.length };
  const exactHash = mix32(Math.imul(toolHash, 31) + exactOf(event.input_fingerprint));
  // Which words are parameters is not known: a call of many words counts as an order in free text.
  const isOrder = words.length >= INSTRUCTION_WORDS;
  return {
    exactHash,
    maskedHash: exactHash,
    worded: true,
    fixedHash: isOrder ? toolHash : exactHash,
    fixedCount: isOrder ? 0 : 1,
    words: isOrder ? words.length : 0,
    tokens: list,
    plainWords: list,
    text: '',
  };
}

function sketchedResult(event: LoopView, seen: Seen): Result {
  const words = fingerprintWords(event.output_sketch, event.output_fingerprint);
  const list = { words, count: words.length };
  const novelty = seeSketch(seen, words);
  return {
    resultHash: exactOf(event.output_fingerprint),
    informative: event.output_sketch.length >= INFORMATIVE_PAIRS * 4,
    novelty: novelty.share,
    words: list,
    lead: list,
    headWords: list,
  };
}

/** The sketch; where there is none, the eight bytes of the simhash, each with its place: near texts share most of them. */
function fingerprintWords(sketch: Buffer, fingerprint: Buffer): Uint32Array {
  if (sketch.length > 0) return sketchFromBytes(sketch);
  if (!isPresent(fingerprint)) return new Uint32Array(0);
  return Uint32Array.from(fingerprint.subarray(8, 16), (byte, i) => mix32((i << 8) | byte));
}

function exactOf(fingerprint: Buffer): number {
  if (fingerprint.length < 8) return 0;
  return mix32(Math.imul(fingerprint.readUInt32BE(0), 31) + fingerprint.readUInt32BE(4));
}

/** Whether a fingerprint is of any content. */
export function isPresent(fingerprint: Buffer): boolean {
  for (const byte of fingerprint) if (byte !== 0) return true;
  return false;
}
