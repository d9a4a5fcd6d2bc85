// Foreign text in a sentence.

import { bounded } from '@watchkeeper/schemas';

/** On one line, for a sentence. */
export function oneLine(text: string, max: number): string {
  const line = text
    .slice(0, max * 2)
    .replace(/\\[nrt]|\s+/g, ' ')
    .trim();
  return line.length <= max ? bounded(line, max) : `${bounded(line, max - 1)}…`;
}
