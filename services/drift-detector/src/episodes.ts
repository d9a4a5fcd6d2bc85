// The open episodes of a session: opened, given more evidence, and closed, each with the detection that says so.

import type { DetectionDraft } from '@watchkeeper/schemas';
import { draftOf, hasGrown, type DriftKind, type Episode, type Finding, type Mark } from './episode.js';
import type { DriftState } from './state.js';

/** Opens an episode, or adds evidence to the open one of its kind; says so where that is news. */
export function tell(state: DriftState, kind: DriftKind, first: Mark, last: Mark, finding: Finding): DetectionDraft[] {
  const open = state.episodes.find((episode) => episode.kind === kind);
  if (!open) {
    const episode: Episode = { kind, first, last, finding, revision: 1, steps: 1, told: 1, quietCalls: 0 };
    state.episodes.push(episode);
    return [draftOf(state.subject, episode, 'OPEN')];
  }
  open.steps++;
  open.quietCalls = 0;
  open.last = last;
  const grown = hasGrown(open, finding);
  if (finding.score >= open.finding.score) open.finding = finding;
  if (!grown) return [];
  open.told = open.steps;
  open.revision++;
  return [draftOf(state.subject, open, 'OPEN')];
}

/** Closes the episodes that `which` picks, with a last revision each. */
export function closeAll(state: DriftState, which: (episode: Episode) => boolean): DetectionDraft[] {
  if (state.episodes.length === 0) return [];
  const closing = state.episodes.filter(which);
  state.episodes = state.episodes.filter((episode) => !closing.includes(episode));
  // The anchor is the onset: an episode that begins later needs another, or it would write the closed one's revisions again.
  if (closing.some(({ kind }) => kind !== 'hijack')) {
    forgetOnset(state);
    state.slideOnset = undefined;
  }
  return closing.map((episode) => {
    episode.revision++;
    return draftOf(state.subject, episode, 'CLOSED');
  });
}

/** What comes next is no part of what has been. */
export function forgetOnset(state: DriftState): void {
  state.onset = undefined;
  state.offSteps = 0;
  state.towards = [];
}
