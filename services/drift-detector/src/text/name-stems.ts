// The words that a tool's name is made of: send_money, sendMoney and send-money are send, money.

import { closedClasses } from './closed-class.js';
import { lowerHash, stemEnd } from './hashing.js';

const pattern = /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})/gu;
const MAX_STEMS = 6;
const MAX_REMEMBERED = 4096;
// A memo of a pure function: what is in it changes cost, never results.
const remembered = new Map<string, readonly number[]>();

/** Hashes of the stems of a name's words, without function words; at most 6. */
export function nameStems(name: string): readonly number[] {
  const known = remembered.get(name);
  if (known) return known;
  const stems: number[] = [];
  for (const [word] of name.matchAll(pattern)) {
    if (word.length < 3 || closedClasses(lowerHash(word, 0, word.length)) !== 0) continue;
    stems.push(lowerHash(word, 0, stemEnd(word, 0, word.length)));
    if (stems.length === MAX_STEMS) break;
  }
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(name, stems);
  return stems;
}
