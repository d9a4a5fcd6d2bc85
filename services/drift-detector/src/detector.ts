// The drift detector: takes a session's events one by one and says when it has left its goal.

import {
  bounded,
  rememberedKeys,
  tuningUnder,
  type Detector,
  type DetectionDraft,
  type TuningOf,
} from '@watchkeeper/schemas';
import { DETECTOR, DETECTOR_VERSION, type Episode } from './episode.js';
import { closeAll, forgetOnset, tell } from './episodes.js';
import { hijackFinding } from './explain.js';
import { judgeDeparture, onReplan } from './judge-departure.js';
import { endPeriod, heedGoal, heedUser, judgePreference } from './judge-preference.js';
import { AGENT, AUTHORITY, TOOL } from './memory/token-table.js';
import { defaultDriftOptions, optionsBySensitivity, type DriftOptions } from './options.js';
import { absorb, absorbOutput, readCall, sketchHashes, type CallReading } from './signals/call.js';
import { delegates } from './signals/delegation.js';
import { hijackCandidates, strongest } from './signals/hijack.js';
import { Echo } from './signals/goal-echo.js';
import { passagesOf } from './signals/passages-of-output.js';
import { Relevance } from './signals/relevance.js';
import { createState, decodeState, encodeState, type DriftState } from './state.js';
import { markOf, spend, spentBy, type Spending } from './spending.js';
import { oneLine } from './text/one-line.js';
import { scanText } from './text/scan.js';
import type { DriftView } from './view.js';

const MAX_NAME = 80;
const MAX_AUTHORITY_WORDS = 1200;
const MAX_AGENT_WORDS = 200;
/** Of an agent's own words, this many units are read. */
const MAX_AGENT_UNITS = 4096;
/** A plan made before any output was read speaks for the goal almost like the user. */
const PLAN_RELEVANCE = 0.85;
/** New words that the agent brings itself are this much further from the goal than the text they stand in. */
const OWN_WORDS = 0.5;
/** A user who brings this many new words has changed or widened the goal. */
const USER_NEWS = 3;
/** An episode closes after so many calls without evidence. */
const QUIET_CALLS = 12;
/** A slide is told by periods, which have many calls. */
const QUIET_SLIDE_CALLS = 80;

/**
 * Judges one session against its goal: hijacks (a call carries out a passage of a tool's output), departures (another subject) and
 * slides (the same little by little, or another preference). State at most 16 KB beside the ids. `options` are those of medium
 * sensitivity; `tuningOf` says which an agent has.
 */
export function driftDetector(
  options: Partial<DriftOptions> = {},
  tuningOf: TuningOf = tuningUnder([], DETECTOR, 'medium'),
): Detector<DriftState, DriftView, DetectionDraft> {
  const settingsOf = optionsBySensitivity({ ...defaultDriftOptions, ...options });
  const settingsFor = (tenantId: string, agentId: string): DriftOptions =>
    settingsOf[tuningOf(tenantId, agentId).sensitivity];
  const keyOf = rememberedKeys();
  return {
    id: DETECTOR,
    version: DETECTOR_VERSION,
    keyOf: (event) => keyOf(event.tenant_id, event.session_id),
    create: createState,
    onEvent: (state, event) => onEvent(state, event, settingsFor(event.tenant_id, event.agent_id)),
    dueAt: () => undefined,
    onTime: () => [],
    onClose: (state) => [
      ...endPeriod(state, true, settingsFor(state.subject.tenantId, state.subject.agentId)),
      ...closeAll(state, () => true),
    ],
    score: ({ best }) => Math.max(best.hijack, best.departure, best.slide),
    encode: encodeState,
    decode: decodeState,
  };
}

function onEvent(state: DriftState, event: DriftView, settings: DriftOptions): DetectionDraft[] {
  const before = spentBy(state);
  state.clock++;
  if (event.agent_id !== state.subject.agentId || event.agent_version !== state.subject.agentVersion) {
    state.subject = {
      ...state.subject,
      agentId: bounded(event.agent_id, 256),
      agentVersion: bounded(event.agent_version, 256),
    };
  }
  spend(state, event);
  switch (event.kind) {
    case 'SESSION_STARTED':
      return event.goal === '' && event.input_sketch.length === 0
        ? []
        : onAuthority(state, event, event.goal, true, settings);
    case 'GOAL_SET':
      return onAuthority(state, event, event.goal === '' ? event.input : event.goal, true, settings);
    case 'MESSAGE':
      return onMessage(state, event, settings);
    case 'PLAN':
    case 'REASONING':
    case 'TASK':
      onAgentText(state, event, event.input === '' ? event.output : event.input);
      return [];
    case 'LLM_CALL':
      onAgentText(state, event, event.output);
      return [];
    case 'TOOL_CALL':
    case 'RETRIEVAL':
    case 'MEMORY':
    case 'HANDOFF':
      if (event.phase === 'START') return [];
      return onCall(state, event, before, settings);
    case 'SESSION_ENDED':
      return [...endPeriod(state, true, settings), ...closeAll(state, () => true)];
    case 'UNKNOWN':
    case 'WORKFLOW':
    case 'GUARDRAIL':
    case 'EVALUATION':
    case 'FEEDBACK':
    case 'HEARTBEAT':
      return [];
  }
}

function onMessage(state: DriftState, event: DriftView, settings: DriftOptions): DetectionDraft[] {
  const text = event.input === '' ? event.output : event.input;
  switch (event.actor) {
    case 'USER':
    case 'SYSTEM':
      return [...endPeriod(state, true, settings), ...onAuthority(state, event, text, false, settings)];
    case 'TOOL': {
      const scan = scanText(text);
      const source = {
        seq: event.seq,
        tool: bounded(event.name, MAX_NAME),
        delegated: 0,
        sourceNamed: 0,
        mayQuote: event.content_level === 'FULL',
      };
      state.passages.add(passagesOf(text, scan, state.tokens, source));
      absorb(state, scan, TOOL, 0.5, MAX_AGENT_WORDS);
      return [];
    }
    case 'AGENT':
      onAgentText(state, event, text);
      return [];
  }
}

/** Goal, user and system say what is wanted; with enough news in it, what comes next is a new beginning. */
function onAuthority(
  state: DriftState,
  event: DriftView,
  text: string,
  isGoal: boolean,
  settings: DriftOptions,
): DetectionDraft[] {
  const scan = scanText(text);
  let news = absorb(state, scan, AUTHORITY, 1, MAX_AUTHORITY_WORDS);
  if (text === '') {
    for (const hash of sketchHashes(event.input_sketch)) {
      const slot = state.tokens.find(hash);
      if (slot < 0 || state.tokens.originAt(slot) !== AUTHORITY) news++;
      state.tokens.put(hash, 0, AUTHORITY, 1, state.clock);
    }
  }
  if (isGoal) {
    state.delegates = delegates(text);
    if (event.content_level === 'FULL') state.goal = oneLine(text, 120);
  } else state.delegates ||= delegates(text);
  if (isGoal) heedGoal(state, text, state.clock > 1 && news >= USER_NEWS);
  else heedUser(state, text, settings.words);
  if (news < USER_NEWS) return [];
  state.departure.restart();
  state.tools.restart();
  forgetOnset(state);
  return closeAll(state, ({ kind }) => kind !== 'hijack');
}

function onAgentText(state: DriftState, event: DriftView, text: string): void {
  if (text === '') return;
  const scan = scanText(text.length > MAX_AGENT_UNITS ? text.slice(0, MAX_AGENT_UNITS) : text);
  const nearness = new Relevance().add(scan, state.tokens, state.clock).value;
  const early = event.kind === 'PLAN' && state.passages.kept.length === 0 && state.departure.calls === 0;
  if (event.kind === 'PLAN' && state.departure.calls > 0) onReplan(state, event, new Echo().add(scan, state.tokens));
  else if (event.kind !== 'PLAN') state.said.add(scan, state.tokens, MAX_AGENT_WORDS);
  absorb(state, scan, AGENT, early ? Math.max(PLAN_RELEVANCE, nearness) : nearness * OWN_WORDS, MAX_AGENT_WORDS);
}

function onCall(state: DriftState, event: DriftView, before: Spending, settings: DriftOptions): DetectionDraft[] {
  const tool = bounded(event.name === '' ? event.kind.toLowerCase() : event.name, MAX_NAME);
  const call = readCall(state, event, tool);
  for (const episode of state.episodes) episode.quietCalls++;
  const hijack = judgeHijack(state, event, call, before, settings);
  const departure = judgeDeparture(state, event, call, before, settings);
  absorbOutput(state, event, call);
  const preference = judgePreference(state, event, call, before, settings);
  const closed = closeAll(state, hasGoneQuiet);
  const told = hijack.length + departure.length + preference.length + closed.length;
  return told === 0 ? hijack : [...hijack, ...departure, ...preference, ...closed];
}

function hasGoneQuiet({ kind, quietCalls }: Episode): boolean {
  return quietCalls >= (kind === 'slide' ? QUIET_SLIDE_CALLS : QUIET_CALLS);
}

function judgeHijack(
  state: DriftState,
  event: DriftView,
  call: CallReading,
  before: Spending,
  settings: DriftOptions,
): DetectionDraft[] {
  const candidates = hijackCandidates(call, state.passages, state.tokens);
  if (candidates.length > 0) settings.onCandidates?.(event, candidates);
  const reading = strongest(candidates);
  if (!reading) return [];
  const threshold = settings.hijackThreshold;
  state.best.hijack = Math.max(state.best.hijack, reading.probability / threshold);
  if (reading.probability < threshold) return [];
  return tell(
    state,
    'hijack',
    markOf(event, before),
    markOf(event, spentBy(state)),
    hijackFinding(event, call, reading, threshold),
  );
}
