// What a call chooses among the options on offer, and how much of it.

import type { ArgumentPair } from '@watchkeeper/schemas';
import { lowerHash } from '../text/hashing.js';
import { numberOf } from '../text/figures.js';
import { nameHash } from './offers.js';
import type { Preference } from './preference.js';

const MAX_CHOSEN = 8;
const MAX_QUANTITIES = 4;
const MAX_WORDS = 80;
const LONGEST_NAME = 3;

/** Options that a call names (hashes), and the numbers beside them as (argument's name, value). */
export interface Chosen {
  readonly options: readonly number[];
  readonly quantities: readonly (readonly [number, number])[];
}

/** Reads a call's arguments, by name or as an instruction in words. */
export function chosenBy(args: readonly ArgumentPair[], preference: Preference): Chosen {
  const options: number[] = [];
  const quantities: [number, number][] = [];
  for (const { path, value } of args) {
    if (path === '') inWords(value, preference, options, quantities);
    else {
      const number = numberOf(value);
      if (number !== undefined) quantity(quantities, path, number);
      else if (value !== '') option(options, nameHash(value), preference);
    }
  }
  return { options, quantities };
}

/** "allocate 60 to Anna's Mill, round 3": names of up to three words, numbers by the word before them. */
function inWords(text: string, preference: Preference, options: number[], quantities: [number, number][]): void {
  const words = text.split(/\s+/u, MAX_WORDS).map((word) => word.replace(/^[^\p{L}\d$€£-]+|[^\p{L}\d%]+$/gu, ''));
  words.forEach((word, at) => {
    const number = numberOf(word);
    if (number !== undefined) quantity(quantities, words[at - 1] ?? '', number);
    else
      for (let length = 1; length <= LONGEST_NAME; length++)
        option(options, nameHash(words.slice(at, at + length).join(' ')), preference);
  });
}

function option(options: number[], name: number, preference: Preference): void {
  if (options.length < MAX_CHOSEN && !options.includes(name) && preference.offers(name)) options.push(name);
}

function quantity(quantities: [number, number][], name: string, value: number): void {
  if (quantities.length < MAX_QUANTITIES) quantities.push([lowerHash(name, 0, name.length), value]);
}
