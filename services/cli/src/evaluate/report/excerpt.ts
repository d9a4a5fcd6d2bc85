// The steps of the sessions that a report shows: read once more from the trace, cut to a line or two each.

import { readTrace, type TraceFile } from '../../replay/index.js';

/** A step of a session, cut short. */
export interface Step {
  readonly step: number;
  /** The tool that was called; '' for a message. */
  readonly tool: string;
  readonly actor: string;
  /** What the agent said before a call. */
  readonly said: string;
  readonly input: string;
  readonly output: string;
}

export interface SessionText {
  readonly goal: string;
  readonly steps: readonly Step[];
}

const SHORT = 220;

/** The wanted sessions' goals and steps, by session. */
export async function textsOf(file: TraceFile, wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, SessionText>> {
  const texts = new Map<string, { goal: string; readonly steps: Step[] }>();
  for await (const line of readTrace(file)) {
    if (!wanted.has(line.session)) continue;
    const text = texts.get(line.session) ?? { goal: '', steps: [] };
    texts.set(line.session, text);
    switch (line.kind) {
      case 'session':
        text.goal = short(line.goal);
        break;
      case 'message':
        text.steps.push({
          step: line.step,
          tool: '',
          actor: line.actor,
          said: '',
          input: short(line.text),
          output: '',
        });
        break;
      case 'tool':
        text.steps.push({
          step: line.step,
          tool: line.tool,
          actor: line.actor,
          said: short(line.text),
          input: short(line.args),
          output: short(line.output),
        });
    }
  }
  return texts;
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= SHORT ? line : `${line.slice(0, SHORT - 1)}…`;
}
