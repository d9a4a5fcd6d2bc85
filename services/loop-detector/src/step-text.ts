// Pieces of a step's texts: its name for a person, the head of its arguments.

import type { LoopView } from './view.js';

const MAX_NAME_CHARS = 80;

/** The step's name for a person, cut at 80 characters. */
export function label(event: LoopView): string {
  const name = event.name === '' ? event.recipient : event.name;
  if (name === '') return event.kind.toLowerCase();
  return name.length <= MAX_NAME_CHARS && !surrogate.test(name) ? name : detached(name, MAX_NAME_CHARS);
}

const surrogate = /[\ud800-\udfff]/;

/** A copy that does not keep its long parent alive, without lone surrogates, so that it survives encoding as it is. */
export function detached(text: string, maxChars: number): string {
  return text === '' ? '' : Buffer.from(text.length > maxChars ? text.slice(0, maxChars) : text).toString();
}
