// The canonical form of a step: one call with its result, as hashes and small word sets that can be compared in a microsecond.

import {
  HashList,
  bounded,
  canonicalArguments,
  firstLineEnd,
  hash32,
  sequenceHash,
  tokenHashPairs,
} from '@watchkeeper/schemas';
import { hiddenArguments, hiddenResult, isPresent } from './hidden-step.js';
import { seeWords, type Seen } from './novelty.js';
import { ArgumentSum, INFORMATIVE_PAIRS, isVolatile, type Arguments, type Result } from './step-parts.js';
import { label } from './step-text.js';
import { stepNumbers, type StepNumbers } from './trend.js';
import { packSets, type WordSets } from './word-sets.js';
import { wholeNumber } from './waste.js';
import type { LoopView } from './view.js';

/** Longer contents are judged by their beginning. */
const MAX_CHARS = 2_048;
const TEXT_CHARS = 96;
const MAX_ID_CHARS = 64;
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
export interface Step
  extends Omit<Arguments, 'tokens' | 'plainWords'>, Pick<Result, 'resultHash' | 'informative' | 'novelty'> {
  readonly place: Place;
  /** For a person; cut at 80 characters. */
  readonly tool: string;
  readonly toolHash: number;
  readonly failed: boolean;
  readonly sets: WordSets;
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
    isPresent(event.input_fingerprint) ||
    isPresent(event.output_fingerprint)
  )
    return true;
  // Nothing went in and nothing came out: only of a call whose content was sent is that known.
  return event.kind === 'TOOL_CALL' && (event.content_level === 'FULL' || event.content_level === 'REDACTED');
}

/** The step's canonical form. Its result is added to what the session has seen. */
export function canonicalStep(event: LoopView, seen: Seen): Step {
  const tool = label(event);
  const toolHash = hash32(event.kind === 'TOOL_CALL' ? event.name : `${event.kind} ${tool}`);
  const args = event.input === '' ? hiddenArguments(event, toolHash) : argumentsOf(event.input, toolHash);
  const output = event.output === '' ? event.error_message : event.output;
  const result = output === '' ? hiddenResult(event, seen) : resultOf(output, seen);
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

const sum = new ArgumentSum();
const maskedValue = new HashList();
const resultWords = new HashList();
const maskedResult = new HashList();

function argumentsOf(input: string, toolHash: number): Arguments {
  const { plainWords } = sum.start(toolHash);
  let text = '';
  for (const { path, value } of canonicalArguments(input)) {
    const pathHash = hash32(path);
    const from = plainWords.count;
    tokenHashPairs(value, plainWords, maskedValue.clear(), MAX_CHARS);
    sum.add(
      pathHash,
      sequenceHash(pathHash, plainWords.words, from, plainWords.count),
      sequenceHash(pathHash, maskedValue.words, 0, maskedValue.count),
      maskedValue.count,
      maskedValue,
      isVolatile(plainWords, from),
    );
    if (text.length < TEXT_CHARS && value !== '') text = text === '' ? value : `${text} ${value}`;
  }
  return sum.taken(bounded(text, TEXT_CHARS));
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
    resultHash: sequenceHash(1, maskedResult.words, 0, maskedResult.count),
    informative: novelty.pairs >= INFORMATIVE_PAIRS,
    novelty: novelty.share,
    words: maskedResult,
    lead: { words: maskedResult.words, count: leadCount },
    headWords: resultWords,
  };
}
