// A step's name for a person.

import { bounded } from '@watchkeeper/schemas';
import type { LoopView } from './view.js';

const MAX_NAME_CHARS = 80;

/** The step's name for a person, cut at 80 characters. */
export function label(event: LoopView): string {
  const name = event.name === '' ? event.recipient : event.name;
  if (name === '') return event.kind.toLowerCase();
  return bounded(name, MAX_NAME_CHARS);
}
