// Judges whether a session has turned to another subject, call by call and plan by plan.

import { hash32, type DetectionDraft } from '@watchkeeper/schemas';
import type { DriftKind, Mark } from './episode.js';
import { closeAll, forgetOnset, tell } from './episodes.js';
import { departureFinding, describeCall } from './explain.js';
import type { DriftOptions } from './options.js';
import type { CallReading } from './signals/call.js';
import { EARLY_CALLS } from './signals/departure.js';
import type { Echo } from './signals/goal-echo.js';
import type { DriftState } from './state.js';
import { markOf, spentBy, type Spending } from './spending.js';
import type { DriftView } from './view.js';

const BACK_ON_GOAL = 5;
/** One or two calls aside are no departure. */
const LEAST_STEPS = 3;
/** Sketches of contents that stayed with the agent say far less than words: such a step alone raises more alarms than it finds turns. */
const SKETCHED_NEEDS = 1.25;

/** A plan that replaces an earlier one is a step of its own: it says where the agent is going. */
export function onReplan(state: DriftState, event: DriftView, echo: Echo): void {
  const reading = state.departure.replan(echo);
  if (reading.begins) beginDeparture(state, markOf(event, spentBy(state)));
  if (reading.sum === 0) forgetOnset(state);
  else if (reading.counts) state.offSteps++;
}

/** A call, against the session's goal and beginning. */
export function judgeDeparture(
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
  const tool = hash32(call.tool);
  const callHash = (Math.imul(tool, 31) + hash32(event.input)) >>> 0;
  const repeats = event.input !== '' && callHash === state.lastCall;
  state.lastCall = callHash;
  if (repeats) return [];
  const hasTexts = event.input !== '' || event.output !== '';
  const { relevance, touch } = call;
  const echo = hasTexts ? call.echo.addAll(state.said) : undefined;
  const reading = state.departure.step({ relevance, touch, newTool, echo, tool, delegates: state.delegates });
  state.said.clear();
  if (reading.begins) beginDeparture(state, markOf(event, before));
  if (reading.sum === 0) {
    forgetOnset(state);
    return closeAll(state, ({ kind, quietCalls }) => kind === 'departure' && quietCalls >= BACK_ON_GOAL);
  }
  if (!reading.counts) return [];
  state.onset ??= markOf(event, before);
  state.offSteps++;
  state.towards = [...state.towards.slice(-2), describeCall(event, call.tool)];
  const threshold = settings.departureThreshold * (hasTexts ? 1 : SKETCHED_NEEDS);
  state.best.departure = Math.max(state.best.departure, reading.sum / threshold);
  if (reading.sum < threshold || state.offSteps < LEAST_STEPS) return [];
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
  return tell(state, kind, state.onset, markOf(event, spentBy(state)), departureFinding(reading, evidence, threshold));
}

function beginDeparture(state: DriftState, onset: Mark): void {
  state.onset = onset;
  state.offSteps = 0;
  state.towards = [];
}
