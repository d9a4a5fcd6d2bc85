// Passages of tool outputs that name a target (an address, an account, a link, an amount), in case a later call uses it.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';

const MAX_PASSAGES = 32;
const MAX_LITERALS = 6;
const MAX_WORDS = 14;
const MAX_EXCERPT = 160;

/** A passage that named a target which no authority had named. */
export interface Passage {
  /** seq of the call whose output it stood in. */
  readonly seq: number;
  readonly tool: string;
  /** How much it reads like an order, 0 to 1. */
  readonly form: number;
  /** How much it reads like a sentence, against a field of a record, 0 to 1. */
  readonly prose: number;
  /** How many literals of the same kind stand in the same output: entries of a list, 0 to 1. */
  readonly listed: number;
  /** How much it, or the record around it, speaks of what the goal names, 0 to 1. */
  readonly link: number;
  /** The goal hands itself over to the source that it stood in, 0 to 1. */
  readonly delegated: number;
  /** Hashes, as signed 32 bits: numbers that need no box. */
  readonly literals: readonly number[];
  readonly words: readonly number[];
  /** '' where the content may not be shown. */
  readonly excerpt: string;
}

/** The passages kept, oldest first. */
export class Passages {
  #kept: Passage[] = [];

  get kept(): readonly Passage[] {
    return this.#kept;
  }

  /** Keeps the passages of one output; the oldest that read least like an order make room. */
  add(candidates: readonly Passage[]): void {
    for (const candidate of candidates) this.#kept.push(candidate);
    while (this.#kept.length > MAX_PASSAGES) {
      const plain = this.#kept.findIndex(({ form }) => form < 0.4);
      this.#kept.splice(plain < 0 ? 0 : plain, 1);
    }
  }

  /** Those that name the literal. */
  naming(literal: number): Passage[] {
    return this.#kept.filter(({ literals }) => literals.includes(literal));
  }

  write(writer: StateWriter): void {
    writer.list(this.#kept, (p) => {
      writer
        .double(p.seq)
        .text(p.tool)
        .double(p.form)
        .double(p.prose)
        .double(p.listed)
        .double(p.link)
        .double(p.delegated)
        .text(p.excerpt);
      writer.list(p.literals, (hash) => writer.uint32(hash >>> 0)).list(p.words, (hash) => writer.uint32(hash >>> 0));
    });
  }

  static read(reader: StateReader): Passages {
    const passages = new Passages();
    passages.#kept = reader.list(() => ({
      seq: reader.double(),
      tool: reader.text(),
      form: reader.double(),
      prose: reader.double(),
      listed: reader.double(),
      link: reader.double(),
      delegated: reader.double(),
      excerpt: reader.text(),
      literals: reader.list(() => reader.uint32() | 0),
      words: reader.list(() => reader.uint32() | 0),
    }));
    return passages;
  }
}

/** Adds to a list that stays short. */
export function pushLiteral(list: number[], hash: number): void {
  if (list.length < MAX_LITERALS && !list.includes(hash)) list.push(hash);
}

/** Adds to a list that stays short. */
export function pushWord(list: number[], hash: number): void {
  if (list.length < MAX_WORDS && !list.includes(hash)) list.push(hash);
}

/** Up to 160 units as they stand; a copy, for a slice would keep the whole text in memory. */
export function excerptOf(text: string, start: number, end: number): string {
  return Buffer.from(text.slice(start, Math.min(end, start + MAX_EXCERPT))).toString('utf8');
}
