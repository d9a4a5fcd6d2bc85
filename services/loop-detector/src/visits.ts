// The last steps of a session, and the trails that lead from a step back to the first like it.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { Place, Step } from './step.js';
import type { Trend } from './trend.js';
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
  /** How its numbers moved since the last visit with the same call and the same result but for them. */
  readonly trend: Trend;
  /** Whether they went on in the direction of that visit's. */
  readonly moving: boolean;
  /** What it takes to store it, or a little more. */
  readonly bytes: number;
}

/** A trail that begins here. */
export function newTrail(place: Place): Trail {
  return { visits: 1, first: place, beforeSecond: undefined };
}

/** The trail with one more visit; `before` is what had been burnt when the session turned to it. */
export function extendTrail(trail: Trail, before: Burn): Trail {
  return { visits: trail.visits + 1, first: trail.first, beforeSecond: trail.beforeSecond ?? before };
}

/** Bytes of the visits of a session at most: with what else is remembered, a state stays below 16 KB. */
const KEPT_BYTES = 8_500;

/** A visit that knows its size. */
export function sized({ step, index, epoch, repetition, instruction, trend, moving }: Omit<Visit, 'bytes'>): Visit {
  // Field by field: a spread costs ten times as much.
  return {
    step,
    index,
    epoch,
    repetition,
    instruction,
    trend,
    moving,
    bytes: visitBytes(step, repetition, instruction),
  };
}

/** Adds a visit; the oldest go, beyond {@link KEPT_STEPS} of them or 8.5 KB. */
export function keepVisit(visits: Visit[], visit: Visit): void {
  visits.push(visit);
  let bytes = 0;
  for (const one of visits) bytes += one.bytes;
  while (visits.length > KEPT_STEPS || bytes > KEPT_BYTES) bytes -= visits.shift()?.bytes ?? bytes;
}

/** Of the visit's parts that do not vary: hashes, times, counts, numbers. */
const FIXED_BYTES = 130;
const TRAIL_BYTES = 40;

function visitBytes(step: Step, repetition: Trail, instruction: Trail): number {
  const own = FIXED_BYTES + 2 * step.sets.length + utf8(step.text) + utf8(step.tool) + utf8(step.place.eventId);
  return own + trailBytes(repetition) + trailBytes(instruction);
}

const trailBytes = (trail: Trail): number => (trail.visits === 1 ? 0 : TRAIL_BYTES + utf8(trail.first.eventId));

/** Two bytes of length; a unit of UTF-16 has at most three bytes. */
const utf8 = (text: string): number => 2 + (isAscii(text) ? text.length : 3 * text.length);

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

export function writePlace(out: StateWriter, place: Place): void {
  out.int(place.seq).text(place.eventId).double(place.atMicros);
}

export function readPlace(from: StateReader): Place {
  return { seq: from.int(), eventId: from.text(), atMicros: from.double() };
}

export function writeVisit(out: StateWriter, visit: Visit): void {
  const { step } = visit;
  writePlace(out, step.place);
  out.text(step.tool).uint32(step.toolHash).uint32(step.exactHash).uint32(step.maskedHash);
  out.bool(step.worded).uint32(step.fixedHash).uint32(step.resultHash);
  out.int(step.fixedCount).int(step.words).bool(step.informative).bool(step.failed).double(step.novelty);
  out.bytes(setsToBytes(step.sets)).text(step.text);
  out.list(step.numbers.input, (number) => out.int(number));
  out.list(step.numbers.output, (number) => out.int(number));
  out.byte(visit.trend.rose).byte(visit.trend.fell).bool(visit.moving);
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
    maskedHash: from.uint32(),
    worded: from.bool(),
    fixedHash: from.uint32(),
    resultHash: from.uint32(),
    fixedCount: from.int(),
    words: from.int(),
    informative: from.bool(),
    failed: from.bool(),
    novelty: from.double(),
    sets: setsFromBytes(from.bytes()),
    text: from.text(),
    numbers: { input: from.list(() => from.int()), output: from.list(() => from.int()) },
  };
  const trend: Trend = { rose: from.byte(), fell: from.byte() };
  const moving = from.bool();
  return sized({
    step,
    trend,
    moving,
    index: from.int(),
    epoch: from.int(),
    repetition: readTrail(from, place),
    instruction: readTrail(from, place),
  });
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
