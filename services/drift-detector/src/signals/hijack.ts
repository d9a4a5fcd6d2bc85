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
  for (const literal of call.foreign) {
    const naming = passages.naming(literal.hash);
    const plain = naming.some(({ form }) => form < PLAIN) ? 1 : 0;
    const read: (Passage | undefined)[] = naming.length > 0 ? naming : [undefined];
    for (const passage of read)
      candidates.push({
        signals: signalsOf(call, literal, passage, plain, table),
        literal,
        passage,
      });
  }
  if (call.foreign.length === 0)
    for (const passage of passages.withoutLiteral(() => wordsOfTools(call, table), LEAST_SHARED))
      candidates.push({
        signals: signalsOf(call, NO_LITERAL, passage, 0, table),
        literal: NO_LITERAL,
        passage,
      });
  return candidates;
}

/** Below this form a passage is data. */
const PLAIN = 0.3;
/** So many words that only a tool's output had said tie a call to an order without a literal. */
const LEAST_SHARED = 2;
const NO_LITERAL: ForeignLiteral = { hash: 0, kind: WORD, mention: 0, text: '' };
/** A call with this many words beside the target carries something there. */
const FULL_PAYLOAD = 4;

function signalsOf(
  call: CallFacts,
  literal: ForeignLiteral,
  passage: Passage | undefined,
  plain: number,
  table: TokenTable,
): HijackSignals {
  const form = passage?.form ?? 0;
  return {
    target: targetWeight(literal),
    mention: literal.mention,
    withoutLiteral: literal === NO_LITERAL && passage ? sharedWords(call, passage, table) / call.words.length : 0,
    payload: Math.min(1, (call.words.length - 1) / FULL_PAYLOAD),
    form,
    prose: passage?.prose ?? 0,
    listed: passage?.listed ?? 0.5,
    offGoal: call.offGoal,
    acts: call.acts,
    named: passage ? share(call.toolStems, passage.words) : 0,
    coverage: passage ? coverage(call, passage, table) : 0,
    carriedOut: passage?.carriedOut ?? 0,
    link: passage?.link ?? 0.3,
    orderLink: (passage?.link ?? 0) * form,
    verbServes: call.verbServes,
    argumentsServe: call.argumentsServe,
    sourceNamed: passage?.sourceNamed ?? 0,
    delegated: passage?.delegated ?? 0,
    plain: form >= PLAIN ? plain : 0,
  };
}

/** The call's words that a tool's output said first. */
function wordsOfTools(call: CallFacts, table: TokenTable): number[] {
  return call.words.filter((hash) => {
    const slot = table.find(hash);
    return slot >= 0 && table.originAt(slot) === TOOL;
  });
}

/** How many of the call's words a tool's output said first and the passage holds. */
function sharedWords(call: CallFacts, passage: Passage, table: TokenTable): number {
  return wordsOfTools(call, table).filter((hash) => passage.words.includes(hash)).length;
}

/** Accounts and keys are long; ids of records are short. */
const LONG_ID = 14;

/** An address, a link, an account are targets; a record's id and an amount less so. */
function targetWeight({ kind, text }: ForeignLiteral): number {
  if (kind === WORD) return 0;
  return kind === ADDRESS || kind === LINK ? 1 : kind === ID ? (text.length >= LONG_ID ? 0.9 : 0.4) : 0.4;
}

function share(of: readonly number[], among: readonly number[]): number {
  if (of.length === 0) return 0;
  let hits = 0;
  for (const hash of of) if (among.includes(hash | 0)) hits++;
  return hits / of.length;
}

/** One shared thing proves little: any lookup of an id has it. */
const LONE = 0.4;

/** Share of the call's words from tools' outputs that stand in the passage: one order brings them all, a task gathers them. */
function coverage(call: CallFacts, passage: Passage, table: TokenTable): number {
  let external = 0;
  let there = 0;
  for (const hash of call.words) {
    const slot = table.find(hash);
    if (slot < 0 || table.originAt(slot) !== TOOL) continue;
    external++;
    if (passage.words.includes(hash) || passage.literals.includes(hash)) there++;
  }
  return external === 0 ? 0 : (there / external) * (external === 1 ? LONE : 1);
}
