// Who is struck by what, and when: lays anomalies and faulty sessions over the fleet before it starts.

import type { AgentProfile } from './agents.js';
import { layAnomalies } from './lay-anomalies.js';
import { laySessions } from './lay-sessions.js';
import type { AnomalyPlan } from './plants/anomalies.js';
import type { PlannedSession, ScheduleOptions } from './plan.js';
import { Rng } from './world/rng.js';

export interface Schedule {
  /** By agent. */
  readonly anomalies: readonly (readonly AnomalyPlan[])[];
  /** Sessions beside the agents' own rhythm, by time. */
  readonly sessions: readonly PlannedSession[];
  readonly cleanAgents: ReadonlySet<number>;
}

/** Lays plants over the agents. Where agents are too few for the anomalies asked for, fewer are planted: the truth holds what was. */
export function makeSchedule(agents: readonly AgentProfile[], options: ScheduleOptions): Schedule {
  const rng = new Rng(options.seed, 'schedule');
  const order = rng.shuffled(agents.map(({ index }) => index));
  const clean = new Set(order.slice(0, Math.round(agents.length * options.cleanShare)));
  const struck = agents.filter(({ index }) => !clean.has(index));
  const anomalies: AnomalyPlan[][] = agents.map(() => []);
  const sessions: PlannedSession[] = [];
  if (struck.length > 0) {
    if (options.counts.anomaliesEach > 0) layAnomalies(rng, struck, anomalies, sessions, options);
    laySessions(rng, struck, anomalies, sessions, options);
  }
  sessions.sort((one, other) => one.startMicros - other.startMicros || one.agentIndex - other.agentIndex);
  return { anomalies, sessions, cleanAgents: clean };
}
