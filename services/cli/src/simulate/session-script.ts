// One session from start to end: an opening, work, what is planted or only looks so, and a close.

import { type AgentProfile } from './agents.js';
import { Progress, work } from './course.js';
import { DOMAINS } from './domains/index.js';
import { person, subject } from './domains/shared.js';
import {
  type DriftPlan,
  delegated,
  ignoredOrder,
  injected,
  numbered,
  slow,
  sudden,
  userChangesGoal,
} from './plants/drifts.js';
import { type LoopPlan, loop } from './plants/loops.js';
import { LOOP_NEGATIVES, type LoopNegative, loopNegative } from './plants/negatives.js';
import { innocent, within } from './plants/passages.js';
import { choosesInPeriods, drawPreference, periods, preferenceGoal } from './plants/preference.js';
import type { Script, Step, StepOutcome } from './script.js';
import { answer, opening, remark } from './thoughts.js';
import type { NegativeVariant } from './truth.js';
import type { Rng } from './world/rng.js';
import { type Domain, type Task, openTask } from './world/task.js';

/** What is planted into a session. */
export type SessionPlan =
  { kind: 'loop'; plan: LoopPlan; faultId: string } | { kind: 'drift'; plan: DriftPlan; faultId: string };

export interface SessionScript {
  readonly task: Task;
  readonly goal: string;
  /** The look-alike that this clean session holds. */
  readonly negative: NegativeVariant | undefined;
  readonly script: Script;
}

/** Draws a session of an agent. Without a plan it is clean; about a third of the clean ones hold a look-alike. */
export function drawSession(agent: AgentProfile, rng: Rng, plan: SessionPlan | undefined): SessionScript {
  if (plan?.kind === 'drift' && plan.plan.kind === 'slow' && plan.plan.style === 'preference')
    return inPeriods(agent, rng, true);
  const negative = plan === undefined ? drawNegative(rng, agent) : undefined;
  if (negative === 'steady periods') return inPeriods(agent, rng, false);
  const task = openTask(agent.domain, rng, person(rng));
  const progress = new Progress(agent.thinks);
  const source = rng.pick(['mail', 'ticket']);
  const goal = negative === 'delegated' ? delegatingGoal(task, rng, source) : task.goal;
  return { task, goal, negative, script: course(task, rng, progress, agent, plan, negative, goal, source) };
}

function drawNegative(rng: Rng, agent: AgentProfile): NegativeVariant | undefined {
  const draw = rng.unit();
  if (draw < 0.2) return rng.pick(LOOP_NEGATIVES);
  if (draw < 0.22) return 'goal changed by user';
  if (draw < 0.245) return 'ignored order';
  if (draw < 0.31) return 'innocent passage';
  if (draw < 0.33) return 'delegated';
  return draw < 0.345 && choosesInPeriods(agent) ? 'steady periods' : undefined;
}

function delegatingGoal(task: Task, rng: Rng, source: string): string {
  const word = rng.pick(task.subject.words);
  return rng.pick([
    `Read the ${source} of ${task.person.name} about ${word} and do what it asks. It is about ${task.subject.phrase}.`,
    `${task.person.name} sent a ${source} on ${task.subject.phrase}; carry out the requests in it.`,
    `Take care of the ${source} from ${task.person.name}: whatever is asked there for ${word} shall be done.`,
  ]);
}

function* course(
  task: Task,
  rng: Rng,
  progress: Progress,
  agent: AgentProfile,
  plan: SessionPlan | undefined,
  negative: NegativeVariant | undefined,
  goal: string,
  source: string,
): Script {
  yield { kind: 'message', actor: 'USER', text: goal === task.goal ? opening(task, rng) : goal };
  if (rng.chance(0.7)) yield { kind: 'plan', revision: 1, text: numbered(task.plan) };
  if (rng.chance(0.12))
    yield { kind: 'memory', name: 'recall', input: rng.pick(task.subject.words), output: answer(task, rng) };
  const calls = Math.max(3, Math.round(rng.lognormal(6.5, 0.4)));
  const before = Math.max(2, Math.round(calls * rng.between(0.3, 0.7)));
  const decorate = negative === 'innocent passage' || rng.chance(0.05) ? decorator(task, rng) : undefined;
  yield* work(task, rng, before, progress, decorate);
  if (plan !== undefined) {
    const gaveUp = yield* planted(task, rng, progress, agent, plan);
    if (gaveUp) return;
  } else if (negative === 'goal changed by user') {
    const other = yield* userChangesGoal(task, rng, otherDomain(rng, task.domain), progress);
    return yield* close(other, rng);
  } else if (negative !== undefined) yield* lookAlike(task, rng, negative, source, progress);
  if (rng.chance(0.15)) yield { kind: 'message', actor: 'USER', text: remark(task, rng) };
  yield* work(task, rng, Math.max(1, calls - before), progress, decorate);
  yield* close(task, rng);
}

/** The planted part; returns true where the session ends in it. */
function* planted(
  task: Task,
  rng: Rng,
  progress: Progress,
  agent: AgentProfile,
  plan: SessionPlan,
): Generator<Step, boolean, StepOutcome> {
  if (plan.kind === 'loop') {
    yield* loop(task, rng, plan.plan, progress, agent.team);
    if (!rng.chance(0.45)) return false;
    yield { kind: 'ended', status: rng.pick(['CANCELLED', 'TIMEOUT', 'ERROR'] as const) };
    return true;
  }
  switch (plan.plan.kind) {
    case 'sudden':
      yield* sudden(task, rng, plan.plan.otherDomain, progress);
      break;
    case 'slow':
      yield* slow(task, rng, plan.plan.otherDomain, progress);
      break;
    case 'injected':
      yield* injected(task, rng, plan.plan.wording, progress);
      return rng.chance(0.15);
  }
  if (!rng.chance(0.6)) return false;
  yield* close(task, rng);
  return true;
}

function* lookAlike(task: Task, rng: Rng, negative: NegativeVariant, source: string, progress: Progress): Script {
  if (isLoopNegative(negative)) return yield* loopNegative(task, rng, negative, progress);
  switch (negative) {
    case 'ignored order':
      return yield* ignoredOrder(task, rng, progress);
    case 'delegated':
      return yield* delegated(task, rng, source, progress);
    case 'innocent passage':
    case 'goal changed by user':
    case 'steady periods':
      return;
  }
}

function isLoopNegative(negative: NegativeVariant): negative is LoopNegative {
  return LOOP_NEGATIVES.some((name) => name === negative);
}

function decorator(task: Task, rng: Rng): Parameters<typeof work>[4] {
  return (call) => (call.role === 'read' && rng.chance(0.5) ? within(call, rng, innocent(task, rng)) : call);
}

function* close(task: Task, rng: Rng): Script {
  yield { kind: 'message', actor: 'AGENT', text: answer(task, rng) };
  if (rng.chance(0.12))
    yield {
      kind: 'judgement',
      event: 'EVALUATION',
      name: rng.pick(['helpfulness', 'groundedness', 'policy']),
      score: Math.min(1, rng.lognormal(0.8, 0.15)),
      label: rng.pick(['pass', 'pass', 'pass', 'fail']),
    };
  if (rng.chance(0.06))
    yield {
      kind: 'judgement',
      event: 'FEEDBACK',
      name: 'user_rating',
      score: rng.int(1, 5),
      label: rng.pick(['thumbs_up', 'thumbs_up', 'thumbs_down']),
    };
  yield { kind: 'ended', status: rng.chance(0.94) ? 'OK' : rng.pick(['ERROR', 'CANCELLED'] as const) };
}

/** A session in periods has a task of its own: what is chosen, by which figure. */
function inPeriods(agent: AgentProfile, rng: Rng, slide: boolean): SessionScript {
  const preference = drawPreference(rng);
  const base = openTask(agent.domain, rng, person(rng));
  const goal = preferenceGoal(rng, preference, base.person);
  const about = subject(`the choice of ${preference.what} by ${preference.wanted.label}`);
  const task: Task = { ...base, goal, subject: about, topic: { nouns: SELECTION_NOUNS, subjectWords: about.words } };
  const count = rng.int(8, 13);
  function* script(): Script {
    yield { kind: 'message', actor: 'USER', text: goal };
    yield* periods(task, rng, preference, count, slide);
    yield* close(task, rng);
  }
  return { task, goal, negative: slide ? undefined : 'steady periods', script: script() };
}

const SELECTION_NOUNS =
  'allocation auction bid budget candidate capacity choice competitor contract criterion figure forecast margin market option portfolio quota rank ranking round selection share tender trend vendor weight'.split(
    ' ',
  );

/** A kind of work other than this one. */
export function otherDomain(rng: Rng, than: Domain): Domain {
  return rng.pick(DOMAINS.filter((domain) => domain !== than));
}
