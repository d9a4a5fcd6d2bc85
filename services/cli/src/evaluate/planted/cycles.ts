// Planted loops: some consecutive calls of a real session, made again and again, as they were or in disguise.

import type { TraceLine } from '../../replay/index.js';
import type { Rng } from '../../simulate/world/rng.js';
import { callKey, isTool, type Lines, type ToolLine } from './material.js';
import { otherNumbers, otherStamp, otherWords } from './mutate.js';

export const disguises = ['exact', 'volatile', 'jittered', 'reworded', 'with chatter', 'all at once'] as const;
export type Disguise = (typeof disguises)[number];

/** A session with something put in: lines from `from` on, before `to`. */
export interface Planted {
  readonly lines: Lines;
  readonly from: number;
  readonly to: number;
}

/** `turns` counts the honest first round. undefined where the session has no such cycle. */
export function plantCycle(
  host: Lines,
  period: number,
  disguise: Disguise,
  chatter: readonly string[],
  rng: Rng,
  turns = 3,
): Planted | undefined {
  const tools = host.flatMap((line, at) => (isTool(line) ? [at] : []));
  const starts = tools.flatMap((_, i) => {
    const cycle = tools.slice(i, i + period).flatMap((at) => host[at] ?? []);
    return cycle.length === period && new Set(cycle.filter(isTool).map(callKey)).size === period ? [i] : [];
  });
  if (starts.length === 0) return undefined;
  const start = rng.pick(starts);
  const end = (tools[start + period - 1] ?? 0) + 1;
  const cycle = tools.slice(start, start + period).flatMap((at) => host[at] ?? []);
  const again: TraceLine[] = [];
  for (let turn = 1; turn < turns; turn++)
    for (const call of cycle.filter(isTool)) {
      if (disguise === 'with chatter' || disguise === 'all at once')
        again.push({ ...call, kind: 'message', actor: 'agent', text: rng.pick(chatter) });
      again.push(disguised(call, disguise, rng));
    }
  return { lines: [...host.slice(0, end), ...again, ...host.slice(end)], from: end, to: end + again.length };
}

/** The call once more, without what the agent said before it. */
function disguised(call: ToolLine, disguise: Disguise, rng: Rng): ToolLine {
  const again = { ...call, text: '' };
  switch (disguise) {
    case 'exact':
    case 'with chatter':
      return again;
    case 'volatile':
      return { ...again, output: otherStamp(call.output, rng) };
    case 'jittered':
      return { ...again, args: otherNumbers(call.args, rng) };
    case 'reworded':
      return { ...again, args: otherWords(call.args, rng) };
    case 'all at once':
      return { ...again, args: otherNumbers(call.args, rng), output: otherStamp(call.output, rng) };
  }
}
