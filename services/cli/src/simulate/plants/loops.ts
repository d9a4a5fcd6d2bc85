// Planted loops: a cycle of one to six calls that goes round without bringing news.

import { type Progress, failure, settled } from '../course.js';
import type { Failure, Script } from '../script.js';
import { again, beforeCall, instruction } from '../thoughts.js';
import { clause } from '../world/prose.js';
import { callTool } from '../world/render.js';
import type { Rng } from '../world/rng.js';
import { type Args, type Call, type Task, resultRng, toolsOf } from '../world/task.js';

export const LOOP_STYLES = ['exact', 'jittered'] as const;
export type LoopStyle = (typeof LOOP_STYLES)[number];
/** What changes from round to round without changing the meaning. */
export const JITTERS = ['number', 'id', 'wording', 'format'] as const;
export type Jitter = (typeof JITTERS)[number];

export interface LoopPlan {
  readonly period: number;
  readonly style: LoopStyle;
  readonly jitter: Jitter | undefined;
  readonly rounds: number;
  /** Results carry a stamp of their own each time. */
  readonly volatile: boolean;
  /** Every round meets the same error. */
  readonly failing: boolean;
}

/** Draws a loop of a given period and style. */
export function planLoop(rng: Rng, period: number, style: LoopStyle): LoopPlan {
  const most = period === 1 ? 10 : period <= 3 ? 7 : 5;
  return {
    period,
    style,
    jitter: style === 'jittered' ? rng.pick(JITTERS) : undefined,
    rounds: rng.int(period === 1 ? 5 : 4, most),
    volatile: rng.chance(0.35),
    failing: period <= 2 && rng.chance(0.2),
  };
}

/** The loop itself. `instructed`: the calls are orders in free text to a worker. Proven once the third round is complete. */
export function* loop(task: Task, rng: Rng, plan: LoopPlan, progress: Progress, instructed: boolean): Script {
  const body = bodyOf(task, rng, plan.period, progress);
  const fault: Failure | undefined = plan.failing ? failure(rng) : undefined;
  const noisyRound = plan.style === 'jittered' && rng.chance(0.2) ? rng.int(1, plan.rounds - 1) : -1;
  yield { kind: 'mark', mark: 'begins' };
  for (let round = 0; round < plan.rounds; round++) {
    for (const first of body) {
      const call = nextRound(task, rng, plan, first, round, instructed);
      if (rng.chance(progress.thinks * 0.85)) {
        yield { kind: 'think', text: round === 0 ? beforeCall(task, rng, call) : again(task, rng, call) };
      }
      yield settled(call, fault);
    }
    if (round === 2) yield { kind: 'mark', mark: 'proven' };
    if (round === noisyRound) {
      const aside = callTool(task, rng.pick(toolsOf(task.domain, 'read')), rng, progress.fresh());
      if (progress.isNew(aside)) yield settled(aside);
    }
  }
  yield { kind: 'mark', mark: 'ends' };
}

/** `period` different calls, by different tools as far as the domain has them. */
function bodyOf(task: Task, rng: Rng, period: number, progress: Progress): Call[] {
  const named = task.goal.includes(task.person.name);
  const tools = rng.shuffled(
    task.domain.tools.filter(({ name, role }) => {
      if (name === 'find_contact' || name === 'send_email') return named && rng.chance(0.4);
      return role !== 'act' || rng.chance(0.4);
    }),
  );
  const body: Call[] = [];
  for (let at = 0; body.length < period && at < 40; at++) {
    const tool = tools[at % tools.length];
    if (tool === undefined) break;
    const call = callTool(task, tool, rng, progress.fresh());
    if (progress.isNew(call)) body.push(call);
  }
  return body;
}

function nextRound(task: Task, rng: Rng, plan: LoopPlan, first: Call, round: number, instructed: boolean): Call {
  const output = plan.volatile ? stamped(rng, first.output) : first.output;
  // In a team, wording is the jitter that instructions have by nature; an exact loop repeats the same order to the letter.
  if (instructed) {
    const own = resultRng(task, first.tool, 'why');
    const [form, why] =
      plan.style === 'exact'
        ? [0, clause(own, task.topic)]
        : [rng.int(0, 5), clause(rng.chance(0.5) ? rng : own, task.topic)];
    return { ...first, output, args: instruction(form, first, why) };
  }
  if (round === 0 || plan.jitter === undefined || typeof first.args === 'string') return { ...first, output };
  return { ...first, output, args: jittered(task, rng, plan.jitter, first.args) };
}

function stamped(rng: Rng, output: string): string {
  const stamp = `2026-11-${rng.code('2#')}T${rng.int(10, 23)}:${rng.int(10, 59)}:${rng.int(10, 59)}Z`;
  if (output.startsWith('{') && output.endsWith('}'))
    return `${output.slice(0, -1)},"request_id":"${rng.hex(16)}","at":"${stamp}"}`;
  return rng.chance(0.5) ? `${output}\n(fetched ${stamp}, ${rng.int(12, 900)} ms)` : `[${stamp}] ${output}`;
}

function jittered(task: Task, rng: Rng, jitter: Jitter, args: Args): Args {
  switch (jitter) {
    case 'number':
      return { ...args, [rng.pick(['limit', 'timeout', 'page_size', 'max'])]: rng.int(3, 120) };
    case 'id':
      return {
        ...args,
        request_id: rng.chance(0.5) ? rng.hex(32) : rng.code('req-########'),
        ...(rng.chance(0.3) ? { ts: rng.int(1_780_000_000, 1_799_999_999) } : {}),
      };
    case 'wording':
      return reworded(task, rng, args);
    case 'format':
      return reformatted(rng, args);
  }
}

/** The longest text of the arguments in other words: shuffled, with a filler or one word less. */
function reworded(task: Task, rng: Rng, args: Args): Args {
  const [name, text] = Object.entries(args)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .reduce((best, entry) => (entry[1].length > best[1].length ? entry : best), ['note', clause(rng, task.topic)]);
  const words = text.split(' ');
  if (words.length < 3) return { ...args, note: rng.pick(['again', 'please', 'once more', 'retry', 'check']) };
  const at = rng.int(0, words.length - 2);
  const swapped = words.map((word, index) => (index === at ? words[at + 1] : index === at + 1 ? words[at] : word));
  const filler = rng.pick(['', ' please', ' now', ' details', ' again', ' info']);
  return { ...args, [name]: (rng.chance(0.2) && words.length > 5 ? swapped.slice(0, -1) : swapped).join(' ') + filler };
}

function reformatted(rng: Rng, args: Args): Args {
  const change = (value: Args[string]): Args[string] => {
    if (typeof value !== 'string' || value === '') return value;
    const at = rng.int(0, value.length - 1);
    switch (rng.int(0, 3)) {
      case 0:
        return value.toUpperCase();
      case 1:
        return `${' '.repeat(rng.int(0, 2))}${value.replace(/ /g, '  ')}${' '.repeat(rng.int(1, 3))}`;
      case 2:
        return `"${value}"`;
      default:
        return `${value.slice(0, at)}${value.charAt(at).toUpperCase()}${value.slice(at + 1)}${rng.pick(['.', '', '?'])}`;
    }
  };
  const entries = Object.entries(args).map(([name, value]) => [name, change(value)] as const);
  const hasText = Object.values(args).some((value) => typeof value === 'string' && value !== '');
  return Object.fromEntries(
    rng.shuffled(hasText ? entries : [...entries, ['format', rng.pick(['json', 'text', 'full', 'short'])] as const]),
  );
}
