// Innocent twins of loops: work that repeats a call for good reason, put into real sessions.

import type { TraceLine } from '../../replay/index.js';
import type { Rng } from '../../simulate/world/rng.js';
import type { Planted } from './cycles.js';
import { isInstruction, isTool, type Lines, type Material, type ToolLine } from './material.js';
import { objectOf } from './mutate.js';

export const twins = [
  'paging',
  'retry',
  'batch',
  'batch of instructions',
  'acknowledged batch',
  'batch from a template',
  'recheck',
  'polling with numbers',
  'polling with new text',
] as const;
export type Twin = (typeof twins)[number];

const NAMES =
  'Adler Birch Calder Dorset Elgin Farrow Gantry Hollis Ibsen Jarvis Kepler Lorimer Mercer Norwood Osprey Pemberton Quill Ramsey Sutton Thorne'.split(
    ' ',
  );
const TEMPLATES: readonly ((name: string) => string)[] = [
  (name) => `Please check the availability of ${name} on the official site and report the price`,
  (name) => `Find the opening hours and the address of ${name} in the city centre`,
  (name) => `Summarise the annual report of ${name} and list the three main risks`,
];

/** Stands before, or for a retry in place of, a call of the session. undefined where the session or the material does not allow it. */
export function plantTwin(host: Lines, twin: Twin, material: Material, rng: Rng): Planted | undefined {
  const tools = host.flatMap((line, at) => (isTool(line) ? [at] : []));
  if (tools.length < 2) return undefined;
  const at = rng.pick(tools);
  const call = host[at];
  if (call === undefined || !isTool(call)) return undefined;
  const own = host.flatMap((line) => (isTool(line) ? [line.output] : []));
  const calls = callsOf(twin, { ...call, text: '' }, own, material, rng);
  if (calls.length === 0) return undefined;
  const rest = host.slice(twin === 'retry' ? at + 1 : at);
  return { lines: [...host.slice(0, at), ...calls, ...rest], from: at, to: at + calls.length };
}

/** `own`: results that the session has anyway. */
function callsOf(
  twin: Twin,
  call: ToolLine,
  own: readonly string[],
  { results, callsOf: others }: Material,
  rng: Rng,
): TraceLine[] {
  switch (twin) {
    case 'polling with new text':
      return some(results, 6, rng, (text, before) => isNewText(text, [...own, ...before])).map((output) => ({
        ...call,
        output,
      }));
    case 'polling with numbers':
      return [0, 1, 2, 3, 4, 5].map((i) => ({
        ...call,
        output: `status: running, progress: ${i * 15 + rng.int(1, 9)}%`,
      }));
    case 'paging':
      return some(results, 6, rng).map((output, i) => ({
        ...call,
        args: JSON.stringify({ ...objectOf(call.args), page: i + 1 }),
        output,
      }));
    case 'retry':
      return [{ ...call, output: 'Error: temporary failure, please try again' }, call];
    case 'batch':
    case 'batch of instructions': {
      if (isInstruction(call) !== (twin === 'batch of instructions')) return [];
      const foreign = (others.get(call.tool) ?? []).filter(({ session }) => session !== call.session);
      const items = some(twin === 'batch' ? (others.get(call.tool) ?? []) : foreign, 8, rng, isOtherItem);
      return items.length < 5 ? [] : items.map(({ args, output }) => ({ ...call, args, output }));
    }
    case 'acknowledged batch':
      return some(NAMES, 8, rng).map((recipient) => ({
        ...call,
        tool: 'send_message',
        args: JSON.stringify({
          recipient,
          body: 'Hello, the meeting has been moved to Friday, please confirm that you can come',
        }),
        output: 'Message sent.',
      }));
    case 'batch from a template': {
      const template = rng.pick(TEMPLATES);
      const names = some(NAMES, 8, rng);
      return some(results, 8, rng).map((output, i) => ({
        ...call,
        tool: 'Worker',
        args: JSON.stringify({ instruction: template(names[i] ?? '') }),
        output: `Opened the page about ${names[i] ?? ''}.\n${output}`,
      }));
    }
    case 'recheck':
      return [call];
  }
}

/** `count` different items in a random order, each of which goes with those before it; fewer where there are fewer. */
function some<T>(
  items: readonly T[],
  count: number,
  rng: Rng,
  goesWith: (item: T, before: readonly T[]) => boolean = () => true,
): T[] {
  const left = [...items];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0) {
    const [item] = left.splice(rng.int(0, left.length - 1), 1);
    if (item !== undefined && goesWith(item, chosen)) chosen.push(item);
  }
  return chosen;
}

/** Two orders of one session may be one order in two wordings. Parameters name their items themselves. */
const isOtherItem = (call: ToolLine, before: readonly ToolLine[]): boolean =>
  !isInstruction(call) || before.every(({ session }) => session !== call.session);

const HEAD_CHARS = 2_048;
const NEW_SHARE = 0.7;

/** Most words of the text are in none of those before: results of several agents on one task are nearly the same text. */
function isNewText(text: string, before: readonly string[]): boolean {
  const known = new Set(before.flatMap(wordsOf));
  const words = [...new Set(wordsOf(text))];
  return words.filter((word) => !known.has(word)).length >= NEW_SHARE * words.length;
}

const wordsOf = (text: string): string[] =>
  text
    .slice(0, HEAD_CHARS)
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];
