// What the rules compare: a tool call with its result, exact forms only.

import { canonicalArguments, type Baseline } from '@watchkeeper/schemas';
import type { LoopView } from '../view.js';

/** A tool call that has ended. */
export interface Call {
  /** Tool and arguments, keys in order and nothing masked: equal calls have equal keys. */
  readonly key: string;
  /** Tool and arguments as they came. */
  readonly raw: string;
  readonly result: string;
  readonly failed: boolean;
  /** All that the arguments say. */
  readonly words: ReadonlySet<string>;
}

/** A baseline that judges tool calls; the rule gives how strongly it holds at each, from 1 on it fires. */
export function callBaseline(name: string, start: () => (call: Call) => number): Baseline<LoopView> {
  return {
    name,
    start() {
      const rule = start();
      return (event) => (event.kind === 'TOOL_CALL' && event.phase !== 'START' ? rule(callOf(event)) : undefined);
    },
  };
}

function callOf(event: LoopView): Call {
  const pairs = canonicalArguments(event.input);
  const values = pairs.map(({ value }) => value).join(' ');
  return {
    key: JSON.stringify([event.name, ...pairs.map(({ path, value }) => [path, value])]),
    raw: JSON.stringify([event.name, event.input]),
    result: event.output,
    failed: event.status === 'ERROR' || event.status === 'TIMEOUT' || BEGINS_AS_ERROR.test(event.output.slice(0, 80)),
    words: new Set(values.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []),
  };
}

/** Traces without a status say so in words; these are what protocols and runtimes say. */
const BEGINS_AS_ERROR =
  /\b(?:error|exception|traceback|errno|timed out|timeout|denied|forbidden|unauthorized|not found|http [45]\d\d|status [45]\d\d)\b/i;
