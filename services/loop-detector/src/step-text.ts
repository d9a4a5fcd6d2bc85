// Pieces of a step's texts: its name for a person, the head of its arguments.

import type { LoopView } from './view.js';

const MAX_NAME_CHARS = 80;

/** The step's name for a person, cut at 80 characters. */
export function label(event: LoopView): string {
  const name = event.name === '' ? event.recipient : event.name;
  if (name === '') return event.kind.toLowerCase();
  return headOf(name, MAX_NAME_CHARS);
}

const surrogate = /[\ud800-\udfff]/;

/** The first `maxChars` characters, without lone surrogates, so that they survive encoding as they are. */
export function headOf(text: string, maxChars: number): string {
  if (text.length <= maxChars && !surrogate.test(text)) return text;
  // A copy: a slice would keep its long parent alive.
  return Buffer.from(text.slice(0, maxChars)).toString();
}
