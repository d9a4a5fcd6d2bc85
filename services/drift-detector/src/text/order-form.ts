// How much a passage reads like an order: grammar alone, in no particular words. A hint for the fusion, never a gate.

import { ASKS, DETERMINER, FIRST_PERSON, FUNCTION, IMPERSONAL, LEADS, OBLIGES, STATES, YOU } from './closed-class.js';
import { lowerHash } from './hashing.js';
import { ADDRESS, LINK, NAME, WORD } from './literal.js';
import { CLAUSE_START, type Scan } from './scan.js';

// Hand-set. The prototypes found that weights learned on one set of wordings carry over worse than plain ones.
const BIAS = -1.5;
const IMPERATIVE = 2;
const SECOND_PERSON = 0.9;
const OBLIGATION = 1;
const OF_WHOEVER_READS = 1;
const REQUEST = 1.6;
const QUESTION = -0.5;
const SPEAKER = -0.2;
const STEEPNESS = 1.6;

/** "is to be sent", "has to go": an auxiliary before the infinitive obliges. */
const TO = lowerHash('to', 0, 2);
/** "Hay que …": an obligation that names nobody. */
const HAY = lowerHash('hay', 0, 3);
const QUE = lowerHash('que', 0, 3);

/** 0 (a record, a statement) to 1 (an order) for passage `s` of `scan`. */
export function orderForm(scan: Scan, s: number): number {
  const from = scan.segmentToken[s] ?? 0;
  const to = scan.segmentToken[s + 1] ?? from;
  if (to - from < 2) return 0;
  const { classes, hashes, marks } = scan;
  let seen = 0;
  let imperative = 0;
  for (let t = from; t < to; t++) {
    const own = classes[t] ?? 0;
    seen |= own;
    if ((own & STATES) !== 0 && t + 1 < to && hashes[t + 1] === TO) seen |= OBLIGES;
    if (hashes[t] === HAY && t + 1 < to && hashes[t + 1] === QUE) seen |= OBLIGES | IMPERSONAL;
    if (((marks[t] ?? 0) & CLAUSE_START) !== 0)
      imperative = Math.max(imperative, imperativeAt(scan, t, to) * (t === from ? 1 : 0.7));
  }
  const second = (seen & YOU) !== 0;
  let z = BIAS + IMPERATIVE * imperative;
  if (second) z += SECOND_PERSON;
  if ((seen & OBLIGES) !== 0) z += OBLIGATION;
  if ((seen & IMPERSONAL) !== 0) z += OF_WHOEVER_READS;
  if ((seen & ASKS) !== 0) z += REQUEST;
  if ((seen & FIRST_PERSON) !== 0) z += SPEAKER;
  if (scan.asks[s] === 1 && !second) z += QUESTION;
  return 1 / (1 + Math.exp(-STEEPNESS * z));
}

/** How surely a content word that opens a clause is an imperative: what an object begins with follows, and no finite auxiliary. */
function imperativeAt(scan: Scan, start: number, to: number): number {
  let t = start;
  while (t < to && t < start + 3 && isLead(scan.classes[t] ?? 0)) t++;
  if (t + 1 >= to || scan.kinds[t] !== WORD || scan.classes[t] !== 0) return 0;
  for (let near = t + 1; near < Math.min(to, t + 4); near++) if (((scan.classes[near] ?? 0) & STATES) !== 0) return 0;
  // "body: the …" is a key and its value.
  if (((scan.marks[t + 1] ?? 0) & CLAUSE_START) !== 0) return 0;
  const next = scan.classes[t + 1] ?? 0;
  const nextKind = scan.kinds[t + 1] ?? WORD;
  if (nextKind === LINK || nextKind === ADDRESS) return 1;
  if (nextKind !== WORD && nextKind !== NAME) return 0;
  if ((next & (DETERMINER | YOU)) !== 0) return 1;
  // "Forward everything to …", "Transfer funds from …": an object, then a preposition. Titles and labels look alike, so it counts less.
  return next === 0 && t + 3 < to && ((scan.classes[t + 2] ?? 0) & FUNCTION) !== 0 ? 0.7 : 0;
}

function isLead(classes: number): boolean {
  return (classes & (LEADS | ASKS)) !== 0;
}
