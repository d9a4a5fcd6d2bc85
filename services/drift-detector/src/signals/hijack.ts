// Does this call carry out what a passage of a tool's output asked for, and no authority did?

import type { Passage, Passages } from '../memory/passages.js';
import { TOOL, type TokenTable } from '../memory/token-table.js';
import { ADDRESS, ID, LINK } from '../text/literal.js';
import { fuseHijack, type HijackSignals } from './weights.js';

/** A literal that a call carries and that a tool's output said first. */
export interface ForeignLiteral {
  /** Signed. */
  readonly hash: number;
  readonly kind: number;
  /** It is a whole argument: a recipient, an account, a page; not a mention in a text. */
  readonly whole: boolean;
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
  readonly unseenTool: boolean;
  readonly serves: number;
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

/** The strongest reading over the call's foreign literals; undefined where it has none. */
export function readHijack(call: CallFacts, passages: Passages, table: TokenTable): HijackReading | undefined {
  let best: HijackReading | undefined;
  for (const literal of call.foreign) {
    const naming = passages.naming(literal.hash);
    const plain = naming.some(({ form }) => form < 0.3) ? 1 : 0;
    const candidates: (Passage | undefined)[] = naming.length > 0 ? naming : [undefined];
    for (const passage of candidates) {
      const signals = signalsOf(call, literal, passage, plain, table);
      const probability = fuseHijack(signals);
      if (!best || probability > best.probability) best = { probability, signals, literal, passage };
    }
  }
  return best;
}

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
    form,
    prose: passage?.prose ?? 0,
    listed: passage?.listed ?? 0.5,
    offGoal: call.offGoal,
    acts: literal.kind === LINK && literal.whole ? Math.max(call.acts, 0.6) : call.acts,
    named: passage ? share(call.toolStems, passage.words) : 0,
    coverage: passage ? coverage(call, passage, table) : 0,
    unseenTool: call.unseenTool ? 1 : 0,
    link: (passage?.link ?? 0.3) * (1 - 0.6 * form),
    serves: call.serves,
    delegated: passage?.delegated ?? 0,
    plain: form >= 0.3 ? plain : 0,
  };
}

/** Accounts and keys are long; ids of records are short. */
const LONG_ID = 14;

/** An address, a link, an account as a whole argument is a target; an amount less so; a mention in a text hardly. */
function targetWeight({ kind, whole, text }: ForeignLiteral): number {
  const weight = kind === ADDRESS || kind === LINK ? 1 : kind === ID ? (text.length >= LONG_ID ? 0.9 : 0.55) : 0.4;
  return whole ? weight : weight * 0.7;
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
