// The canonical form of a step: one call with its result, as hashes and small word sets that can be compared in a microsecond.

import { HashList, canonicalArguments, hash32, mix32, sketchFromBytes, tokenHashPairs } from '@watchkeeper/schemas';
import { seeSketch, seeWords, type Seen } from './novelty.js';
import { detached, firstLineEnd, label } from './step-text.js';
import { stepNumbers, type StepNumbers } from './trend.js';
import { isVolatileHash, packSets, type WordList, type WordSets } from './word-sets.js';
import { wholeNumber } from './waste.js';
import type { LoopView } from './view.js';

/** Longer contents are judged by their beginning. */
const MAX_CHARS = 2_048;
const TEXT_CHARS = 96;
const MAX_ID_CHARS = 64;
/** An argument of at least so many words is free text: an instruction rather than a parameter. */
export const INSTRUCTION_WORDS = 8;
/** A result of at least so many word pairs says enough for "the same result" to mean something. */
const INFORMATIVE_PAIRS = 8;
const ERROR_CHARS = 80;
const errorPattern =
  /\b(?:error|exception|traceback|errno|timed out|timeout|denied|forbidden|unauthorized|not found|e[a-z]*err|http 4\d\d|http 5\d\d|status 4\d\d|status 5\d\d)\b/i;

/** Where in the session something happened. */
export interface Place {
  readonly seq: number;
  /** '' where the id is longer than 64 characters: ids of any length are valid, and state is bounded. */
  readonly eventId: string;
  readonly atMicros: number;
}

/** A step as later steps compare themselves with it. */
export interface Step {
  readonly place: Place;
  /** For a person; cut at 80 characters. */
  readonly tool: string;
  readonly toolHash: number;
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
  /** Of the whole result, numbers masked. */
  readonly resultHash: number;
  readonly informative: boolean;
  readonly failed: boolean;
  /** Share of the result that this session had not seen. */
  readonly novelty: number;
  readonly sets: WordSets;
  /** The first 96 characters of the argument values. */
  readonly text: string;
  /** Those of call and result that may show progress ({@link stepNumbers}). */
  readonly numbers: StepNumbers;
}

const stepKinds: ReadonlySet<string> = new Set(['TOOL_CALL', 'RETRIEVAL', 'HANDOFF', 'TASK']);

/** Whether the event is a step, with something in it that can be compared. A START is the first half of a step that ends later. */
export function isStep(event: LoopView): boolean {
  if (!stepKinds.has(event.kind) || event.phase === 'START') return false;
  if (
    event.input !== '' ||
    event.output !== '' ||
    present(event.input_fingerprint) ||
    present(event.output_fingerprint)
  )
    return true;
  // Nothing went in and nothing came out: only of a call whose content was sent is that known.
  return event.kind === 'TOOL_CALL' && (event.content_level === 'FULL' || event.content_level === 'REDACTED');
}

/** The step's canonical form. Its result is added to what the session has seen. */
export function canonicalStep(event: LoopView, seen: Seen): Step {
  const tool = label(event);
  const toolHash = hash32(event.kind === 'TOOL_CALL' ? event.name : `${event.kind} ${tool}`);
  const args = event.input === '' ? hashedArguments(event, toolHash) : argumentsOf(event.input, toolHash);
  const output = event.output === '' ? event.error_message : event.output;
  const result = output === '' ? hashedResult(event, seen) : resultOf(output, seen);
  return {
    place: placeOf(event),
    tool,
    toolHash,
    exactHash: args.exactHash,
    maskedHash: args.maskedHash,
    worded: args.worded,
    fixedHash: args.fixedHash,
    fixedCount: args.fixedCount,
    words: args.words,
    resultHash: result.resultHash,
    informative: result.informative,
    failed: event.status === 'ERROR' || event.status === 'TIMEOUT' || errorPattern.test(output.slice(0, ERROR_CHARS)),
    novelty: result.novelty,
    sets: packSets([args.tokens, args.plainWords, result.words, result.lead, result.headWords]),
    text: args.text,
    numbers: stepNumbers(event.input, output),
  };
}

/** Seq and time as safe integers, the id bounded. */
export function placeOf(event: LoopView): Place {
  return {
    seq: wholeNumber(event.seq),
    eventId: event.event_id.length <= MAX_ID_CHARS ? event.event_id : '',
    atMicros: wholeNumber(event.occurred_at),
  };
}

interface Arguments {
  exactHash: number;
  maskedHash: number;
  worded: boolean;
  fixedHash: number;
  fixedCount: number;
  words: number;
  tokens: WordList;
  plainWords: WordList;
  text: string;
}

// Scratch of one step: what outlives it is packed. Lists of its own would double the cost of a step.
const argumentTokens = new HashList();
const argumentWords = new HashList();
const maskedValue = new HashList();
const resultWords = new HashList();
const maskedResult = new HashList();

function argumentsOf(input: string, toolHash: number): Arguments {
  argumentTokens.clear();
  argumentWords.clear();
  let exactHash = toolHash;
  let maskedHash = toolHash;
  let worded = false;
  let fixedHash = toolHash;
  let fixedCount = 0;
  let words = 0;
  let text = '';
  for (const { path, value } of canonicalArguments(input)) {
    const pathHash = hash32(path);
    const from = argumentWords.count;
    tokenHashPairs(value, argumentWords, maskedValue.clear(), MAX_CHARS);
    const valueHash = sequenceHash(pathHash, argumentWords, from);
    if (!isVolatile(argumentWords, from)) {
      exactHash = mix32(Math.imul(exactHash, 31) + valueHash);
      maskedHash = mix32(Math.imul(maskedHash, 31) + sequenceHash(pathHash, maskedValue, 0));
      worded ||= maskedValue.count >= INSTRUCTION_WORDS || !hasVolatile(maskedValue);
    }
    argumentTokens.reserve(maskedValue.count);
    if (maskedValue.count >= INSTRUCTION_WORDS) {
      words = Math.max(words, maskedValue.count);
      for (let i = 0; i < maskedValue.count; i++) argumentTokens.push(maskedValue.words[i] ?? 0);
    } else {
      fixedHash = mix32(Math.imul(fixedHash, 31) + valueHash);
      fixedCount++;
      // Key and value together: "from A to B" is not "from B to A".
      for (let i = 0; i < maskedValue.count; i++)
        argumentTokens.push(mix32(Math.imul(pathHash, 31) ^ (maskedValue.words[i] ?? 0)));
    }
    if (text.length < TEXT_CHARS && value !== '') text = text === '' ? value : `${text} ${value}`;
  }
  return {
    exactHash,
    maskedHash,
    worded,
    fixedHash,
    fixedCount,
    words,
    tokens: argumentTokens,
    plainWords: argumentWords,
    text: detached(text, TEXT_CHARS),
  };
}

/** Whether the words from `from` on are ids and stamps alone; no words are none. */
function isVolatile({ words, count }: WordList, from: number): boolean {
  for (let i = from; i < count; i++) if (!isVolatileHash(words[i] ?? 0)) return false;
  return count > from;
}

/** Whether one of the words is an id, a stamp or, with numbers masked, a number; so is a list without words. */
function hasVolatile({ words, count }: WordList): boolean {
  for (let i = 0; i < count; i++) if (isVolatileHash(words[i] ?? 0)) return true;
  return count === 0;
}

/** Content stayed with the agent: the exact half of the fingerprint, and the keyed sketch as words. */
function hashedArguments(event: LoopView, toolHash: number): Arguments {
  const words = fingerprintWords(event.input_sketch, event.input_fingerprint);
  const list = { words, count: words.length };
  const exactHash = mix32(Math.imul(toolHash, 31) + exactOf(event.input_fingerprint));
  // Which words are parameters is not known: a call of many words counts as an order in free text.
  const isOrder = words.length >= INSTRUCTION_WORDS;
  return {
    exactHash,
    maskedHash: exactHash,
    worded: true,
    fixedHash: isOrder ? toolHash : exactHash,
    fixedCount: isOrder ? 0 : 1,
    words: isOrder ? words.length : 0,
    tokens: list,
    plainWords: list,
    text: '',
  };
}

interface Result {
  resultHash: number;
  informative: boolean;
  novelty: number;
  words: WordList;
  lead: WordList;
  headWords: WordList;
}

function resultOf(output: string, seen: Seen): Result {
  const text = output.length > MAX_CHARS ? output.slice(0, MAX_CHARS) : output;
  resultWords.clear();
  maskedResult.clear();
  const leadEnd = firstLineEnd(text);
  tokenHashPairs(leadEnd < text.length ? text.slice(0, leadEnd) : text, resultWords, maskedResult);
  const leadCount = maskedResult.count;
  if (leadEnd < text.length) tokenHashPairs(text.slice(leadEnd), resultWords, maskedResult);
  const novelty = seeWords(seen, resultWords);
  return {
    resultHash: sequenceHash(1, maskedResult, 0),
    informative: novelty.pairs >= INFORMATIVE_PAIRS,
    novelty: novelty.share,
    words: maskedResult,
    lead: { words: maskedResult.words, count: leadCount },
    headWords: resultWords,
  };
}

function hashedResult(event: LoopView, seen: Seen): Result {
  const words = fingerprintWords(event.output_sketch, event.output_fingerprint);
  const list = { words, count: words.length };
  const novelty = seeSketch(seen, words);
  return {
    resultHash: exactOf(event.output_fingerprint),
    informative: event.output_sketch.length >= INFORMATIVE_PAIRS * 4,
    novelty: novelty.share,
    words: list,
    lead: list,
    headWords: list,
  };
}

/** The sketch; where there is none, the eight bytes of the simhash, each with its place: near texts share most of them. */
function fingerprintWords(sketch: Buffer, fingerprint: Buffer): Uint32Array {
  if (sketch.length > 0) return sketchFromBytes(sketch);
  if (!present(fingerprint)) return new Uint32Array(0);
  return Uint32Array.from(fingerprint.subarray(8, 16), (byte, i) => mix32((i << 8) | byte));
}

function exactOf(fingerprint: Buffer): number {
  if (fingerprint.length < 8) return 0;
  return mix32(Math.imul(fingerprint.readUInt32BE(0), 31) + fingerprint.readUInt32BE(4));
}

function present(fingerprint: Buffer): boolean {
  for (const byte of fingerprint) if (byte !== 0) return true;
  return false;
}

function sequenceHash(start: number, { words, count }: WordList, from: number): number {
  let hash = start;
  for (let i = from; i < count; i++) hash = Math.imul(hash, 31) + (words[i] ?? 0);
  return mix32(hash);
}
