// The fleets that commands ask for: two days compressed, a span of one's own, real time, and the filling of a topic.

import type { FleetOptions } from './fleet.js';
import type { PlantCounts } from './plan.js';

const HOUR = 3_600_000_000;
const SECOND = 1_000_000;
/** A session takes about three minutes of an agent's life. */
const SESSION_MICROS = 180 * SECOND;
const EVENTS_PER_SESSION = 21;

/** 48 hours that end at `endMicros`, with at least 20 plants of every fault: what `npm start` shows. About 330,000 events. */
export function twoDays(seed: string | number, endMicros: number): FleetOptions {
  return {
    seed,
    agents: 205,
    startMicros: endMicros - 48 * HOUR,
    endMicros,
    events: 310_000,
    plants: { loopsEach: 20, driftsEach: 20, anomaliesEach: 20 },
  };
}

/** `hours` of fleet life that end at `endMicros`, about `events` events. */
export function history(request: {
  seed: string | number;
  agents: number;
  hours: number;
  events: number;
  endMicros: number;
}): FleetOptions {
  const { seed, agents, hours, events, endMicros } = request;
  const options = {
    seed,
    agents,
    startMicros: Math.round(endMicros - hours * HOUR),
    endMicros,
    events,
    plants: plantsFor(agents, events),
  };
  return { ...options, sessionSpeed: speedFor(hours * HOUR) };
}

/** From `startMicros` on in real time, for `seconds` (0: without an end), at about `eventsPerSecond`. */
export function realTime(request: {
  seed: string | number;
  agents: number;
  eventsPerSecond: number;
  seconds: number;
  startMicros: number;
}): FleetOptions {
  const { seed, agents, eventsPerSecond, seconds, startMicros } = request;
  const span = (seconds === 0 ? 600 : seconds) * SECOND;
  const sessionSpeed = Math.max(speedFor(span), eventsPerSecond / 500);
  const options: FleetOptions = {
    seed,
    agents,
    startMicros,
    endMicros: startMicros + span,
    events: (eventsPerSecond * span) / SECOND,
    sessionSpeed,
    quietShare: 0.3,
    plants: plantsFor(agents, (eventsPerSecond * span) / SECOND),
  };
  return seconds === 0 ? { ...options, live: { eventsPerSecond, plantEverySeconds: 12, sessionSpeed } } : options;
}

/** `options`, going on after their end in real time, with a plant of some kind every 15 seconds or so. */
export function thenLive(options: FleetOptions, eventsPerSecond: number): FleetOptions {
  return {
    ...options,
    live: { eventsPerSecond, plantEverySeconds: 15, sessionSpeed: Math.max(4, eventsPerSecond / 300) },
  };
}

/** At least `events` events with about `faultyShare` of the sessions at fault, for a topic that is filled beforehand. Take the first `events`. */
export function filling(request: {
  seed: string | number;
  events: number;
  faultyShare: number;
  endMicros: number;
}): FleetOptions {
  const { seed, events, faultyShare, endMicros } = request;
  const faulty = (events / EVENTS_PER_SESSION) * faultyShare;
  return {
    seed,
    agents: 205,
    startMicros: endMicros - 48 * HOUR,
    endMicros,
    events: Math.ceil(events * 1.03) + 2_000,
    plants: { ...sessionPlants(faulty), anomaliesEach: 5 },
  };
}

/** As many plants as a fleet can bear: every fortieth session, and two anomalies for each agent that is not clean. */
export function plantsFor(agents: number, events: number): PlantCounts {
  return { ...sessionPlants(events / EVENTS_PER_SESSION / 40), anomaliesEach: Math.floor((agents * 0.58 * 2) / 13) };
}

/** Two thirds loops (of twelve kinds), one third drifts (a unit of driftsEach is about seven). */
function sessionPlants(total: number): Pick<PlantCounts, 'loopsEach' | 'driftsEach'> {
  return { loopsEach: Math.round((total * 2) / 3 / 12), driftsEach: Math.round(total / 3 / 7) };
}

/** Short spans need quick sessions: twelve must fit one after another. */
function speedFor(spanMicros: number): number {
  return Math.max(1, (SESSION_MICROS * 12) / spanMicros);
}
