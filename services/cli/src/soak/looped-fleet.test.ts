// The same events again are other events, and leave no session open.

import { catalogueIds, fullView, viewDecoder, type AgentEvent } from '@watchkeeper/schemas';
import { expect, it } from 'vitest';
import { LoopedFleet } from './looped-fleet.js';

const schemas = catalogueIds();
const decode = viewDecoder(fullView('AgentEvent'), schemas.writerTypeOf);

function aRound(nowMicros: number): AgentEvent[] {
  return fleet
    .next(fleet.size, nowMicros, (event) => event)
    .map(({ value }) => {
      const read = decode(value);
      if (read.kind === 'bad') throw new Error(read.error);
      return read.value;
    });
}

const fleet = new LoopedFleet(schemas.idOf('AgentEvent'), 50, 1_000);

const sessionsIn = (events: readonly AgentEvent[]): Set<string> => new Set(events.map(({ session_id }) => session_id));

it('gives each round ids and sessions of its own, and the time that it is sent at', () => {
  const once = aRound(1_000);
  const again = aRound(2_000);
  expect(new Set([...once, ...again].map(({ event_id }) => event_id)).size).toBe(2 * fleet.size);
  const before = sessionsIn(once);
  expect(again.some(({ session_id }) => before.has(session_id))).toBe(false);
  expect(again.every(({ occurred_at }) => occurred_at === 2_000)).toBe(true);
  expect(again.map(({ output }) => output)).toEqual(once.map(({ output }) => output));
});

it('ends each session that it began, once', () => {
  const events = aRound(1_000);
  const ends = events.filter(({ kind }) => kind === 'SESSION_ENDED');
  expect(ends.length).toBeGreaterThan(10);
  expect(sessionsIn(ends)).toEqual(sessionsIn(events));
  expect(sessionsIn(ends).size).toBe(ends.length);
});
