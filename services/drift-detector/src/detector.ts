// The drift detector: takes a session's events one by one and says when it has left its goal.

import { hash32, tupleKey, type Detector, type DetectionDraft } from '@watchkeeper/schemas';
import {
  DETECTOR,
  DETECTOR_VERSION,
  draftOf,
  hasGrown,
  type DriftKind,
  type Episode,
  type Finding,
  type Mark,
} from './episode.js';
import { departureFinding, describeCall, hijackFinding, slideFinding } from './explain.js';
import { AGENT, AUTHORITY, TOOL } from './memory/token-table.js';
import { defaultDriftOptions, type DriftOptions } from './options.js';
import { absorb, absorbOutput, readCall, sketchHashes, type CallReading } from './signals/call.js';
import { delegates } from './signals/delegation.js';
import { readHijack } from './signals/hijack.js';
import { EARLY_CALLS } from './signals/departure.js';
import { chosenBy } from './signals/choices.js';
import { mayOffer, offersOf } from './signals/offers.js';
import { passagesOf } from './signals/passages-of-output.js';
import { SLIDE_SUM, type PreferenceReading } from './signals/preference.js';
import { Relevance } from './signals/relevance.js';
import { createState, decodeState, encodeState, type DriftState } from './state.js';
import { markOf, spend, spentBy, type Spending } from './spending.js';
import { bounded, oneLine } from './text/bounded.js';
import { Scan } from './text/scan.js';
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
const BACK_ON_GOAL = 5;
/** A call whose result brings this little news acts. */
const ACTS = 0.5;
/** One or two calls aside are no departure. */
const LEAST_STEPS = 3;
/** A slide is told by periods, which have many calls. */
const QUIET_SLIDE_CALLS = 80;
/** So many options make a listing. */
const LEAST_OFFERS = 2;

const scan = new Scan();

/**
 * Judges one session against its goal: hijacks (a call carries out a passage of a tool's output), departures (another subject, other
 * tools) and slides (the same, little by little). Cost about 10 µs per event of 600 bytes; state at most 64 KB beside the ids.
 */
export function driftDetector(options: Partial<DriftOptions> = {}): Detector<DriftState, DriftView, DetectionDraft> {
  const settings = { ...defaultDriftOptions, ...options };
  return {
    id: DETECTOR,
    version: DETECTOR_VERSION,
    keyOf: (event) => tupleKey(event.tenant_id, event.session_id),
    create: createState,
    onEvent: (state, event) => onEvent(state, event, settings),
    dueAt: () => undefined,
    onTime: () => [],
    onClose: (state) => [...endPeriod(state, true), ...closeAll(state, () => true)],
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
      return event.goal === '' && event.input_sketch.length === 0 ? [] : onAuthority(state, event, event.goal, true);
    case 'GOAL_SET':
      return onAuthority(state, event, event.goal === '' ? event.input : event.goal, true);
    case 'MESSAGE':
      return onMessage(state, event);
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
      return [...endPeriod(state, true), ...closeAll(state, () => true)];
    case 'UNKNOWN':
    case 'WORKFLOW':
    case 'GUARDRAIL':
    case 'EVALUATION':
    case 'FEEDBACK':
    case 'HEARTBEAT':
      return [];
  }
}

function onMessage(state: DriftState, event: DriftView): DetectionDraft[] {
  const text = event.input === '' ? event.output : event.input;
  switch (event.actor) {
    case 'USER':
    case 'SYSTEM':
      return [...endPeriod(state, true), ...onAuthority(state, event, text, false)];
    case 'TOOL': {
      scan.scan(text);
      const source = {
        seq: event.seq,
        tool: bounded(event.name, MAX_NAME),
        delegated: 0,
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
function onAuthority(state: DriftState, event: DriftView, text: string, isGoal: boolean): DetectionDraft[] {
  scan.scan(text);
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
  } else if (delegates(text)) state.delegates = true;
  const offers = mayOffer(text) ? offersOf(text) : [];
  if (offers.length >= LEAST_OFFERS) state.preference.offer(offers);
  else state.preference.want(text);
  if (isGoal && state.clock > 1 && news >= USER_NEWS) state.preference.restart();
  if (news < USER_NEWS) return [];
  state.departure.restart();
  state.tools.restart();
  forgetOnset(state);
  return closeAll(state, ({ kind }) => kind !== 'hijack');
}

function onAgentText(state: DriftState, event: DriftView, text: string): void {
  if (text === '') return;
  scan.scan(text.length > MAX_AGENT_UNITS ? text.slice(0, MAX_AGENT_UNITS) : text);
  const nearness = new Relevance().add(scan, state.tokens, state.clock).value;
  const early = event.kind === 'PLAN' && state.passages.kept.length === 0 && state.departure.calls === 0;
  absorb(state, scan, AGENT, early ? Math.max(PLAN_RELEVANCE, nearness) : nearness * OWN_WORDS, MAX_AGENT_WORDS);
}

function onCall(state: DriftState, event: DriftView, before: Spending, settings: DriftOptions): DetectionDraft[] {
  const tool = bounded(event.name === '' ? event.kind.toLowerCase() : event.name, MAX_NAME);
  const call = readCall(state, event, tool);
  for (const episode of state.episodes) episode.quietCalls++;
  const drafts = [
    ...judgeHijack(state, event, call, before, settings),
    ...judgeDeparture(state, event, call, before, settings),
  ];
  absorbOutput(state, event, call);
  drafts.push(...judgePreference(state, event, call, before));
  drafts.push(
    ...closeAll(state, ({ kind, quietCalls }) => quietCalls >= (kind === 'slide' ? QUIET_SLIDE_CALLS : QUIET_CALLS)),
  );
  return drafts;
}

/** A call that lists options offers them; one that acts on an option chooses it. */
function judgePreference(state: DriftState, event: DriftView, call: CallReading, before: Spending): DetectionDraft[] {
  const offers = mayOffer(event.output) ? offersOf(event.output) : [];
  if (offers.length >= LEAST_OFFERS) {
    const drafts = endPeriod(state, false);
    state.preference.offer(offers);
    return drafts;
  }
  if (!state.preference.offersSomething || call.acts < ACTS || event.status === 'ERROR') return [];
  const tool = hash32(call.tool);
  const { options, quantities } = chosenBy(event.input, state.preference);
  for (const option of options) state.preference.choose(tool, [option], quantities, markOf(event, before));
  return [];
}

function endPeriod(state: DriftState, byUser: boolean): DetectionDraft[] {
  const reading = state.preference.endPeriod(byUser);
  return reading ? judgeSlide(state, reading) : [];
}

function judgeSlide(state: DriftState, reading: PreferenceReading): DetectionDraft[] {
  if (reading.begins) state.slideOnset = reading.first;
  state.best.slide = Math.max(state.best.slide, reading.sum / SLIDE_SUM);
  if (reading.sum === 0) return closeAll(state, ({ kind }) => kind === 'slide');
  if (reading.sum < SLIDE_SUM || reading.step === 0) return [];
  state.slideOnset ??= reading.first;
  const finding = slideFinding(reading, state.slideOnset.seq, state.goal);
  return tell(state, 'slide', state.slideOnset, reading.last, finding);
}

function judgeHijack(
  state: DriftState,
  event: DriftView,
  call: CallReading,
  before: Spending,
  settings: DriftOptions,
): DetectionDraft[] {
  const reading = call.foreign.length === 0 ? undefined : readHijack(call, state.passages, state.tokens);
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

function judgeDeparture(
  state: DriftState,
  event: DriftView,
  call: CallReading,
  before: Spending,
  settings: DriftOptions,
): DetectionDraft[] {
  const isEarly = state.departure.calls < EARLY_CALLS;
  const newTool = !state.tools.isEarly(call.tool);
  state.tools.add(call.tool, isEarly);
  if (!call.hasContent && event.input !== '') return [];
  // The same call again (polling, a retry) is no further evidence.
  const callHash = hash32(`${call.tool} ${event.input}`);
  const repeats = event.input !== '' && callHash === state.lastCall;
  state.lastCall = callHash;
  if (repeats) return [];
  const reading = state.departure.step({ relevance: call.relevance, touch: call.touch, newTool });
  if (reading.begins) {
    state.onset = markOf(event, before);
    state.offSteps = 0;
    state.towards = [];
  }
  if (reading.sum === 0) {
    forgetOnset(state);
    return closeAll(state, ({ kind, quietCalls }) => kind === 'departure' && quietCalls >= BACK_ON_GOAL);
  }
  if (!reading.counts) return [];
  state.onset ??= markOf(event, before);
  state.offSteps++;
  state.towards = [...state.towards.slice(-2), describeCall(event, call.tool)];
  state.best.departure = Math.max(state.best.departure, reading.sum / settings.departureThreshold);
  if (reading.sum < settings.departureThreshold || state.offSteps < LEAST_STEPS) return [];
  const evidence = {
    sinceSeq: state.onset.seq,
    steps: state.offSteps,
    goal: state.goal,
    towards: state.towards,
    toolShift: state.tools.shift(),
    newTool,
  };
  const open = state.episodes.find(({ kind }) => kind !== 'hijack');
  const kind: DriftKind = open?.kind ?? (reading.slow ? 'slide' : 'departure');
  return tell(
    state,
    kind,
    state.onset,
    markOf(event, spentBy(state)),
    departureFinding(reading, evidence, settings.departureThreshold),
  );
}

function forgetOnset(state: DriftState): void {
  state.onset = undefined;
  state.offSteps = 0;
  state.towards = [];
}

/** Opens an episode, or adds evidence to the open one of its kind; says so where that is news. */
function tell(state: DriftState, kind: DriftKind, first: Mark, last: Mark, finding: Finding): DetectionDraft[] {
  const open = state.episodes.find((episode) => episode.kind === kind);
  if (!open) {
    const episode: Episode = { kind, first, last, finding, revision: 1, steps: 1, told: 1, quietCalls: 0 };
    state.episodes.push(episode);
    return [draftOf(state.subject, episode, 'OPEN')];
  }
  open.steps++;
  open.quietCalls = 0;
  open.last = last;
  const grown = hasGrown(open, finding);
  if (finding.score >= open.finding.score) open.finding = finding;
  if (!grown) return [];
  open.told = open.steps;
  open.revision++;
  return [draftOf(state.subject, open, 'OPEN')];
}

function closeAll(state: DriftState, which: (episode: Episode) => boolean): DetectionDraft[] {
  if (state.episodes.length === 0) return [];
  const closing = state.episodes.filter(which);
  state.episodes = state.episodes.filter((episode) => !closing.includes(episode));
  // The anchor is the onset: an episode that begins later needs another, or it would write the closed one's revisions again.
  if (closing.some(({ kind }) => kind !== 'hijack')) {
    forgetOnset(state);
    state.slideOnset = undefined;
  }
  return closing.map((episode) => {
    episode.revision++;
    return draftOf(state.subject, episode, 'CLOSED');
  });
}
