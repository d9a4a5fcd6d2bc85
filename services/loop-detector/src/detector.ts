// The loop detector: hands each event of a session to the signals it concerns, and their findings to the episodes.

import { tokenHashes, tupleKey, type DetectionDraft, type Detector } from '@watchkeeper/schemas';
import { distinctShare } from './chanting.js';
import { cycleSince, seqsOfTrail } from './cycle.js';
import { DETECTOR_ID, DETECTOR_VERSION, draftOf } from './draft.js';
import {
  closeEpisode,
  continues,
  endEpisode,
  growEpisode,
  loopKinds,
  openEpisode,
  quietEpisode,
  type Finding,
  type LoopKind,
  type Turn,
} from './episode.js';
import { instructionEvidence, isInstructionLoop, type InstructionEvidence } from './instruction.js';
import { seeWords } from './novelty.js';
import { defaultLoopOptions, type LoopOptions } from './options.js';
import { planAgain } from './plans.js';
import { findRepetition, type Repetition } from './repetition.js';
import { responsiveness } from './responsiveness.js';
import { argumentSimilarity } from './similarity.js';
import { decodeLoopState, encodeLoopState, newLoopState, subjectOfKey, type LoopState } from './state.js';
import { canonicalStep, isStep, placeOf, type Step } from './step.js';
import type { LoopView } from './view.js';
import { keepVisit } from './visits.js';
import { burnAfter } from './waste.js';

const MAX_CHARS = 2_048;
/** A user's turn opens a new epoch when so much of it is new … */
const NEWS_SHARE = 0.3;
/** … or so many of its word pairs are; and one of fewer than four pairs ("yes, please") does not. */
const NEWS_PAIRS = 8;
const LEAST_PAIRS = 4;
/** What a user's news leaves of the instruction sum. */
const EPOCH_KEEPS = 0.5;
/** Share of the threshold below which an instruction loop is over. */
const INSTRUCTION_OVER = 0.7;

/** A detector over the events of one session, in the order of seq and each once (the runtime's `sequenced` sees to both). */
export function loopDetector(settings: Partial<LoopOptions> = {}): Detector<LoopState, LoopView, DetectionDraft> {
  const options: LoopOptions = { ...defaultLoopOptions, ...settings };
  return {
    id: DETECTOR_ID,
    version: DETECTOR_VERSION,
    keyOf: (event) => tupleKey(event.tenant_id, event.session_id),
    create: newLoopState,
    onEvent: (state, event) => onEvent(state, event, options),
    dueAt: () => undefined,
    onTime: () => [],
    onClose: (state) => turnAll(state, endEpisode),
    score: (state) => state.score,
    encode: encodeLoopState,
    decode: decodeLoopState,
  };
}

function onEvent(state: LoopState, event: LoopView, options: LoopOptions): DetectionDraft[] {
  state.agentId = event.agent_id;
  state.agentVersion = event.agent_version;
  if (event.phase === 'START') return [];
  state.burn = burnAfter(state.burn, event);
  if (isStep(event)) return onStep(state, event, options);
  switch (event.kind) {
    case 'SESSION_STARTED':
    case 'GOAL_SET':
      return onUserText(state, event.goal === '' ? textOf(event) : event.goal);
    case 'MESSAGE':
      if (event.actor === 'USER') return onUserText(state, textOf(event));
      return event.actor === 'AGENT' ? onAgentText(state, event, true, options) : [];
    case 'PLAN':
      return onAgentText(state, event, true, options);
    case 'REASONING':
    case 'LLM_CALL':
      return onAgentText(state, event, false, options);
    case 'SESSION_ENDED':
      return turnAll(state, endEpisode);
    default:
      return [];
  }
}

function onStep(state: LoopState, event: LoopView, options: LoopOptions): DetectionDraft[] {
  const step = canonicalStep(event, state.seen);
  const index = state.steps++;
  const before = state.burnAtStep;
  state.burnAtStep = state.burn;
  const repetition = findRepetition(state.visits, step, state.epoch, before, options);
  const evidence = instructionEvidence(state.visits, step, index, state.instructionSum, before);
  state.instructionSum = evidence.sum;
  const drafts = [
    ...onRepetition(state, step, repetition, options),
    ...onInstruction(state, step, evidence, options),
    ...turn(state, 'chant', undefined),
  ];
  keepVisit(state.visits, { step, index, epoch: state.epoch, repetition: repetition.trail, instruction: evidence.trail });
  return drafts;
}

function onRepetition(state: LoopState, step: Step, found: Repetition, options: LoopOptions): DetectionDraft[] {
  const { trail, like, likeness } = found;
  const needed = step.failed ? options.failedTurns : options.turns;
  state.score = Math.max(state.score, (trail.visits - 1) / (needed - 1));
  if (like === undefined || trail.visits < needed) return turn(state, 'repeat', undefined);
  const { period, tools } = cycleSince(state.visits, like, step.tool);
  return turn(state, 'repeat', {
    first: trail.first,
    here: step.place,
    rounds: trail.visits,
    period,
    tools,
    seqs: seqsOfTrail(state.visits, trail.first.seq, step.place.seq, needed * 4),
    likeness,
    failed: step.failed,
    similarity: likeness === 'exact' ? 1 : argumentSimilarity(step, like.step),
    novelty: step.novelty,
    responsiveness: responsiveness(step.sets, like.step.sets),
    score: trail.visits,
    threshold: needed,
    beforeSecond: trail.beforeSecond ?? state.burn,
    burn: state.burn,
  });
}

function onInstruction(state: LoopState, step: Step, found: InstructionEvidence, options: LoopOptions): DetectionDraft[] {
  if (!found.counts) return [];
  state.score = Math.max(state.score, found.sum / options.instructionThreshold);
  if (!isInstructionLoop(found, options)) {
    const over = found.sum < INSTRUCTION_OVER * options.instructionThreshold;
    return over ? close(state, 'instruction') : turn(state, 'instruction', undefined);
  }
  const { trail, like } = found;
  return turn(state, 'instruction', {
    first: trail.first,
    here: step.place,
    rounds: trail.visits,
    period: 1,
    tools: [step.tool],
    seqs: like === undefined ? [step.place.seq] : [like.step.place.seq, step.place.seq],
    likeness: 'reworded',
    failed: step.failed,
    similarity: found.similarity,
    novelty: step.novelty,
    responsiveness: found.responsiveness,
    score: found.sum,
    threshold: options.instructionThreshold,
    beforeSecond: trail.beforeSecond ?? state.burn,
    burn: state.burn,
  });
}

/** Chanting, and plans that are written again. */
function onAgentText(state: LoopState, event: LoopView, mayPlan: boolean, options: LoopOptions): DetectionDraft[] {
  const text = event.kind === 'LLM_CALL' ? event.output : textOf(event);
  if (text === '') return [];
  const drafts = onShare(state, event, distinctShare(text), options);
  if (mayPlan && options.replanKeeps < 1 && planAgain(state.plans, text)) {
    state.instructionSum *= options.replanKeeps;
    drafts.push(...close(state, 'instruction'));
  }
  return drafts;
}

function onShare(state: LoopState, event: LoopView, share: number | undefined, options: LoopOptions): DetectionDraft[] {
  if (share === undefined) return [];
  state.score = Math.max(state.score, (1 - share) / (1 - options.chantShare));
  if (share >= options.chantShare) return close(state, 'chant');
  const here = placeOf(event);
  const known = state.episodes.get('chant');
  const goesOn = known?.open === true;
  return turn(state, 'chant', {
    first: goesOn ? known.first : here,
    here,
    rounds: goesOn ? known.rounds + 1 : 1,
    period: 1,
    tools: [],
    seqs: [...(goesOn ? known.seqs : []), here.seq],
    likeness: 'exact',
    failed: false,
    similarity: 1 - share,
    novelty: share,
    responsiveness: 0,
    score: 1 - share,
    threshold: 1 - options.chantShare,
    beforeSecond: goesOn ? known.beforeSecond : state.burnAtStep,
    burn: state.burn,
  });
}

/** What a user says is authority: news from there opens a new epoch, in which the same call is not the same step. */
function onUserText(state: LoopState, text: string): DetectionDraft[] {
  if (text === '') return [];
  const { pairs, share } = seeWords(state.seen, tokenHashes(text, 1, MAX_CHARS));
  if (pairs < LEAST_PAIRS || (share < NEWS_SHARE && share * pairs < NEWS_PAIRS)) return [];
  state.epoch++;
  state.instructionSum *= EPOCH_KEEPS;
  return [...close(state, 'repeat'), ...close(state, 'instruction')];
}

/** Text of a message; some emitters put it into the output. */
const textOf = (event: LoopView): string => (event.input === '' ? event.output : event.input);

/** The kind's episode takes the finding, or its absence. */
function turn(state: LoopState, kind: LoopKind, finding: Finding | undefined): DetectionDraft[] {
  const known = state.episodes.get(kind);
  if (finding === undefined) return known === undefined ? [] : told(state, kind, quietEpisode(known));
  if (known !== undefined && continues(known, finding)) return told(state, kind, growEpisode(known, finding));
  return [...(known === undefined ? [] : close(state, kind)), ...told(state, kind, openEpisode(finding))];
}

function close(state: LoopState, kind: LoopKind): DetectionDraft[] {
  const known = state.episodes.get(kind);
  return known === undefined || !known.open ? [] : told(state, kind, closeEpisode(known));
}

function turnAll(state: LoopState, how: typeof endEpisode): DetectionDraft[] {
  return loopKinds.flatMap((kind) => {
    const known = state.episodes.get(kind);
    return known === undefined ? [] : told(state, kind, how(known));
  });
}

function told(state: LoopState, kind: LoopKind, { episode, tell }: Turn): DetectionDraft[] {
  state.episodes.set(kind, episode);
  if (!tell) return [];
  return [draftOf({ ...subjectOfKey(state.key), agentId: state.agentId, agentVersion: state.agentVersion }, kind, episode)];
}
