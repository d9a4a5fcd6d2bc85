// The fleet: a pure, seeded stream of events in order of time, with the truth about what was planted.

import { type AgentProfile, sessionsPerHour, makeAgents } from './agents.js';
import { type FleetEvent, sessionEvents } from './clock.js';
import { DueHeap } from './heap.js';
import { type AnomalyPlan, modifiersAt } from './plants/anomalies.js';
import { drawSpike } from './lay-anomalies.js';
import { drawSessionPlan } from './lay-sessions.js';
import type { PlantCounts } from './plan.js';
import { type Schedule, makeSchedule } from './schedule.js';
import { type SessionPlan, drawSession } from './session-script.js';
import { TruthKeeper } from './truth-keeper.js';
import type { TruthRecord } from './truth.js';
import { clause } from './world/prose.js';
import { Rng } from './world/rng.js';

export interface FleetOptions {
  readonly seed: string | number;
  readonly agents: number;
  /** The stream's times lie in [startMicros, endMicros); the same seed gives the same stream relative to endMicros. */
  readonly startMicros: number;
  readonly endMicros: number;
  /** About how many events, all in all. */
  readonly events: number;
  readonly plants: PlantCounts;
  readonly cleanShare?: number;
  readonly quietShare?: number;
  /** Pauses within sessions are shorter by this (default 1, as in life); the durations that events carry stay. */
  readonly sessionSpeed?: number;
  /** Go on beyond endMicros without an end. */
  readonly live?: LiveOptions;
}

/** How the fleet goes on after endMicros. */
export interface LiveOptions {
  readonly eventsPerSecond: number;
  /** A plant of some kind about every so many seconds; 0: none. */
  readonly plantEverySeconds: number;
  /** As FleetOptions.sessionSpeed; keeps the number of open sessions small at high rates. */
  readonly sessionSpeed: number;
}

const HOUR = 3_600_000_000;
/** Sessions come more evenly than by pure chance: the pause is a sum of this many exponentials. */
const ARRIVAL_SHAPE = 2;

type Source =
  | { kind: 'arrival'; agent: AgentProfile; rng: Rng; count: number }
  | { kind: 'planned'; index: number }
  | { kind: 'session'; event: FleetEvent; rest: Generator<FleetEvent, void, void> }
  | { kind: 'live plant'; rng: Rng; count: number };

/** A simulated fleet. Iterate `events` to its end, then read `truth()`. */
export class Fleet {
  readonly agents: readonly AgentProfile[];
  private readonly schedule: Schedule;
  private readonly anomalies: AnomalyPlan[][];
  private readonly keeper: TruthKeeper;
  private readonly due = new DueHeap<Source>();
  private sessions = 0;
  private emitted = 0;
  private lastMicros = 0;

  /** `onTruth` hears of each planted fault once it is over. */
  constructor(
    private readonly options: FleetOptions,
    onTruth: (record: TruthRecord) => void = () => undefined,
  ) {
    const { seed, startMicros, endMicros } = options;
    this.agents = makeAgents(seed, options.agents, (options.events / (endMicros - startMicros)) * HOUR, endMicros);
    this.schedule = makeSchedule(this.agents, {
      seed,
      startMicros,
      endMicros,
      counts: options.plants,
      cleanShare: options.cleanShare ?? 0.42,
      quietShare: options.quietShare ?? 0.5,
    });
    this.anomalies = this.schedule.anomalies.map((plans) => [...plans]);
    this.keeper = new TruthKeeper(onTruth);
    for (const agent of this.agents) {
      for (const plan of this.anomalies[agent.index] ?? []) this.keeper.anomaly(agent, plan);
      const rng = new Rng(seed, 'arrivals', agent.index);
      // Begun somewhere within a pause: the stream has no common start.
      this.due.push(this.nextArrival(agent, rng, startMicros - (rng.unit() * HOUR) / 2), {
        kind: 'arrival',
        agent,
        rng,
        count: 0,
      });
    }
    const first = this.schedule.sessions[0];
    if (first !== undefined) this.due.push(first.startMicros, { kind: 'planned', index: 0 });
    if ((options.live?.plantEverySeconds ?? 0) > 0)
      this.due.push(endMicros, { kind: 'live plant', rng: new Rng(seed, 'live'), count: 0 });
  }

  /** Events in order of occurred_at. */
  *events(): Generator<FleetEvent, void, void> {
    const last = this.options.live === undefined ? this.options.endMicros : Infinity;
    for (;;) {
      const at = this.due.nextAt();
      if (at >= last) return;
      const source = this.due.pop();
      if (source === undefined) return;
      switch (source.kind) {
        case 'session':
          this.emitted += 1;
          this.lastMicros = at;
          yield source.event;
          this.advance(source.rest);
          break;
        case 'arrival':
          if (at >= this.options.startMicros)
            this.open(source.agent, at, undefined, `${source.agent.index}/${source.count}`);
          this.due.push(this.nextArrival(source.agent, source.rng, at), { ...source, count: source.count + 1 });
          break;
        case 'planned':
          this.openPlanned(source.index);
          break;
        case 'live plant':
          this.plantLive(source.rng, at, source.count);
          this.due.push(at + source.rng.between(0.5, 1.5) * (this.options.live?.plantEverySeconds ?? 1) * 1_000_000, {
            ...source,
            count: source.count + 1,
          });
          break;
      }
    }
  }

  /** What was planted up to the last event taken, closed by the record about the fleet. Faults that were still under way are among them if they were proven. */
  truth(): TruthRecord[] {
    const { seed, startMicros, endMicros } = this.options;
    return [
      ...this.keeper.records(endMicros, this.lastMicros),
      {
        kind: 'fleet',
        seed: String(seed),
        startMicros,
        endMicros,
        events: this.emitted,
        sessions: this.sessions,
        agents: this.agents.length,
        cleanAgents: this.agents
          .filter(({ index }) => this.schedule.cleanAgents.has(index))
          .map(({ tenantId, agentId }) => ({ tenantId, agentId })),
      },
    ];
  }

  /** Sessions begun so far. */
  get sessionCount(): number {
    return this.sessions;
  }

  private advance(rest: Generator<FleetEvent, void, void>): void {
    const next = rest.next();
    if (next.done !== true) this.due.push(next.value.occurred_at, { kind: 'session', event: next.value, rest });
  }

  private open(agent: AgentProfile, startMicros: number, plan: SessionPlan | undefined, label: string): void {
    const rng = new Rng(this.options.seed, 'session', label);
    const sessionId = `s-${rng.hex(20)}`;
    const drawn = drawSession(agent, rng, plan);
    const plans = this.anomalies[agent.index] ?? [];
    const watch = this.keeper.session(agent, sessionId, plan, drawn.negative);
    const { live, endMicros, sessionSpeed = 1 } = this.options;
    const before = this.due.size;
    this.advance(
      sessionEvents(
        {
          agent,
          rng,
          sessionId,
          startMicros,
          goal: drawn.goal,
          speed: live !== undefined && startMicros >= endMicros ? live.sessionSpeed : sessionSpeed,
          aside: (from) => clause(from, drawn.task.topic),
          modifiers: (micros) => modifiersAt(plans, micros, agent.errorRate),
          onMark: watch.mark,
          onTouched: (active, micros) => this.keeper.touched(active, micros),
        },
        drawn.script,
      ),
    );
    if (this.due.size > before) {
      this.sessions += 1;
      watch.opened();
    }
  }

  private openPlanned(index: number): void {
    const planned = this.schedule.sessions[index];
    const agent = planned === undefined ? undefined : this.agents[planned.agentIndex];
    if (planned !== undefined && agent !== undefined)
      this.open(agent, planned.startMicros, planned.plan, `planned/${index}`);
    const next = this.schedule.sessions[index + 1];
    if (next !== undefined) this.due.push(next.startMicros, { kind: 'planned', index: index + 1 });
  }

  private plantLive(rng: Rng, at: number, count: number): void {
    const struck = this.agents.filter(({ index }) => !this.schedule.cleanAgents.has(index));
    if (struck.length === 0) return;
    const agent = rng.pick(struck);
    if (rng.chance(0.25)) {
      const spike = drawSpike(rng, Math.round(at), `live-${count}`);
      this.anomalies[agent.index]?.push(spike);
      this.keeper.anomaly(agent, spike);
    } else this.open(agent, Math.round(at), drawSessionPlan(rng, agent, `live-${count}`), `live/${count}`);
  }

  /** The next session's start by the agent's rhythm: a pause of so much work is waited off at the pace of the hour. */
  private nextArrival(agent: AgentProfile, rng: Rng, from: number): number {
    const { endMicros, live, events } = this.options;
    let work = 0;
    for (let part = 0; part < ARRIVAL_SHAPE; part++) work += rng.exponential(1 / ARRIVAL_SHAPE);
    // In live mode the whole fleet works so much faster; the first hours of history do not change.
    const hours = (endMicros - this.options.startMicros) / HOUR;
    const liveFactor = live === undefined ? 1 : (live.eventsPerSecond * 3600) / (events / hours);
    let at = from;
    for (;;) {
      const isLive = live !== undefined && at >= endMicros;
      const pace = (sessionsPerHour(agent, at, endMicros) * (isLive ? liveFactor : 1)) / HOUR;
      // The pace is held for at most a quarter of an hour, and never across the border to live time.
      const step = Math.min(HOUR / 4, at < endMicros ? endMicros - at : Infinity);
      if (work <= pace * step) return Math.round(at + work / pace);
      work -= pace * step;
      at += step;
    }
  }
}
