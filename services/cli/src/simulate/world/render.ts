// How tools put their results: lists, records, states and confirmations, in the several styles that real tools have.

import { clause, prose } from './prose.js';
import type { Rng } from './rng.js';
import { type Args, type Call, type Item, type Task, type Tool, resultRng } from './task.js';

/** Calls `tool` on an item. `key` stands for the arguments where jitter must not change the result. */
export function callTool(
  task: Task,
  tool: Tool,
  rng: Rng,
  itemIndex: number,
  fixed: { args?: Args; key?: string; version?: number } = {},
): Call {
  const item = task.item(itemIndex);
  const args = fixed.args ?? tool.args(task, rng, item);
  const world = resultRng(task, tool.name, fixed.key ?? JSON.stringify(args), fixed.version);
  const output = tool.output?.(task, world, item) ?? usualOutput(task, tool, world, item, itemIndex);
  return { tool: tool.name, role: tool.role, args, output, medianMs: tool.medianMs };
}

function usualOutput(task: Task, tool: Tool, rng: Rng, item: Item, itemIndex: number): string {
  switch (tool.role) {
    case 'find':
      return listing(task, rng, itemIndex, rng.int(3, 6));
    case 'read':
      return detail(task, rng, item);
    case 'check':
      return state(task, rng, item);
    case 'act':
      return confirmation(task, rng, item);
  }
}

/** Some of the world's records from `first` on, each with a line that is this call's own. */
export function listing(task: Task, rng: Rng, first: number, count: number): string {
  const style = task.seed % 3;
  const rows: string[] = [];
  for (let index = first; index < first + count; index++) {
    const item = task.item(index);
    const fields = Object.entries(item.fields).slice(0, 3);
    const note = clause(rng, task.topic);
    if (style === 0) rows.push(JSON.stringify({ id: item.id, title: item.title, ...Object.fromEntries(fields), note }));
    else if (style === 1)
      rows.push(`${item.id} | ${item.title} | ${fields.map(([, value]) => value).join(' | ')} | ${note}`);
    else
      rows.push(
        `- ${item.title} (${item.id}): ${fields.map(([name, value]) => `${name} ${value}`).join(', ')}. ${note}`,
      );
  }
  if (style === 0) return `{"results":[${rows.join(',')}],"total":${rng.int(count, 140)}}`;
  if (style === 1)
    return `id | title | ${Object.keys(task.item(first).fields).slice(0, 3).join(' | ')} | note\n${rows.join('\n')}`;
  return `${rng.int(count, 140)} results, best first:\n${rows.join('\n')}`;
}

/** One record in full, with a passage of prose. */
export function detail(task: Task, rng: Rng, item: Item): string {
  const text = prose(rng, task.topic, rng.int(2, 6));
  switch (rng.int(0, 2)) {
    case 0:
      return JSON.stringify({ id: item.id, title: item.title, ...item.fields, description: text });
    case 1:
      return `${item.title}\n\n${text}\n\n${pairs(item, '\n')}`;
    default:
      return `# ${item.title} [${item.id}]\n${pairs(item, '; ')}\n${text}`;
  }
}

/** How something stands: a few fields and a sentence. */
export function state(task: Task, rng: Rng, item: Item): string {
  const found = rng.pick([
    'ok',
    'complete',
    'within limits',
    'one remark',
    'confirmed',
    'accepted',
    'partly done',
    'needs a look',
  ]);
  const text = prose(rng, task.topic, rng.int(1, 3));
  return rng.chance(0.5)
    ? JSON.stringify({ item: item.id, state: found, checked: rng.int(3, 60), remarks: text })
    : `${item.id}: ${found} (${rng.int(3, 60)} points checked). ${text}`;
}

/** That something was done, sometimes as tersely as real tools do. */
export function confirmation(task: Task, rng: Rng, item: Item): string {
  const reference = rng.code('??????');
  switch (rng.int(0, 3)) {
    case 0:
      return JSON.stringify({ success: true, reference, item: item.id });
    case 1:
      return `Done. Reference ${reference}; ${clause(rng, task.topic)}.`;
    case 2:
      return `${item.title}: saved as ${reference}.`;
    default:
      return JSON.stringify({ status: 'accepted', id: reference, summary: clause(rng, task.topic) });
  }
}

function pairs(item: Item, separator: string): string {
  return Object.entries(item.fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join(separator);
}
