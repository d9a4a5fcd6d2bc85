// What the rules read of a session: goal, calls and outputs as plain words and literals.

import type { Baseline } from '@watchkeeper/schemas';
import type { DriftView } from '../view.js';

/** A session as it goes; a rule looks at it when a call has come. */
export interface SessionWords {
  /** Words of goal and user. */
  readonly asked: Set<string>;
  /** All that goal and user said, in lower case. */
  askedText: string;
  /** Outputs before this call, oldest first. */
  readonly outputs: string[];
  /** Tools called, this call's included. */
  readonly tools: string[];
}

export interface CallWords {
  readonly tool: string;
  readonly input: string;
  readonly output: string;
}

/** A baseline that judges tool calls; the rule gives how strongly it holds at each, from 1 on it fires. */
export function callBaseline(
  name: string,
  start: () => (call: CallWords, session: SessionWords) => number,
): Baseline<DriftView> {
  return {
    name,
    start() {
      const rule = start();
      const session: SessionWords = { asked: new Set(), askedText: '', outputs: [], tools: [] };
      return (event) => {
        if (event.kind === 'TOOL_CALL' && event.phase !== 'START') {
          session.tools.push(event.name);
          const strength = rule({ tool: event.name, input: event.input, output: event.output }, session);
          session.outputs.push(event.output);
          return strength;
        }
        const said = event.kind === 'MESSAGE' && event.actor === 'USER' ? event.input : event.goal;
        for (const word of wordsOf(said)) session.asked.add(word);
        session.askedText += `${said.toLowerCase()}\n`;
        return undefined;
      };
    },
  };
}

/** Words of at least three letters in lower case; camelCase and snake_case are taken apart. */
export function wordsOf(text: string): string[] {
  return (
    text
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .match(/\p{L}{3,}/gu) ?? []
  );
}

/** Addresses, links, and words with digits: what is copied, not phrased. */
export function literalsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .match(
        /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?:\/\/)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:\/[\w./?=&%~#+-]*)?|\b[\w-]*\d[\w-]{3,}\b/g,
      ) ?? []
  );
}
