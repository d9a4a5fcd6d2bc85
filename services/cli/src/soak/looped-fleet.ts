// A fleet's events, made once and sent again and again, each time as other sessions of a later time: making them costs as much as judging them.

import type { OutgoingRecord } from '@watchkeeper/runtime';
import { encodeWire, tupleKey, writerTypes, type AgentEvent } from '@watchkeeper/schemas';
import { Fleet, realTime, toAgentEvent } from '../simulate/index.js';

const LOOP_EVENTS = 60_000;
const AGENTS = 205;

/** What a part of a soak makes of an event before it is sent; `n` counts them. */
export type Shape = (event: AgentEvent, n: number) => AgentEvent;

export class LoopedFleet {
  readonly #schemaId: number;
  readonly #events: readonly AgentEvent[];
  #taken = 0;

  constructor(schemaId: number, eventsPerSecond: number, loopEvents = LOOP_EVENTS) {
    this.#schemaId = schemaId;
    this.#events = wholeSessions(eventsPerSecond, loopEvents);
  }

  /** Events of one round. */
  get size(): number {
    return this.#events.length;
  }

  /** The next `count` events, as of `nowMicros`. */
  next(count: number, nowMicros: number, shape: Shape): OutgoingRecord[] {
    return Array.from({ length: count }, () => {
      const at = this.#taken++;
      const round = Math.floor(at / this.#events.length);
      const made = this.#events[at % this.#events.length];
      if (made === undefined) throw new RangeError('a fleet without events');
      const again = { event_id: `${made.event_id}-${round}`, session_id: `${made.session_id}-${round}` };
      const event = shape({ ...made, ...again, occurred_at: nowMicros }, at);
      return {
        key: tupleKey(event.tenant_id, event.session_id),
        value: encodeWire(this.#schemaId, writerTypes.AgentEvent, event),
      };
    });
  }
}

/** Sessions that the end of the fleet cuts off end there: left open, each round would leave some behind, and state would grow. */
function wholeSessions(eventsPerSecond: number, count: number): AgentEvent[] {
  const seconds = count / eventsPerSecond;
  const fleet = new Fleet(realTime({ seed: 'soak', agents: AGENTS, eventsPerSecond, seconds, startMicros: 0 }));
  const events: AgentEvent[] = [];
  const open = new Map<string, AgentEvent>();
  for (const made of fleet.events()) {
    const event = toAgentEvent(made);
    events.push(event);
    if (event.kind === 'SESSION_ENDED') open.delete(event.session_id);
    else open.set(event.session_id, event);
  }
  for (const last of open.values())
    events.push({ ...last, event_id: `${last.event_id}-end`, kind: 'SESSION_ENDED', seq: last.seq + 1 });
  return events;
}
