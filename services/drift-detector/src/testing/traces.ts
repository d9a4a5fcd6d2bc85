// Reads the labelled trace sets (outside of this repository) into the detector's events; for tests alone.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DriftView } from '../view.js';
import { event } from './events.js';

interface TraceLine {
  session: string;
  step: number;
  kind: 'session' | 'tool' | 'message';
  actor?: string;
  tool?: string;
  args?: unknown;
  output?: unknown;
  text?: string;
  goal?: string;
  agent?: string;
}

/** A label line: `session`, and what its set says of it. */
export type Label = Readonly<Record<string, unknown>> & { readonly session: string };

/** Where the data lies: WATCHKEEPER_DATA, or shared/data beside the checkout. */
export function tracesFolder(): string {
  return join(
    process.env['WATCHKEEPER_DATA'] ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url)),
    'traces',
  );
}

export function hasTraces(set: string): boolean {
  return existsSync(join(tracesFolder(), set, 'labels.jsonl'));
}

export function labelsOf(set: string): Label[] {
  return readFileSync(join(tracesFolder(), set, 'labels.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Label);
}

/** Sessions of a set in file order; `takes` leaves out sessions by their id. seq as replay numbers it: 2·step and 2·step + 1. */
export function sessionsOf(set: string, takes: (session: string) => boolean = () => true): Map<string, DriftView[]> {
  const sessions = new Map<string, DriftView[]>();
  for (const line of gunzipSync(readFileSync(join(tracesFolder(), set, 'events.jsonl.gz')))
    .toString('utf8')
    .split('\n')) {
    if (line === '') continue;
    const trace = JSON.parse(line) as TraceLine;
    if (!takes(trace.session)) continue;
    let events = sessions.get(trace.session);
    if (!events) sessions.set(trace.session, (events = []));
    events.push(...eventsOf(trace));
  }
  return sessions;
}

function eventsOf(trace: TraceLine): DriftView[] {
  const { session: session_id, step, text = '' } = trace;
  const seq = 2 * step + 1;
  switch (trace.kind) {
    case 'session':
      return [event({ kind: 'SESSION_STARTED', seq, session_id, goal: trace.goal ?? '', agent_id: trace.agent ?? '' })];
    case 'message':
      return [
        event({ kind: 'MESSAGE', seq, session_id, actor: trace.actor === 'user' ? 'USER' : 'AGENT', input: text }),
      ];
    case 'tool': {
      const call = event({
        kind: 'TOOL_CALL',
        seq,
        session_id,
        name: trace.tool ?? '',
        input: textOf(trace.args),
        output: textOf(trace.output),
      });
      return text === '' ? [call] : [event({ kind: 'REASONING', seq: 2 * step, session_id, input: text }), call];
    }
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}
