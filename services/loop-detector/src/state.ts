// What the detector remembers of one session: bounded, and the same after encode and decode.

import { StateReader, StateWriter, tupleParts } from '@watchkeeper/schemas';
import { loopKinds, readEpisode, writeEpisode, type Episode, type LoopKind } from './episode.js';
import { nothingSeen, readSeen, writeSeen, type Seen } from './novelty.js';
import { readPlans, writePlans, type Plans } from './plans.js';
import { readVisit, writeVisit, type Visit } from './visits.js';
import { NOTHING_BURNT, readBurn, writeBurn, type Burn } from './waste.js';

const STATE_VERSION = 2;

/** State of one session. Changed in place by the detector alone. */
export interface LoopState {
  /** tupleKey(tenant, session). */
  readonly key: string;
  agentId: string;
  agentVersion: string;
  /** Steps so far. */
  steps: number;
  /** Turns of the user that brought news. */
  epoch: number;
  readonly visits: Visit[];
  readonly seen: Seen;
  readonly plans: Plans;
  /** Leaky sum of repeated instructions. */
  instructionSum: number;
  burn: Burn;
  /** Totals as of the last step: what came after belongs to the next one. */
  burnAtStep: Burn;
  /** The latest episode of each kind, open or closed. */
  readonly episodes: Map<LoopKind, Episode>;
  /** Highest score so far; 1 is the threshold. */
  score: number;
}

/** The state of a session of which nothing has come yet. */
export function newLoopState(key: string): LoopState {
  return {
    key,
    agentId: '',
    agentVersion: '',
    steps: 0,
    epoch: 0,
    visits: [],
    seen: nothingSeen(),
    plans: [],
    instructionSum: 0,
    burn: NOTHING_BURNT,
    burnAtStep: NOTHING_BURNT,
    episodes: new Map(),
    score: 0,
  };
}

/** Tenant and session of the key. */
export function subjectOfKey(key: string): { tenantId: string; sessionId: string } {
  const [tenantId = '', sessionId = ''] = tupleParts(key) ?? [];
  return { tenantId, sessionId };
}

export function encodeLoopState(state: LoopState): Buffer {
  const out = new StateWriter(STATE_VERSION, 4_096);
  out.text(state.key).text(state.agentId).text(state.agentVersion);
  out.int(state.steps).int(state.epoch).double(state.instructionSum).double(state.score);
  writeBurn(out, state.burn);
  writeBurn(out, state.burnAtStep);
  out.list(state.visits, (visit) => writeVisit(out, visit));
  writeSeen(out, state.seen);
  writePlans(out, state.plans);
  for (const kind of loopKinds) {
    const episode = state.episodes.get(kind);
    out.bool(episode !== undefined);
    if (episode) writeEpisode(out, episode);
  }
  return out.done();
}

/** Throws WK_STATE_VERSION on bytes of a version that this build does not know. */
export function decodeLoopState(bytes: Buffer): LoopState {
  const from = new StateReader(bytes, [STATE_VERSION]);
  const state: LoopState = {
    key: from.text(),
    agentId: from.text(),
    agentVersion: from.text(),
    steps: from.int(),
    epoch: from.int(),
    instructionSum: from.double(),
    score: from.double(),
    burn: readBurn(from),
    burnAtStep: readBurn(from),
    visits: from.list(() => readVisit(from)),
    seen: readSeen(from),
    plans: readPlans(from),
    episodes: new Map(),
  };
  for (const kind of loopKinds) if (from.bool()) state.episodes.set(kind, readEpisode(from));
  return state;
}
