// Do changed words of a call show up as changed words of the result? A batch over items does that, a loop does not.

import { changesBetween, type WordSets } from './word-sets.js';

/** Share of the changed argument words that the results show, 0 to 1; 0 where nothing changed. */
export function responsiveness(now: WordSets, before: WordSets): number {
  const { added, addedShown, removed, removedShown } = changesBetween(now, before);
  return added + removed === 0 ? 0 : (addedShown + removedShown) / (added + removed);
}

/** The same for instructions, where a call that only leaves words out says what was ruled out: it counts as fully responsive. */
export function instructionResponsiveness(now: WordSets, before: WordSets): number {
  const { added, addedShown, removed, removedShown } = changesBetween(now, before);
  if (removed >= 2 && added * 4 <= removed) return 1;
  return added + removed === 0 ? 0 : (addedShown + removedShown) / (added + removed);
}
