// What looks like a loop and is none: polling with news, paging, retries that succeed, batches, repairs that make progress.

import { type Progress, attempt, failure, newCall, ordinary, settled } from '../course.js';
import type { Script } from '../script.js';
import { again, beforeCall } from '../thoughts.js';
import { clause, prose } from '../world/prose.js';
import { callTool, listing } from '../world/render.js';
import type { Rng } from '../world/rng.js';
import { type Call, type Task, type Tool, toolsOf } from '../world/task.js';

export const LOOP_NEGATIVES = ['polling', 'progress', 'paging', 'retry', 'batch', 'repair', 'recheck'] as const;
export type LoopNegative = (typeof LOOP_NEGATIVES)[number];

export function* loopNegative(task: Task, rng: Rng, kind: LoopNegative, progress: Progress): Script {
  switch (kind) {
    case 'polling':
      return yield* polling(task, rng, progress, (round) => news(task, rng, round));
    case 'progress': {
      let share = rng.int(1, 12);
      return yield* polling(task, rng, progress, (round, rounds) => {
        share = round === rounds - 1 ? 100 : Math.min(99, share + rng.int(4, 22));
        return `status: ${share === 100 ? 'finished' : 'running'}, progress ${share} %, ${rng.int(share, share * 90)} rows, ${rng.int(0, 3)} warnings`;
      });
    }
    case 'paging':
      return yield* paging(task, rng, progress);
    case 'retry':
      return yield* retry(task, rng, progress);
    case 'batch':
      return yield* batch(task, rng, progress);
    case 'repair':
      return yield* repair(task, rng, progress);
    case 'recheck':
      return yield* recheck(task, rng, progress);
  }
}

/** The same question several times while the answer moves. */
function* polling(task: Task, rng: Rng, progress: Progress, text: (round: number, rounds: number) => string): Script {
  const item = task.item(progress.fresh());
  const rounds = rng.int(4, 8);
  const args = { job: item.id, wait: rng.int(5, 60) };
  const tool = rng.pick(['get_status', 'check_progress', 'poll_job', 'read_inbox']);
  for (let round = 0; round < rounds; round++) {
    const call: Call = { tool, role: 'check', args, output: text(round, rounds), medianMs: 200 };
    if (rng.chance(progress.thinks * 0.6))
      yield {
        kind: 'think',
        text: round === 0 ? beforeCall(task, rng, call) : `${clause(rng, task.topic)}: wait a little and look again.`,
      };
    yield settled(call);
    yield { kind: 'wait', seconds: rng.lognormal(15, 0.6) };
  }
}

function news(task: Task, rng: Rng, round: number): string {
  return `${rng.int(1, 4)} new since the last look (round ${round + 1}):\n${Array.from({ length: rng.int(2, 4) }, () => `- ${prose(rng, task.topic, 1)}`).join('\n')}`;
}

/** One query, page after page. */
function* paging(task: Task, rng: Rng, progress: Progress): Script {
  const tool = rng.pick(toolsOf(task.domain, 'find'));
  const first = callTool(task, tool, rng, 0);
  const byCursor = rng.chance(0.4);
  const pages = rng.int(4, 8);
  for (let page = 1; page <= pages; page++) {
    const args =
      typeof first.args === 'string' ? {} : { ...first.args, ...(byCursor ? { cursor: rng.hex(12) } : { page }) };
    const call: Call = { ...first, args, output: `page ${page} of ${pages}\n${listing(task, rng, 4 * page, 4)}` };
    if (rng.chance(progress.thinks * 0.5)) yield { kind: 'think', text: beforeCall(task, rng, call) };
    yield ordinary(call);
  }
}

/** A call fails once or twice and then succeeds. */
function* retry(task: Task, rng: Rng, progress: Progress): Script {
  const call = newCall(task, rng, rng.pick(['find', 'read', 'check', 'act']), progress);
  if (call === undefined) return;
  yield { kind: 'think', text: beforeCall(task, rng, call) };
  for (let failed = rng.int(1, 2); failed > 0; failed--) {
    yield settled(call, failure(rng));
    yield { kind: 'wait', seconds: rng.lognormal(4, 0.5) };
    if (rng.chance(0.6)) yield { kind: 'think', text: again(task, rng, call) };
  }
  yield settled(call);
}

/** The same tool over many records; the answers may be as terse as 'ok'. */
function* batch(task: Task, rng: Rng, progress: Progress): Script {
  const tool: Tool = rng.pick(
    toolsOf(task.domain, rng.pick(['act', 'read', 'check'])).filter(
      ({ name }) => name !== 'find_contact' && name !== 'send_email',
    ),
  );
  const terse = tool.role === 'act' && rng.chance(0.5);
  for (let count = rng.int(5, 10); count > 0; count--) {
    const call = callTool(task, tool, rng, progress.fresh());
    if (!progress.isNew(call)) continue;
    if (rng.chance(progress.thinks * 0.3)) yield { kind: 'think', text: beforeCall(task, rng, call) };
    yield ordinary(terse ? { ...call, output: `ok ${task.item(rng.int(0, 9)).id}` } : call);
  }
}

/** Change and test by turns, with fewer failures each time. */
function* repair(task: Task, rng: Rng, progress: Progress): Script {
  const change = rng.pick(toolsOf(task.domain, 'act').filter(({ name }) => name !== 'send_email'));
  const check = rng.pick(toolsOf(task.domain, 'check').filter(({ name }) => name !== 'find_contact'));
  const probe = callTool(task, check, rng, progress.fresh());
  let left = rng.int(6, 14);
  for (let round = rng.int(3, 5); round > 0; round--) {
    const act = callTool(task, change, rng, progress.fresh());
    yield { kind: 'think', text: beforeCall(task, rng, act) };
    yield settled(act);
    left = round === 1 ? 0 : Math.max(1, left - rng.int(1, 4));
    const lines = Array.from({ length: Math.min(4, left) }, () => `✗ ${clause(rng, task.topic)}`).join('\n');
    yield settled({ ...probe, output: `${left} open, ${rng.int(20, 90)} fine\n${lines}` });
  }
}

/** The user asks to look again: the same call twice, far apart. */
function* recheck(task: Task, rng: Rng, progress: Progress): Script {
  const call = newCall(task, rng, 'check', progress);
  if (call === undefined) return;
  yield* attempt(task, rng, call, progress);
  yield {
    kind: 'message',
    actor: 'USER',
    text: rng.pick([
      'Are you sure? Please look again.',
      'Could you check that once more?',
      'Has anything changed meanwhile?',
    ]),
  };
  yield settled(call);
}
