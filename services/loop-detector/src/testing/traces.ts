// Reads labelled traces in their neutral form as the events that a replay makes of them; for tests and figures alone.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { LoopView } from '../view.js';
import { event } from './events.js';

interface TraceLine {
  session: string;
  step: number;
  kind: 'session' | 'tool' | 'message';
  actor?: string;
  agent?: string;
  goal?: string;
  tool?: string;
  args?: unknown;
  output?: unknown;
  text?: string;
}

export interface Verdict {
  readonly after_step: number;
  readonly in_loop: boolean;
}

export interface TraceLabel {
  readonly session: string;
  readonly success?: boolean;
  readonly looping?: boolean;
  readonly verdicts?: readonly Verdict[];
}

export interface Trace {
  readonly label: TraceLabel;
  readonly events: readonly LoopView[];
}

/** Folder of the labelled data, or undefined where it is absent: WATCHKEEPER_DATA, else beside the checkout. */
export function dataFolder(): string | undefined {
  const folder =
    process.env['WATCHKEEPER_DATA'] ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
  return existsSync(join(folder, 'traces')) ? folder : undefined;
}

/** The set's sessions; a line's text has seq 2 · step, its call or message 2 · step + 1. */
export function readTraces(folder: string, set: string): Trace[] {
  const labels = lines<TraceLabel>(readFileSync(join(folder, 'traces', set, 'labels.jsonl'), 'utf8'));
  const packed = readFileSync(join(folder, 'traces', set, 'events.jsonl.gz'));
  const events = new Map<string, LoopView[]>();
  for (const line of lines<TraceLine>(gunzipSync(packed).toString('utf8'))) {
    const known = events.get(line.session) ?? [];
    known.push(...eventsOf(line));
    events.set(line.session, known);
  }
  return labels.map((label) => ({ label, events: events.get(label.session) ?? [] }));
}

function lines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

function eventsOf(line: TraceLine): LoopView[] {
  const seq = 2 * line.step;
  const common = { session_id: line.session, actor: line.actor === 'user' ? ('USER' as const) : ('AGENT' as const) };
  const text = line.text ?? '';
  switch (line.kind) {
    case 'session':
      return [event(seq + 1, { ...common, kind: 'SESSION_STARTED', goal: line.goal ?? '' })];
    case 'message':
      return [event(seq + 1, { ...common, kind: 'MESSAGE', input: text })];
    case 'tool':
      return [
        ...(text === '' ? [] : [event(seq, { ...common, kind: 'REASONING', input: text })]),
        event(seq + 1, {
          ...common,
          name: line.tool ?? '',
          input: textOf(line.args),
          output: textOf(line.output),
          status: 'UNSET',
        }),
      ];
  }
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
