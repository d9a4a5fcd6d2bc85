// The episodes of a session, one of each kind: they take findings, and what is due is told.

import type { DetectionDraft } from '@watchkeeper/schemas';
import { draftOf } from './draft.js';
import {
  closeEpisode,
  continues,
  endEpisode,
  growEpisode,
  loopKinds,
  openEpisode,
  quietEpisode,
  type Finding,
  type LoopKind,
  type Turn,
} from './episode.js';
import { subjectOfKey, type LoopState } from './state.js';

/** The kind's episode takes the finding, or its absence; one that the finding does not continue is closed first. */
export function takeFinding(
  state: LoopState,
  kind: LoopKind,
  finding: Finding | undefined,
  drafts: DetectionDraft[],
): void {
  const known = state.episodes.get(kind);
  if (finding === undefined) {
    if (known?.open === true) keep(state, kind, quietEpisode(known), drafts);
  } else if (known !== undefined && continues(known, finding)) {
    keep(state, kind, growEpisode(known, finding), drafts);
  } else {
    closeLoop(state, kind, drafts);
    keep(state, kind, openEpisode(finding), drafts);
  }
}

/** The agent got out of the kind's loop, if it was in one. */
export function closeLoop(state: LoopState, kind: LoopKind, drafts: DetectionDraft[]): void {
  const known = state.episodes.get(kind);
  if (known?.open === true) keep(state, kind, closeEpisode(known), drafts);
}

/** The session is over: the last word on every loop. */
export function endLoops(state: LoopState, drafts: DetectionDraft[]): void {
  for (const kind of loopKinds) {
    const known = state.episodes.get(kind);
    if (known !== undefined) keep(state, kind, endEpisode(known), drafts);
  }
}

function keep(state: LoopState, kind: LoopKind, { episode, tell }: Turn, drafts: DetectionDraft[]): void {
  state.episodes.set(kind, episode);
  if (!tell) return;
  const subject = { ...subjectOfKey(state.key), agentId: state.agentId, agentVersion: state.agentVersion };
  drafts.push(draftOf(subject, kind, episode));
}
