// The two halves of a step, a call's arguments and its result, as they are made from words or from what was told in their place.

import { HashList, mix32 } from '@watchkeeper/schemas';
import { isVolatileHash, type WordList } from './word-sets.js';

/** An argument of at least so many words is free text: an instruction rather than a parameter. */
export const INSTRUCTION_WORDS = 8;
/** A result of at least so many word pairs says enough for "the same result" to mean something. */
export const INFORMATIVE_PAIRS = 8;

/** What a step says of its arguments, and their words before they are packed. */
export interface Arguments {
  /** Of tool and all arguments, volatile parts masked; arguments that are nothing else (a request's id) left out. */
  readonly exactHash: number;
  /** The same with every number masked. */
  readonly maskedHash: number;
  /** Whether an argument says something without a number: numbers alone may be the item of a batch, also behind a prefix. */
  readonly worded: boolean;
  /** Of the tool and those arguments that are not free text. */
  readonly fixedHash: number;
  readonly fixedCount: number;
  /** Words of the longest free-text argument; 0 without one. */
  readonly words: number;
  readonly tokens: WordList;
  readonly plainWords: WordList;
  /** The first 96 characters of the argument values. */
  readonly text: string;
}

/** What a step says of its result, and its words before they are packed. */
export interface Result {
  /** Of the whole result, numbers masked. */
  readonly resultHash: number;
  readonly informative: boolean;
  /** Share of the result that this session had not seen. */
  readonly novelty: number;
  readonly words: WordList;
  /** The first of `words`: those of the first line. */
  readonly lead: WordList;
  readonly headWords: WordList;
}

/** Arguments that are added one by one: the half of a step that does not depend on how an argument became known. */
export class ArgumentSum {
  exactHash = 0;
  maskedHash = 0;
  worded = false;
  fixedHash = 0;
  fixedCount = 0;
  words = 0;
  // Scratch of one step: what outlives it is packed. Lists of its own would double the cost of a step.
  readonly tokens = new HashList();
  readonly plainWords = new HashList();

  /** Of a call without arguments. */
  start(toolHash: number): this {
    this.exactHash = this.maskedHash = this.fixedHash = toolHash;
    this.worded = false;
    this.fixedCount = this.words = 0;
    this.tokens.clear();
    this.plainWords.clear();
    return this;
  }

  /**
   * Adds an argument: hashes of path and value, numbers as they are and masked, how many words it has, and those words, numbers masked.
   * `isVolatile`: they are ids and stamps alone.
   */
  add(
    pathHash: number,
    valueHash: number,
    maskedHash: number,
    wordCount: number,
    masked: WordList,
    isVolatile: boolean,
  ): void {
    const isInstruction = wordCount >= INSTRUCTION_WORDS;
    if (!isVolatile) {
      this.exactHash = mix32(Math.imul(this.exactHash, 31) + valueHash);
      this.maskedHash = mix32(Math.imul(this.maskedHash, 31) + maskedHash);
      this.worded ||= isInstruction || !hasVolatile(masked);
    }
    this.tokens.reserve(masked.count);
    if (isInstruction) {
      this.words = Math.max(this.words, wordCount);
      for (let i = 0; i < masked.count; i++) this.tokens.push(masked.words[i] ?? 0);
    } else {
      this.fixedHash = mix32(Math.imul(this.fixedHash, 31) + valueHash);
      this.fixedCount++;
      // Key and value together: "from A to B" is not "from B to A".
      for (let i = 0; i < masked.count; i++) this.tokens.push(mix32(Math.imul(pathHash, 31) ^ (masked.words[i] ?? 0)));
    }
  }

  /** What has been added, valid until the next start; `text` is the head of the values. */
  taken(text: string): Arguments {
    const { exactHash, maskedHash, worded, fixedHash, fixedCount, words, tokens, plainWords } = this;
    return { exactHash, maskedHash, worded, fixedHash, fixedCount, words, tokens, plainWords, text };
  }
}

/** Whether the words from `from` on are ids and stamps alone; no words are none. */
export function isVolatile({ words, count }: WordList, from: number): boolean {
  for (let i = from; i < count; i++) if (!isVolatileHash(words[i] ?? 0)) return false;
  return count > from;
}

/** Whether one of the words is an id, a stamp or, with numbers masked, a number; so is a list without words. */
function hasVolatile({ words, count }: WordList): boolean {
  for (let i = 0; i < count; i++) if (isVolatileHash(words[i] ?? 0)) return true;
  return count === 0;
}
