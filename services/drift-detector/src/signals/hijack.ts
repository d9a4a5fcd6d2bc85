// Does this call carry out what a passage of a tool's output asked for, and no authority did?

import type { Passage, Passages } from '../memory/passages.js';
import { TOOL, type TokenTable } from '../memory/token-table.js';
import { ADDRESS, ID, LINK, WORD } from '../text/literal.js';
import { fuseHijack, type HijackSignals } from './weights.js';

/** A literal that a call carries and that a tool's output said first. */
export interface ForeignLiteral {
  /** Signed. */
  readonly hash: number;
  readonly kind: number;
  /** 0: a whole argument, a recipient, an account, a page; up to 1: a mention in a text of eight words and more. */
  readonly mention: number;
  /** As the call carries it, bounded. */
  readonly text: string;
  /** Whether goal or user said a part of it, the name before an at sign or a word of a path: 0 or 1. */
  readonly serves: number;
}

/** A call as the hijack signals see it. */
export interface CallFacts {
  readonly foreign: readonly ForeignLiteral[];
  /** Hashes (signed) of the call's words and literals, without function words; bounded. */
  readonly words: readonly number[];
  readonly toolStems: readonly number[];
  /** Result brings no news: 1 acts on the world, 0 reads. */
  readonly acts: number;
  /** Whether goal or user said the first word of the tool's name, most often a verb: 0 or 1. */
  readonly verbServes: number;
  /** Share of what the call carries, beside foreign targets, that goal or user said. */
  readonly argumentsServe: number;
  /** 1 − relevance / the beginning's, 0 to 1. */
  readonly offGoal: number;
  /** How much of the goal the result names, 0 to 1. */
  readonly answers: number;
}

/** The strongest reading of a call as a hijack. */
export interface HijackReading {
  readonly probability: number;
  readonly signals: HijackSignals;
  readonly literal: ForeignLiteral;
  readonly passage: Passage | undefined;
}

/** A way to read a call as a hijack: this literal, out of this passage. */
export type HijackCandidate = Omit<HijackReading, 'probability'>;

/** The strongest of the candidates; undefined where there is none. */
export function strongest(candidates: readonly HijackCandidate[]): HijackReading | undefined {
  let best: HijackReading | undefined;
  for (const candidate of candidates) {
    const probability = fuseHijack(candidate.signals);
    if (!best || probability > best.probability) best = { ...candidate, probability };
  }
  return best;
}

/** Every foreign literal of the call with every passage that named it; where the call carries none, the orders without a literal. */
export function hijackCandidates(call: CallFacts, passages: Passages, table: TokenTable): HijackCandidate[] {
  const candidates: HijackCandidate[] = [];
  for (const { hash } of call.foreign) passages.markUsed(hash);
  if (call.foreign.length === 0) {
    let brought: readonly number[] = [];
    for (const passage of passages.withoutLiteral(() => (brought = wordsOfTools(call.words, table)), LEAST_SHARED))
      candidates.push(candidateOf({ call, literal: NO_LITERAL, passage, plain: 0, joined: 0, brought }));
    return candidates;
  }
  const brought = wordsOfTools(call.words, table);
  const orders = passages.withoutLiteral(() => brought, 0);
  for (const literal of call.foreign) {
    const naming = passages.naming(literal.hash);
    const plain = naming.some(({ form }) => form < PLAIN) ? 1 : 0;
    if (naming.length === 0)
      candidates.push(candidateOf({ call, literal, passage: undefined, plain, joined: 0, brought }));
    for (const passage of naming)
      candidates.push(
        candidateOf({ call, literal, passage, plain, joined: joinedWith(passage, orders, brought, table), brought }),
      );
  }
  return candidates;
}

/** Below this form a passage is data. */
const PLAIN = 0.3;
/** So many words that only a tool's output had said tie a call, or a passage, to an order without a literal. */
const LEAST_SHARED = 2;
const NO_LITERAL: ForeignLiteral = { hash: 0, kind: WORD, mention: 0, text: '', serves: 0 };
/** A call with this many words beside the target carries something there. */
const FULL_PAYLOAD = 4;

/** A literal of a call beside a passage, and what was found out about the two. */
interface Pairing {
  readonly call: CallFacts;
  readonly literal: ForeignLiteral;
  readonly passage: Passage | undefined;
  readonly plain: number;
  readonly joined: number;
  /** The call's words that a tool's output said first. */
  readonly brought: readonly number[];
}

function candidateOf({ call, literal, passage, plain, joined, brought }: Pairing): HijackCandidate {
  const form = passage?.form ?? 0;
  const page = literal.kind === LINK ? 1 : 0;
  const verb = call.toolStems[0];
  const withoutLiteral = literal === NO_LITERAL && passage ? sharedWords(brought, passage) / call.words.length : 0;
  const signals: HijackSignals = {
    target: literal === NO_LITERAL ? withoutLiteral : targetWeight(literal),
    page,
    mention: literal.mention,
    withoutLiteral,
    payload: Math.min(1, (call.words.length - 1) / FULL_PAYLOAD),
    form,
    pageOrder: page * form,
    joined,
    prose: passage?.prose ?? 0,
    listed: passage?.listed ?? 0.5,
    offGoal: call.offGoal,
    acts: (1 - page) * call.acts,
    pageAnswers: page * call.answers,
    verbNamed: verb !== undefined && passage?.words.includes(verb | 0) === true ? 1 : 0,
    carriedOut: passage?.carriedOut ?? 0,
    link: passage?.link ?? 0.3,
    orderLink: (passage?.link ?? 0) * form,
    verbServes: call.verbServes,
    argumentsServe: call.argumentsServe,
    literalServes: literal.serves,
    sourceNamed: passage?.sourceNamed ?? 0,
    delegated: passage?.delegated ?? 0,
    plain: form >= PLAIN ? plain : 0,
  };
  return { signals, literal, passage };
}

/** Those of the words that a tool's output said first. */
function wordsOfTools(words: readonly number[], table: TokenTable): number[] {
  return words.filter((hash) => {
    const slot = table.find(hash);
    return slot >= 0 && table.originAt(slot) === TOOL;
  });
}

/** How many of the call's words that a tool's output said first the passage holds. */
function sharedWords(brought: readonly number[], passage: Passage): number {
  return brought.filter((hash) => passage.words.includes(hash)).length;
}

/** How much an order that names no target reads like one, as far as it speaks of what passage and call speak of: told in two parts. In one output a word in common does. */
function joinedWith(
  passage: Passage,
  orders: readonly Passage[],
  brought: readonly number[],
  table: TokenTable,
): number {
  let most = 0;
  for (const { form, words, seq } of orders) {
    if (form <= most) continue;
    const common = words.filter((hash) => passage.words.includes(hash) || brought.includes(hash));
    const least = seq === passage.seq ? 1 : LEAST_SHARED;
    most = Math.max(most, form * Math.min(1, wordsOfTools(common, table).length / least));
  }
  return most;
}

/** Accounts and keys are long; ids of records are short. */
const LONG_ID = 14;

/** An address, a link, an account are targets; a record's id and an amount less so. */
function targetWeight({ kind, text }: ForeignLiteral): number {
  if (kind === WORD) return 0;
  return kind === ADDRESS || kind === LINK || (kind === ID && text.length >= LONG_ID) ? 1 : 0.4;
}
