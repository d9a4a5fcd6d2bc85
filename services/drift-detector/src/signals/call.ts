// A call, read once: what it carries, where that came from, and what came back.

import { bounded, canonicalArguments, type ArgumentPair } from '@watchkeeper/schemas';
import type { DriftState } from '../state.js';
import { AGENT, AUTHORITY, TOOL, type TokenTable } from '../memory/token-table.js';
import { NAME, WORD, kindWeight, namesTarget } from '../text/literal.js';
import { nameStems } from '../text/name-stems.js';
import { scanText, type Scan } from '../text/scan.js';
import type { DriftView } from '../view.js';
import { delegatedTo } from './delegation.js';
import { Echo } from './goal-echo.js';
import type { CallFacts, ForeignLiteral } from './hijack.js';
import { passagesOf } from './passages-of-output.js';
import { Relevance } from './relevance.js';

const MAX_FOREIGN = 8;
const MAX_WORDS = 48;
const MAX_NEW_PER_INPUT = 300;
const MAX_NEW_PER_OUTPUT = 400;
/** A result with this many new words reads the world … */
const READS = 18;
/** … and with this few it acknowledges. */
const ACKNOWLEDGES = 6;
const TOOL_WORD = 0.5;
/** Around a mention. */
const FULL_MENTION = 8;
/** So many different words of the goal make an output fully about it; … */
const FULL_TOUCH = 3;
/** … and an output with fewer words than this says nothing of its subject. */
const LEAST_SUBJECTS = 15;
/** What a call brings is about as near to the goal as the call. */
const HANDED_ON = 1.05;
/** … less this share where the output names nothing of the goal. */
const UNTOUCHED = 0.4;

const NO_ARGUMENTS: readonly ArgumentPair[] = [];

/** A call as all signals see it. */
export interface CallReading extends CallFacts {
  readonly tool: string;
  readonly args: readonly ArgumentPair[];
  /** 0 to 1; undefined where the call says nothing of its subject. */
  readonly relevance: number | undefined;
  /** How much of the goal the output names, 0 to 1; undefined where it is too short to name anything. */
  readonly touch: number | undefined;
  readonly hasContent: boolean;
  /** The goal's words in input and output. */
  readonly echo: Echo;
  /** To be taken in by {@link absorbOutput} after the call is judged. */
  readonly nearness: Relevance;
  /** The output's tokens, until the next text is scanned; undefined where it stayed with the agent. */
  readonly outputScan: Scan | undefined;
}

/** Reads a call's input against what is known, and takes its words in as the agent's. Counts the output's news; does not take it in. */
export function readCall(state: DriftState, event: DriftView, tool: string): CallReading {
  const { tokens, clock } = state;
  const nearness = new Relevance();
  const foreign: ForeignLiteral[] = [];
  const words: number[] = [];
  const fresh: number[] = [];
  const serving = { wanted: 0, others: 0 };
  const echo = new Echo();
  const args = event.input === '' ? NO_ARGUMENTS : canonicalArguments(event.input);
  if (event.input !== '') {
    for (const { value } of args) {
      if (value === '') continue;
      const scan = scanText(value);
      nearness.add(scan, tokens, clock);
      echo.add(scan, tokens);
      takeTokens(state, scan, value, foreign, words, fresh, serving);
    }
  } else takeSketch(event.input_sketch, nearness, state, fresh);
  const hasContent = nearness.mass > 0;
  const toolStems = nameStems(tool);
  for (const stem of toolStems) {
    echo.addToken(stem, tokens);
    const slot = tokens.find(stem);
    if (slot < 0) continue;
    nearness.addToken(stem, TOOL_WORD, tokens, clock);
  }
  const relevance = hasContent ? nearness.value : undefined;
  const inherited = relevance ?? 0.5;
  for (let i = 0; i + 1 < fresh.length; i += 2) {
    if (tokens.find(fresh[i] ?? 0) < 0) tokens.put(fresh[i] ?? 0, fresh[i + 1] ?? 0, AGENT, inherited, clock);
  }
  const { scan, news, touch, silent } = readOutput(state, event, echo);
  return {
    tool,
    args,
    foreign,
    words,
    touch,
    toolStems,
    relevance,
    hasContent,
    echo,
    nearness,
    outputScan: scan,
    offGoal: state.departure.distanceOf(relevance),
    answers: touch ?? 0,
    verbServes: toolStems.length > 0 && isOfAuthority(tokens, toolStems[0] ?? 0) ? 1 : 0,
    argumentsServe: serving.others === 0 ? 0 : serving.wanted / serving.others,
    acts:
      event.status === 'ERROR' || silent
        ? 0.5
        : 1 - Math.min(1, Math.max(0, (news - ACKNOWLEDGES) / (READS - ACKNOWLEDGES))),
  };
}

function isOfAuthority(tokens: TokenTable, hash: number): boolean {
  const slot = tokens.find(hash);
  return slot >= 0 && tokens.originAt(slot) === AUTHORITY;
}

/** Takes an output's words, literals and passages in; no text has been scanned since {@link readCall}. */
export function absorbOutput(state: DriftState, event: DriftView, call: CallReading): void {
  const { tokens, clock } = state;
  const { outputScan } = call;
  const relevance = Math.min(
    1,
    (call.relevance ?? 0.5) * HANDED_ON * (1 - UNTOUCHED * state.departure.missOf(call.touch)),
  );
  if (!outputScan) {
    for (const hash of sketchHashes(event.output_sketch))
      if (tokens.find(hash) < 0) tokens.put(hash, 0, TOOL, relevance, clock);
    return;
  }
  const source = {
    seq: event.seq,
    tool: call.tool,
    delegated: delegatedTo(state.delegates, call.nearness),
    sourceNamed: call.argumentsServe,
    mayQuote: event.content_level === 'FULL',
  };
  state.passages.add(passagesOf(event.output, outputScan, tokens, source));
  absorb(state, outputScan, TOOL, relevance, MAX_NEW_PER_OUTPUT);
}

/** Puts the scanned tokens that nobody said before into the table: all literals, words up to a bound. Returns how many were new. */
export function absorb(state: DriftState, scan: Scan, origin: number, relevance: number, maxWords: number): number {
  return state.tokens.absorb(scan, origin, relevance, state.clock, maxWords);
}

/** The 4-byte hashes of a sketch; what stands for words where the content did not leave the agent. */
export function sketchHashes(sketch: Buffer): number[] {
  const hashes: number[] = [];
  for (let at = 0; at + 4 <= Math.min(sketch.length, 512); at += 4) hashes.push(sketch.readUInt32BE(at) || 1);
  return hashes;
}

/** Weight of what a call carries beside targets that a tool's output brought, and of what of it goal or user had said. */
interface Serving {
  wanted: number;
  others: number;
}

function takeTokens(
  state: DriftState,
  scan: Scan,
  value: string,
  foreign: ForeignLiteral[],
  words: number[],
  fresh: number[],
  serving: Serving,
): void {
  const { tokens } = state;
  tokens.locate(scan);
  const { classes, hashes, kinds, count } = scan;
  const { slots, origins } = scan.known;
  let mention = -1;
  for (let t = 0; t < count; t++) {
    if (classes[t] !== 0) continue;
    const hash = (hashes[t] ?? 0) | 0;
    const kind = kinds[t] ?? 0;
    if (words.length < MAX_WORDS && !words.includes(hash)) words.push(hash);
    const weight = kindWeight[kind] ?? 1;
    if (origins[t] === AUTHORITY) serving.wanted += weight;
    if (origins[t] !== TOOL || !namesTarget(kind)) serving.others += weight;
    if ((slots[t] ?? -1) < 0) {
      if (fresh.length < MAX_NEW_PER_INPUT * 2) fresh.push(hash, kind);
    } else if (namesTarget(kind) && origins[t] === TOOL && foreign.length < MAX_FOREIGN) {
      if (foreign.some((one) => one.hash === hash)) continue;
      if (mention < 0) mention = mentionOf(scan);
      foreign.push({
        hash,
        kind,
        mention,
        text: mention === 0 ? bounded(value, 80) : '',
        serves: mention === 0 && saidInPart(value, tokens) ? 1 : 0,
      });
    }
  }
}

/** 0 where the scanned argument is a literal and nothing else (a long number may come in groups), 1 where many words stand around it. */
function mentionOf({ kinds, count, segments }: Scan): number {
  let others = 0;
  for (let t = 0; t < count; t++) if (kinds[t] === WORD || kinds[t] === NAME) others++;
  return Math.min(1, (others + segments - 1) / FULL_MENTION);
}

/** Whether goal or user said one of the words that a literal is made of. */
function saidInPart(literal: string, tokens: TokenTable): boolean {
  return nameStems(bounded(literal, 80)).some((stem) => isOfAuthority(tokens, stem));
}

function takeSketch(sketch: Buffer, nearness: Relevance, state: DriftState, fresh: number[]): void {
  for (const hash of sketchHashes(sketch)) {
    nearness.addToken(hash, 1, state.tokens, state.clock);
    fresh.push(hash, 0);
  }
}

interface OutputReading {
  readonly scan: Scan | undefined;
  readonly news: number;
  readonly touch: number | undefined;
  /** It holds no word with a subject of its own. */
  readonly silent: boolean;
}

/** How many words of the output nobody had said, and how much of the goal it names: 1 where three of its words come up. */
function readOutput(state: DriftState, event: DriftView, echo: Echo): OutputReading {
  if (event.output === '') {
    const news = event.output_sketch.length / 4;
    return { scan: undefined, news, touch: undefined, silent: news === 0 };
  }
  const scan = scanText(event.output);
  state.tokens.locate(scan);
  echo.add(scan, state.tokens);
  const { hashes, subjects } = scan;
  const { authority, authorityCount, news } = scan.known;
  if (subjects < LEAST_SUBJECTS) return { scan, news, touch: undefined, silent: subjects === 0 };
  const seen: number[] = [];
  for (let i = 0; i < authorityCount && seen.length < FULL_TOUCH; i++) {
    const hash = (hashes[authority[i] ?? 0] ?? 0) | 0;
    if (!seen.includes(hash)) seen.push(hash);
  }
  return { scan, news, touch: seen.length / FULL_TOUCH, silent: false };
}
