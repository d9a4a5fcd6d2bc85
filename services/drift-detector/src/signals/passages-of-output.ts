// The passages of an output that name a target: what a later call may turn out to carry out.

import { AUTHORITY, type TokenTable } from '../memory/token-table.js';
import { MAX_LITERALS, excerptOf, pushWord, type Found } from '../memory/passages.js';
import { AFTER_KEY, MAX_SEGMENTS, OUTWARD, PAIR, type Scan } from '../text/scan.js';
import { FUNCTION, STATES, DETERMINER } from '../text/closed-class.js';
import { ADDRESS, ID, LINK, WORD, kindWeight, namesTarget } from '../text/literal.js';
import { orderForm } from '../text/order-form.js';
import { hijackWeights } from './weights.js';

/** This much shared weight ties a record to the goal fully: one rare literal, or a name and a word. */
const FULL_LINK = 3;
/** An order in the sentence before counts for this much. */
const NEIGHBOUR = 0.85;
/** So many passages of a record are read together: what ties it to the goal, and the words before a target. */
const RECORD_REACH = 4;

/** What a passage inherits of the call that brought it. */
export interface PassageSource {
  readonly seq: number;
  readonly tool: string;
  readonly delegated: number;
  readonly sourceNamed: number;
  readonly mayQuote: boolean;
}

/** Of one output, so many passages are kept: those that could weigh most in a decision. */
const MAX_PER_OUTPUT = 6;

/** What is kept of an output, in text order. Call before the output's tokens are put into the table. */
export function passagesOf(text: string, scan: Scan, table: TokenTable, source: PassageSource): Found[] {
  table.locate(scan);
  for (let s = 0; s < scan.segments; s++) forms[s] = orderForm(scan, s);
  const found = foreignIn(scan);
  found.push(...ordersIn(scan, found));
  if (found.length === 0) return NONE;
  sorts.fill(0);
  for (const { sort, literals } of found) if (literals.length > 0) sorts[sort] = (sorts[sort] ?? 0) + 1;
  const { seq, tool, delegated, sourceNamed, mayQuote } = source;
  const passages = found.map((one) => weighed(scan, one));
  if (passages.length > MAX_PER_OUTPUT) {
    passages.sort((a, b) => b.weight - a.weight || a.s - b.s);
    passages.length = MAX_PER_OUTPUT;
  }
  return passages.map(({ s, form, prose, listed, literals, weight }) => ({
    seq,
    tool,
    weight,
    delegated,
    sourceNamed,
    form,
    prose,
    listed,
    link: linkTo(scan, s, form, table),
    literals,
    words: wordsOf(scan, s, literals.length === 0 ? 1 : RECORD_REACH),
    excerpt: mayQuote ? excerptOf(text, scan.segmentStart[s] ?? 0, scan.segmentEnd[s] ?? 0) : '',
  }));
}

/** What sort of target: a literal's kind, or one of these. An account or key is longer than ids of records are; a dotted name is a file or a member as often as a host. */
const ACCOUNT = 8;
const DOTTED = 9;
const SORTS = 10;

const NONE: Found[] = [];
/** How many passages of the output at hand name a target of each sort. */
const sorts = new Uint16Array(SORTS);
/** How much each passage of the output at hand reads like an order. */
const forms = new Float64Array(MAX_SEGMENTS);

interface Named {
  readonly s: number;
  readonly form: number;
  /** Of the target that tells most. */
  readonly sort: number;
  readonly literals: number[];
}

function sortAt(scan: Scan, t: number): number {
  const kind = scan.kinds[t] ?? 0;
  const isOutward = ((scan.marks[t] ?? 0) & OUTWARD) !== 0;
  return kind === ID && isOutward ? ACCOUNT : kind === LINK && !isOutward ? DOTTED : kind;
}

/** What something is sent to tells more than what is sent. */
function weightOf(sort: number): number {
  switch (sort) {
    case WORD:
      return 0;
    case ADDRESS:
    case LINK:
    case ACCOUNT:
      return 1;
    case ID:
    case DOTTED:
      return 0.5;
    default:
      return 0.4;
  }
}

/** The passages that name a target which no authority has named, and how much each, or the sentence before it, reads like an order. */
function foreignIn(scan: Scan): Named[] {
  const { targets, targetCount, hashes, segmentToken, segments } = scan;
  const { origins } = scan.known;
  const found: Named[] = [];
  let s = 0;
  let sort = WORD;
  let literals: number[] = [];
  const take = (): void => {
    if (literals.length === 0) return;
    const form = Math.max(forms[s] ?? 0, NEIGHBOUR * orderBefore(scan, s));
    found.push({ s, form, sort, literals });
    sort = WORD;
    literals = [];
  };
  for (let i = 0; i < targetCount; i++) {
    const t = targets[i] ?? 0;
    if (origins[t] === AUTHORITY) continue;
    if (t >= (segmentToken[s + 1] ?? 0)) {
      take();
      while (s < segments && t >= (segmentToken[s + 1] ?? 0)) s++;
      if (s === segments) return found;
    }
    const own = sortAt(scan, t);
    pushTarget(literals, (hashes[t] ?? 0) | 0, weightOf(own) > weightOf(sort));
    if (weightOf(own) > weightOf(sort)) sort = own;
  }
  take();
  return found;
}

/** Few are kept, and a line of a log or a listing is full of numbers: the one that tells most comes first. */
function pushTarget(literals: number[], hash: number, tellsMost: boolean): void {
  if (literals.includes(hash)) return;
  if (tellsMost) literals.unshift(hash);
  else literals.push(hash);
  if (literals.length > MAX_LITERALS) literals.length = MAX_LITERALS;
}

/** The passages that read most like an order among those that name no target; what they ask for is known by their words alone. */
function ordersIn(scan: Scan, named: readonly Named[]): Named[] {
  const orders: Named[] = [];
  for (let s = 0; s < scan.segments; s++) {
    if ((scan.segmentToken[s + 1] ?? 0) - (scan.segmentToken[s] ?? 0) < LEAST_ORDER) continue;
    const form = forms[s] ?? 0;
    if (form < ORDER || named.some((one) => one.s === s)) continue;
    orders.push({ s, form, sort: WORD, literals: [] });
  }
  if (orders.length < 2) return orders;
  return orders.sort((a, b) => b.form - a.form || a.s - b.s).slice(0, MAX_ORDERS);
}

/** An order without a literal is kept from this form on, so many per output, and with so many tokens. */
const ORDER = 0.3;
const MAX_ORDERS = 2;
const LEAST_ORDER = 4;

/** Whether the output has more passages whose target is of that sort, 0 (it alone) to 1: the entries of a list. */
function listedAmong(sort: number): number {
  return Math.min(1, Math.max(0, (sorts[sort] ?? 0) - 1) / 3);
}

type Weighed = Pick<Found, 'form' | 'prose' | 'listed' | 'literals' | 'weight'> & { readonly s: number };

/**
 * What a passage could come to weigh, in log-odds (hundredths). By form alone the rows of a table, a log or a listing would push out
 * the one sentence that names a target and is worded as no order. One without a target can bring all that a call carries, as far as it is an order.
 */
function weighed(scan: Scan, { s, form, sort, literals }: Named): Weighed {
  const w = hijackWeights;
  const prose = proseOf(scan, s);
  const listed = listedAmong(sort);
  const aim = sort === WORD ? (w.target + w.withoutLiteral) * form : w.target * weightOf(sort) + w.listed * listed;
  return { s, form, prose, listed, literals, weight: Math.round(100 * (aim + w.form * form + w.prose * prose)) / 100 };
}

/** Scripts without spaces have their function words inside: six pairs make a sentence, and a cell of a table has fewer. */
const PAIR_SAYS = 0.5;

/** Function words make a sentence; a target that follows a word, not a key, is spoken of. */
function proseOf(scan: Scan, s: number): number {
  const from = scan.segmentToken[s] ?? 0;
  const to = scan.segmentToken[s + 1] ?? from;
  let functions = 0;
  let spoken = 0;
  for (let t = from; t < to; t++) {
    if (((scan.classes[t] ?? 0) & (FUNCTION | STATES | DETERMINER)) !== 0) functions++;
    else if (((scan.marks[t] ?? 0) & PAIR) !== 0) functions += PAIR_SAYS;
    if (
      t > from &&
      namesTarget(scan.kinds[t] ?? 0) &&
      scan.kinds[t - 1] === 0 &&
      ((scan.marks[t] ?? 0) & AFTER_KEY) === 0
    )
      spoken = 1;
  }
  return 0.5 * spoken + 0.5 * Math.min(1, functions / 3);
}

/** The order may stand in the sentence before the one that names the target. */
function orderBefore(scan: Scan, s: number): number {
  return s > 0 && scan.segmentRecord[s - 1] === scan.segmentRecord[s] ? (forms[s - 1] ?? 0) : 0;
}

/** Words of the passage, and behind them those of the passages before it in its record, `reach` in all: a target often stands alone. */
function wordsOf(scan: Scan, s: number, reach: number): number[] {
  const words: number[] = [];
  const record = scan.segmentRecord[s];
  for (let near = s; near >= 0 && s - near < reach && scan.segmentRecord[near] === record; near--) {
    const to = scan.segmentToken[near + 1] ?? 0;
    for (let t = scan.segmentToken[near] ?? 0; t < to; t++)
      if (scan.classes[t] === 0) pushWord(words, (scan.hashes[t] ?? 0) | 0);
  }
  return words;
}

/** How much the passage speaks of the goal's things; a plain one shares what its record says of them. */
function linkTo(scan: Scan, s: number, form: number, table: TokenTable): number {
  const own = linkOf(scan, scan.segmentToken[s] ?? 0, scan.segmentToken[s + 1] ?? 0, table);
  if (form >= 0.9) return Math.min(1, own / FULL_LINK);
  let first = s;
  let last = s;
  const record = scan.segmentRecord[s];
  while (first > 0 && s - first < RECORD_REACH && scan.segmentRecord[first - 1] === record) first--;
  while (last + 1 < scan.segments && last - s < RECORD_REACH && scan.segmentRecord[last + 1] === record) last++;
  const around = linkOf(scan, scan.segmentToken[first] ?? 0, scan.segmentToken[last + 1] ?? 0, table);
  return Math.min(1, Math.max(own, around * (1 - form)) / FULL_LINK);
}

/** Weight of the distinct words and literals of authority in these tokens; common words weigh little. */
function linkOf(scan: Scan, from: number, to: number, table: TokenTable): number {
  const { authority, authorityCount, slots } = scan.known;
  let sum = 0;
  let last = 0;
  for (let i = 0; i < authorityCount; i++) {
    const t = authority[i] ?? 0;
    if (t < from) continue;
    if (t >= to) break;
    const hash = scan.hashes[t] ?? 0;
    if (hash === last) continue;
    last = hash;
    const kind = table.kindAt(slots[t] ?? 0);
    sum += kind === 0 ? 0.4 : (kindWeight[kind] ?? 1);
  }
  return sum;
}
