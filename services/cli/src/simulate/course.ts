// The ordinary course of work: look for records, read some, check, act; with retries where a call fails.

import type { Failure, Script, Step } from './script.js';
import { again, beforeCall, giveUp } from './thoughts.js';
import { callTool } from './world/render.js';
import type { Rng } from './world/rng.js';
import { type Call, type Task, type Tool, type ToolRole, toolsOf } from './world/task.js';

/** What a course has used up, so that no call is made twice by chance. */
export class Progress {
  private nextItem = 0;
  private readonly asked = new Set<string>();
  contactKnown = false;
  mails = 0;
  /** Share of calls that an LLM call precedes; some agents think aloud, some do not. */
  constructor(readonly thinks: number) {}

  /** Counters for another task, with the same habit of thinking. */
  another(): Progress {
    return new Progress(this.thinks);
  }

  /** An index of a record not yet opened. */
  fresh(): number {
    return this.nextItem++;
  }

  /** Leaves out the next few records: a search has shown them already. */
  skip(count: number): void {
    this.nextItem += count;
  }

  /** One that was found before. */
  known(rng: Rng): number {
    return this.nextItem === 0 ? 0 : rng.int(0, this.nextItem - 1);
  }

  /** True the first time a call is seen. */
  isNew(call: Call): boolean {
    const key = call.tool + JSON.stringify(call.args);
    if (this.asked.has(key)) return false;
    this.asked.add(key);
    return true;
  }
}

const COURSE: readonly (readonly [ToolRole, number])[] = [
  ['find', 0.25],
  ['read', 0.4],
  ['check', 0.2],
  ['act', 0.15],
];

const LOOKING: readonly ToolRole[] = ['find', 'read', 'check'];

/** `count` calls of ordinary work, in phases with some going back. `decorate` may change a call's result (an advert, a passage). */
export function* work(
  task: Task,
  rng: Rng,
  count: number,
  progress: Progress,
  decorate: (call: Call) => Call = (call) => call,
): Script {
  for (let at = 0; at < count; at++) {
    const role = rng.chance(0.12) ? rng.pick(LOOKING) : phaseAt((at + rng.between(0, 0.99)) / count);
    const call = newCall(task, rng, role, progress);
    if (call !== undefined) yield* attempt(task, rng, decorate(call), progress);
  }
}

function phaseAt(share: number): ToolRole {
  let sum = 0;
  for (const [role, part] of COURSE) {
    sum += part;
    if (share < sum) return role;
  }
  return 'act';
}

/** A call of a role that this session has not made before; undefined after a few tries. */
export function newCall(task: Task, rng: Rng, role: ToolRole, progress: Progress): Call | undefined {
  const tools = toolsOf(task.domain, role);
  for (let tries = 0; tries < 4; tries++) {
    const tool = contactFirst(task, rng.pick(tools), progress);
    if (tool === undefined) continue;
    const call = callTool(
      task,
      tool,
      rng,
      tool.role === 'find' || rng.chance(0.7) ? progress.fresh() : progress.known(rng),
    );
    if (!progress.isNew(call)) continue;
    // A search shows several records, and the next one others.
    if (tool.role === 'find') progress.skip(rng.int(1, 4));
    return call;
  }
  return undefined;
}

/** Nobody writes to a person whom the goal does not name, nor before looking up the address, nor three times. */
function contactFirst(task: Task, tool: Tool, progress: Progress): Tool | undefined {
  if (tool.name !== 'send_email' && tool.name !== 'find_contact') return tool;
  if (!task.goal.includes(task.person.name)) return undefined;
  const lookUp = task.domain.tools.find(({ name }) => name === 'find_contact');
  if (lookUp !== undefined && !progress.contactKnown) {
    progress.contactKnown = true;
    return lookUp;
  }
  if (tool.name === 'find_contact') return undefined;
  return ++progress.mails > 2 ? undefined : tool;
}

/** Thinks, calls, and where the call fails tries once more or lets it be. */
export function* attempt(task: Task, rng: Rng, call: Call, progress: Progress): Script {
  if (rng.chance(progress.thinks)) yield { kind: 'think', text: beforeCall(task, rng, call) };
  const first = yield ordinary(call);
  if (!first.failed) return;
  if (rng.chance(0.8)) {
    if (rng.chance(progress.thinks)) yield { kind: 'think', text: again(task, rng, call) };
    const second = yield ordinary(call);
    if (!second.failed) return;
  }
  yield { kind: 'think', text: giveUp(task, rng, call) };
}

export function ordinary(call: Call): Step {
  return { kind: 'call', call, mayFail: true };
}

/** A call whose outcome the script has settled. */
export function settled(call: Call, failure?: Failure): Step {
  return failure === undefined
    ? { kind: 'call', call, mayFail: false }
    : { kind: 'call', call, mayFail: false, failure };
}

const FAILURES: readonly (readonly [string, string])[] = [
  ['RateLimited', 'too many requests, try again in # s'],
  ['UpstreamUnavailable', 'the service behind answered 503 after # tries'],
  ['NotFound', 'no such record: @@-####'],
  ['InvalidArgument', 'field # is not what was expected'],
  ['PermissionDenied', 'the token @@## lacks the scope for this'],
  ['ConnectionReset', 'peer closed the connection after ### bytes'],
  ['Conflict', 'version ## is newer than the one sent'],
];

/** A fault as tools report them. */
export function failure(rng: Rng): Failure {
  if (rng.chance(0.2)) return { type: 'Timeout', message: rng.code('no answer within ##.# s'), status: 'TIMEOUT' };
  const [type, message] = rng.pick(FAILURES);
  return { type, message: rng.code(message), status: 'ERROR' };
}
