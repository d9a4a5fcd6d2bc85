// The rules that agents ship against loops, and the trivial ones, each as it stands in its source with its own constants.

import type { Baseline } from '@watchkeeper/schemas';
import type { LoopView } from '../view.js';
import { callBaseline, type Call } from './call.js';
import { cycles, pingPong, recent, run } from './runs.js';

/** The same call three times in a row, keys in order. */
const exactThree = callBaseline('exact ×3', () => {
  const length = run((call: Call) => call.key);
  return (call) => length(call) / 3;
});

/** opencode's doom loop and Roo Code's repetition detector: the same call three times in a row, byte by byte. */
const opencode = callBaseline('opencode / Roo ×3', () => {
  const length = run((call: Call) => call.raw);
  return (call) => length(call) / 3;
});

/** The same call three times in the last twenty. */
const threeInTwenty = callBaseline('3 in 20', () => {
  const last = recent((call: Call) => call.key, 20);
  return (call) => count(last(call)) / 3;
});

/** browser-use's action loop detector: the same action five times in the last twenty. */
const browserUse = callBaseline('browser-use 5 in 20', () => {
  const last = recent((call: Call) => call.key, 20);
  return (call) => count(last(call)) / 5;
});

/** OpenClaw's tool-loop detection at its warning level: ten of the last thirty calls the same, with the same result. */
const openClaw = callBaseline('OpenClaw', () => {
  const last = recent((call: Call) => JSON.stringify([call.key, call.result]), 30);
  return (call) => count(last(call)) / 10;
});

/** OpenHands' stuck detector: action and observation four times; the action three times with errors; A B A B A B. */
const openHands = callBaseline('OpenHands', () => {
  const step = (call: Call): string => JSON.stringify([call.key, call.result]);
  const same = run(step);
  const errors = run((call: Call) => (call.failed ? call.key : undefined));
  const turns = pingPong(step);
  return (call) => Math.max(same(call) / 4, errors(call) / 3, turns(call) / 6);
});

/** Gemini CLI's loop detection: a cycle of one to five calls, five times over. */
const gemini = callBaseline('Gemini CLI', () => {
  const turns = cycles((call: Call) => call.key, 5);
  return (call) => turns(call) / 5;
});

/** The instruction shares half of its words with two of the nine before it. */
const jaccard = callBaseline('Jaccard ≥ .5 ×3 in 10', () => {
  const last = recent((call: Call) => call.words, 10);
  return (call) => {
    const others = last(call).slice(0, -1);
    const second = others.map((words) => overlap(words, call.words)).sort((a, b) => b - a)[1];
    return (second ?? 0) / 0.5;
  };
});

/** At least six tool calls. */
const length = callBaseline('length ≥ 6', () => {
  let calls = 0;
  return () => ++calls / 6;
});

const always: Baseline<LoopView> = { name: 'always positive', start: () => () => 1 };

/** What loops are also judged by, in the order in which tables show them. */
export const loopBaselines: readonly Baseline<LoopView>[] = [
  openHands,
  gemini,
  opencode,
  browserUse,
  openClaw,
  exactThree,
  threeInTwenty,
  jaccard,
  length,
  always,
];

/** How often the last one occurs. */
function count(values: readonly string[]): number {
  const last = values.at(-1);
  return values.filter((value) => value === last).length;
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  return shared / (a.size + b.size - shared);
}
