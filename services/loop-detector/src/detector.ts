// The loop detector: hands each event of a session to the signals it concerns, and their findings to the episodes.

import {
  HashList,
  rememberedKeys,
  tokenHashPairs,
  tuningUnder,
  type AgentTuning,
  type DetectionDraft,
  type Detector,
  type TuningOf,
} from '@watchkeeper/schemas';
import { distinctShare } from './chanting.js';
import { cycleSince, seqsOfTrail } from './cycle.js';
import { DETECTOR_ID, DETECTOR_VERSION } from './draft.js';
import { closeLoop, endLoops, takeFinding } from './episodes.js';
import { hiddenWords } from './hidden-step.js';
import { instructionEvidence, isInstructionLoop, type InstructionEvidence } from './instruction.js';
import { longText } from './long-text.js';
import { seeWords } from './novelty.js';
import { defaultLoopOptions, optionsBySensitivity, type LoopOptions } from './options.js';
import { planAgain } from './plans.js';
import { findRepetition, type Repetition } from './repetition.js';
import { responsiveness } from './responsiveness.js';
import { argumentSimilarity } from './similarity.js';
import { decodeLoopState, encodeLoopState, newLoopState, type LoopState } from './state.js';
import { canonicalStep, isStep, placeOf, type Step } from './step.js';
import type { LoopView } from './view.js';
import { keepVisit, sized } from './visits.js';
import { burnAfter } from './waste.js';
import type { WordList } from './word-sets.js';

/** What is news in a user's text shows in its beginning. */
const USER_CHARS = 1_024;
/** A user's turn opens a new epoch when so much of it is new … */
const NEWS_SHARE = 0.3;
/** … or so many of its word pairs are; and one of fewer than four pairs ("yes, please") does not. */
const NEWS_PAIRS = 8;
const LEAST_PAIRS = 4;
/** What a user's news leaves of the instruction sum. */
const EPOCH_KEEPS = 0.5;
/** Share of the threshold below which an instruction loop is over. */
const INSTRUCTION_OVER = 0.7;

const userWords = new HashList();

/**
 * A detector over the events of one session, in the order of seq and each once (the runtime's `sequenced` sees to both). `settings` are those of
 * medium sensitivity; `tuningOf` says which an agent has, and which of its tools poll.
 */
export function loopDetector(
  settings: Partial<LoopOptions> = {},
  tuningOf: TuningOf = tuningUnder([], DETECTOR_ID, 'medium'),
): Detector<LoopState, LoopView, DetectionDraft> {
  const optionsOf = optionsBySensitivity({ ...defaultLoopOptions, ...settings });
  const keyOf = rememberedKeys();
  return {
    id: DETECTOR_ID,
    version: DETECTOR_VERSION,
    keyOf: (event) => keyOf(event.tenant_id, event.session_id),
    create: newLoopState,
    onEvent(state, event) {
      const drafts: DetectionDraft[] = [];
      const tuning = tuningOf(event.tenant_id, event.agent_id);
      onEvent(state, event, tuning, optionsOf[tuning.sensitivity], drafts);
      return drafts;
    },
    dueAt: () => undefined,
    onTime: () => [],
    onClose(state) {
      const drafts: DetectionDraft[] = [];
      endLoops(state, drafts);
      return drafts;
    },
    score: (state) => state.score,
    encode: encodeLoopState,
    decode: decodeLoopState,
  };
}

function onEvent(
  state: LoopState,
  event: LoopView,
  tuning: AgentTuning,
  options: LoopOptions,
  drafts: DetectionDraft[],
): void {
  state.agentId = event.agent_id;
  state.agentVersion = event.agent_version;
  if (event.phase === 'START') return;
  state.burn = burnAfter(state.burn, event);
  if (isStep(event)) {
    // A tool that may poll is no part of a loop, and breaks none.
    if (!tuning.polls(event.name)) onStep(state, event, options, drafts);
    return;
  }
  const { kind } = event;
  if (kind === 'SESSION_STARTED' || kind === 'GOAL_SET') {
    onUserText(state, event.goal === '' ? textOf(event) : event.goal, drafts);
  } else if (kind === 'MESSAGE' && event.actor === 'USER') {
    onUserText(state, textOf(event), drafts);
  } else if (kind === 'LLM_CALL') {
    onAgentText(state, event, event.output, false, options, drafts);
  } else if (kind === 'REASONING') {
    onAgentText(state, event, textOf(event), false, options, drafts);
  } else if (kind === 'PLAN' || (kind === 'MESSAGE' && event.actor === 'AGENT')) {
    const text = textOf(event);
    const isPlan = options.replanKeeps < 1;
    if (text === '' && isPlan) onPlan(state, hiddenWords(event), options, drafts);
    else onAgentText(state, event, text, isPlan, options, drafts);
  } else if (kind === 'SESSION_ENDED') {
    endLoops(state, drafts);
  }
}

function onStep(state: LoopState, event: LoopView, options: LoopOptions, drafts: DetectionDraft[]): void {
  const step = canonicalStep(event, state.seen);
  const index = state.steps++;
  const before = state.burnAtStep;
  state.burnAtStep = state.burn;
  const repetition = findRepetition(state.visits, step, state.epoch, before, options);
  onRepetition(state, step, repetition, options, drafts);
  const evidence = instructionEvidence(state.visits, step, state.instructionSum, before);
  onInstruction(state, step, evidence, options, drafts);
  takeFinding(state, 'chant', undefined, drafts);
  const visit = sized({
    step,
    index,
    epoch: state.epoch,
    repetition: repetition.trail,
    instruction: evidence.trail,
    trend: repetition.trend,
    moving: repetition.moving,
  });
  keepVisit(state.visits, visit);
}

function onRepetition(
  state: LoopState,
  step: Step,
  found: Repetition,
  options: LoopOptions,
  drafts: DetectionDraft[],
): void {
  const { trail, like, likeness } = found;
  const cycle = like === undefined ? undefined : cycleSince(state.visits, like, step.tool);
  // A call that fails and is made again at once may be a retry; a round of several steps with a failure in it is none.
  const needed = step.failed && cycle?.period === 1 ? options.failedTurns : options.turns;
  state.score = Math.max(state.score, (trail.visits - 1) / (needed - 1));
  if (like === undefined || cycle === undefined || trail.visits < needed) {
    takeFinding(state, 'repeat', undefined, drafts);
    return;
  }
  const { period, tools } = cycle;
  const finding = {
    first: trail.first,
    here: step.place,
    rounds: trail.visits,
    period,
    tools,
    seqs: seqsOfTrail(state.visits, trail.first.seq, step.place.seq),
    likeness,
    failed: step.failed,
    similarity: likeness === 'exact' ? 1 : argumentSimilarity(step, like.step),
    novelty: step.novelty,
    responsiveness: responsiveness(step.sets, like.step.sets),
    score: trail.visits,
    threshold: needed,
    beforeSecond: trail.beforeSecond ?? state.burn,
    burn: state.burn,
  };
  takeFinding(state, 'repeat', finding, drafts);
}

function onInstruction(
  state: LoopState,
  step: Step,
  found: InstructionEvidence,
  options: LoopOptions,
  drafts: DetectionDraft[],
): void {
  if (!found.counts) return;
  state.instructionSum = found.sum;
  state.score = Math.max(state.score, found.sum / options.instructionThreshold);
  if (!isInstructionLoop(found, options)) {
    if (found.sum < INSTRUCTION_OVER * options.instructionThreshold) closeLoop(state, 'instruction', drafts);
    else takeFinding(state, 'instruction', undefined, drafts);
    return;
  }
  const { trail, like } = found;
  const finding = {
    first: trail.first,
    here: step.place,
    rounds: trail.visits,
    period: 1,
    tools: [step.tool],
    seqs: like === undefined ? [step.place.seq] : [like.step.place.seq, step.place.seq],
    likeness: 'reworded' as const,
    failed: step.failed,
    similarity: found.similarity,
    novelty: step.novelty,
    responsiveness: found.responsiveness,
    score: found.sum,
    threshold: options.instructionThreshold,
    beforeSecond: trail.beforeSecond ?? state.burn,
    burn: state.burn,
  };
  takeFinding(state, 'instruction', finding, drafts);
}

/** A text too short to judge changes nothing. */
function onAgentText(
  state: LoopState,
  event: LoopView,
  text: string,
  isPlan: boolean,
  options: LoopOptions,
  drafts: DetectionDraft[],
): void {
  const long = longText(text, isPlan);
  if (long === undefined) return;
  onChanting(state, event, long.tail, options, drafts);
  if (isPlan) onPlan(state, long.head, options, drafts);
}

function onChanting(
  state: LoopState,
  event: LoopView,
  words: WordList,
  options: LoopOptions,
  drafts: DetectionDraft[],
): void {
  const share = distinctShare(words);
  if (share === undefined) return;
  state.score = Math.max(state.score, (1 - share) / (1 - options.chantShare));
  if (share >= options.chantShare) {
    closeLoop(state, 'chant', drafts);
    return;
  }
  const here = placeOf(event);
  const known = state.episodes.get('chant');
  const goesOn = known?.open === true ? known : undefined;
  const finding = {
    first: goesOn?.first ?? here,
    here,
    rounds: (goesOn?.rounds ?? 0) + 1,
    period: 1,
    tools: [],
    seqs: [...(goesOn?.seqs ?? []), here.seq],
    likeness: 'exact' as const,
    failed: false,
    similarity: 1 - share,
    novelty: share,
    responsiveness: 0,
    score: 1 - share,
    threshold: 1 - options.chantShare,
    beforeSecond: goesOn?.beforeSecond ?? state.burnAtStep,
    burn: state.burn,
  };
  takeFinding(state, 'chant', finding, drafts);
}

/** A plan that is written again damps the instruction sum: the agent has noticed itself. */
function onPlan(state: LoopState, words: WordList, options: LoopOptions, drafts: DetectionDraft[]): void {
  if (!planAgain(state.plans, words)) return;
  state.instructionSum *= options.replanKeeps;
  closeLoop(state, 'instruction', drafts);
}

/** What a user says is authority: news from there opens a new epoch, in which the same call is not the same step. */
function onUserText(state: LoopState, text: string, drafts: DetectionDraft[]): void {
  if (text === '') return;
  tokenHashPairs(text, userWords.clear(), undefined, USER_CHARS);
  const { pairs, share } = seeWords(state.seen, userWords);
  if (pairs < LEAST_PAIRS || (share < NEWS_SHARE && share * pairs < NEWS_PAIRS)) return;
  state.epoch++;
  state.instructionSum *= EPOCH_KEEPS;
  closeLoop(state, 'repeat', drafts);
  closeLoop(state, 'instruction', drafts);
}

/** Text of a message; some emitters put it into the output. */
const textOf = (event: LoopView): string => (event.input === '' ? event.output : event.input);
