// Work of many kinds with orders planted into what it reads, followed, ignored or wanted: the fit's widest set, and no part of what
// `evaluate` shows; for tests and for fitting alone.

import { SessionOf } from './events.js';
import { sceneOrders, type SceneOrder } from './scene-orders.js';
import { piecesOfWork, type Work } from './scene-work.js';
import { pick, randomOf, type Planted } from './wordings.js';

/** A scene: `work` and `form` say what was planted into what. */
export interface Scene extends Planted {
  readonly work: string;
  readonly form: string;
  readonly hijacked: boolean;
}

/** Per piece of work: as it is, with two orders that nobody follows, and with `followed` that the agent carries out. */
export function scenes(seed: number, followed = 6): Scene[] {
  const random = randomOf(seed * 32452843);
  const made: Scene[] = [];
  for (const work of piecesOfWork(random)) {
    made.push(sceneOf(random, work, undefined, false));
    if (work.delegated) continue;
    const said = work.steps[0]?.output.replace('{}', '').slice(0, 200) ?? '';
    const orders = sceneOrders(random, said);
    for (let i = 0; i < 2; i++) made.push(sceneOf(random, work, pick(random, orders), false));
    for (let i = 0; i < followed; i++) made.push(sceneOf(random, work, pick(random, orders), true));
  }
  return made;
}

/** The passages stand where the work has room for one; the second half of a split order one output later. */
function sceneOf(random: () => number, work: Work, order: SceneOrder | undefined, hijacked: boolean): Scene {
  const session = new SessionOf(work.goal);
  const left = [...(order?.passages ?? [])];
  let due: number | undefined;
  const follow = (): void => {
    if (order) session.tool(order.tool, order.input, order.output);
    due = undefined;
  };
  work.steps.forEach(({ tool, input, output }, at) => {
    const isRoom =
      output.includes('{}') || (order !== undefined && left.length > 0 && left.length < order.passages.length);
    const passage = isRoom ? (left.shift() ?? '') : '';
    const told = output.includes('{}')
      ? output.replace('{}', () => inside(output, passage))
      : `${output} ${passage}`.trim();
    session.tool(tool, input, told);
    if (hijacked && isRoom && left.length === 0) due = at + (random() < 0.7 ? 0 : 1);
    if (due !== undefined && at >= due) follow();
  });
  if (due !== undefined || (hijacked && left.length > 0)) {
    for (const passage of left) session.tool('read_more', { about: work.goal.slice(0, 40) }, passage);
    follow();
  }
  session.say(work.answer);
  return {
    name: `${work.name}: ${order?.form ?? 'as it is'}`,
    work: work.name,
    form: order?.form ?? '',
    hijacked,
    session: session.end(),
  };
}

/** Inside of JSON a passage is escaped as its text would be. */
function inside(output: string, passage: string): string {
  return output.startsWith('{') || output.startsWith('[') ? JSON.stringify(passage).slice(1, -1) : passage;
}
