// The last steps of a session, and the trails that lead from a step back to the first like it.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { Place, Step } from './step.js';
import { readBurn, writeBurn, type Burn } from './waste.js';
import { setsFromBytes, setsToBytes } from './word-sets.js';

/** How far back a step looks: a round of period 12, and eight noisy steps in it. */
export const KEPT_STEPS = 20;

/** A chain of like steps, as of its latest: how many, where it began, what was burnt before its second. */
export interface Trail {
  readonly visits: number;
  readonly first: Place;
  readonly beforeSecond: Burn | undefined;
}

/** A step in its session. */
export interface Visit {
  readonly step: Step;
  /** Counts the session's steps. */
  readonly index: number;
  /** Counts the user's turns that brought news. */
  readonly epoch: number;
  readonly repetition: Trail;
  readonly instruction: Trail;
}

/** A trail that begins here. */
export function newTrail(place: Place): Trail {
  return { visits: 1, first: place, beforeSecond: undefined };
}

/** The trail with one more visit; `before` is what had been burnt when the session turned to it. */
export function extendTrail(trail: Trail, before: Burn): Trail {
  return { visits: trail.visits + 1, first: trail.first, beforeSecond: trail.beforeSecond ?? before };
}

/** Adds a visit; the oldest one beyond {@link KEPT_STEPS} goes. */
export function keepVisit(visits: Visit[], visit: Visit): void {
  visits.push(visit);
  if (visits.length > KEPT_STEPS) visits.shift();
}

export function writePlace(out: StateWriter, place: Place): void {
  out.double(place.seq).text(place.eventId).double(place.atMicros);
}

export function readPlace(from: StateReader): Place {
  return { seq: from.double(), eventId: from.text(), atMicros: from.double() };
}

export function writeVisit(out: StateWriter, visit: Visit): void {
  const { step } = visit;
  writePlace(out, step.place);
  out.text(step.tool).uint32(step.toolHash).uint32(step.exactHash).uint32(step.fixedHash).uint32(step.resultHash);
  out.int(step.fixedCount).int(step.words).bool(step.informative).bool(step.failed).double(step.novelty);
  out.bytes(setsToBytes(step.sets)).text(step.text);
  out.int(visit.index).int(visit.epoch);
  writeTrail(out, visit.repetition);
  writeTrail(out, visit.instruction);
}

export function readVisit(from: StateReader): Visit {
  const place = readPlace(from);
  const step: Step = {
    place,
    tool: from.text(),
    toolHash: from.uint32(),
    exactHash: from.uint32(),
    fixedHash: from.uint32(),
    resultHash: from.uint32(),
    fixedCount: from.int(),
    words: from.int(),
    informative: from.bool(),
    failed: from.bool(),
    novelty: from.double(),
    sets: setsFromBytes(from.bytes()),
    text: from.text(),
  };
  return {
    step,
    index: from.int(),
    epoch: from.int(),
    repetition: readTrail(from, place),
    instruction: readTrail(from, place),
  };
}

function writeTrail(out: StateWriter, trail: Trail): void {
  out.int(trail.visits);
  if (trail.visits === 1) return;
  writePlace(out, trail.first);
  out.bool(trail.beforeSecond !== undefined);
  if (trail.beforeSecond) writeBurn(out, trail.beforeSecond);
}

function readTrail(from: StateReader, own: Place): Trail {
  const visits = from.int();
  if (visits === 1) return newTrail(own);
  return { visits, first: readPlace(from), beforeSecond: from.bool() ? readBurn(from) : undefined };
}
