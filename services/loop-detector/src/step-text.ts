// Pieces of a step's texts: its name for a person, the first line of its result, the head of its arguments.

import type { LoopView } from './view.js';

const LEAD_CHARS = 200;
const MAX_NAME_CHARS = 80;

/** The first white space from `at` on, so that no word is cut; `at` where none is near. */
function wordBoundary(text: string, at: number): number {
  if (text.length <= at) return text.length;
  for (let i = at; i < at + 32 && i < text.length; i++) if (text.charCodeAt(i) <= 32) return i;
  return at;
}

/** The end of the first line that is not empty, at most 200 characters in. */
export function firstLineEnd(text: string): number {
  let start = 0;
  while (start < text.length && text.charCodeAt(start) <= 32) start++;
  const newline = text.indexOf('\n', start);
  const end = Math.min(text.length, start + LEAD_CHARS);
  return newline < 0 || newline > end ? wordBoundary(text, end) : newline;
}

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
