// Who is struck by what, and when: lays anomalies and faulty sessions over the fleet before it starts.

import { type AgentProfile, activity } from './agents.js';
import { DOMAINS } from './domains/index.js';
import type { AnomalyPlan } from './plants/anomalies.js';
import { type DriftPlan, SLOW_STYLES } from './plants/drifts.js';
import { LOOP_STYLES, planLoop } from './plants/loops.js';
import { WORDING_NAMES } from './plants/wordings.js';
import type { SessionPlan } from './session-script.js';
import { ANOMALY_METRICS, type AnomalyMetric, type AnomalyShape } from './truth.js';
import { Rng } from './world/rng.js';

const HOUR = 3_600_000_000;

/** How many of each fault to plant; 0 plants none. */
export interface PlantCounts {
  /** Of each period (1–6) and style (exact, jittered). */
  readonly loopsEach: number;
  /** Sudden, and of each style of slow; injected ones get as many per two wordings. */
  readonly driftsEach: number;
  /** Of each metric and shape, and of silence. */
  readonly anomaliesEach: number;
}

export interface PlannedSession {
  readonly agentIndex: number;
  readonly startMicros: number;
  readonly plan: SessionPlan | undefined;
}

export interface Schedule {
  /** By agent. */
  readonly anomalies: readonly (readonly AnomalyPlan[])[];
  /** Sessions beside the agents' own rhythm, by time. */
  readonly sessions: readonly PlannedSession[];
  readonly cleanAgents: ReadonlySet<number>;
}

export interface ScheduleOptions {
  readonly seed: string | number;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly counts: PlantCounts;
  /** Share of agents that no plant touches. */
  readonly cleanShare: number;
  /** Part of the span that is free of anomalies, from the start. */
  readonly quietShare: number;
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

/** Each agent may carry one short anomaly early on the anomalous part and up to two lasting ones, of metrics that do not move each other. */
function layAnomalies(
  rng: Rng,
  agents: readonly AgentProfile[],
  laid: AnomalyPlan[][],
  sessions: PlannedSession[],
  options: ScheduleOptions,
): void {
  const { startMicros, endMicros, counts, quietShare } = options;
  const moved = ANOMALY_METRICS.filter((metric) => metric !== 'silence');
  const span = endMicros - startMicros;
  const quietEnd = startMicros + span * quietShare;
  const anomalous = endMicros - quietEnd;
  const lasting = moved.flatMap((metric) =>
    (['level_shift', 'slow_growth'] as const).flatMap((shape) =>
      Array.from({ length: counts.anomaliesEach }, () => ({ metric, shape })),
    ),
  );
  const short = [
    ...Array.from({ length: counts.anomaliesEach }, () => ({ metric: 'silence' as const, shape: 'silence' as const })),
    ...['cost' as const, 'tokens' as const, 'latency' as const, 'errors' as const].flatMap((metric) =>
      Array.from({ length: counts.anomaliesEach }, () => ({ metric, shape: 'spike' as const })),
    ),
  ];
  let serial = 0;
  const place = (
    agent: AgentProfile,
    metric: AnomalyMetric,
    shape: AnomalyShape,
    at: number,
    endsAt: number,
    growth: number,
  ): AnomalyPlan => {
    const plan: AnomalyPlan = {
      faultId: `anomaly-${++serial}`,
      metric,
      shape,
      startMicros: Math.round(at),
      endMicros: endsAt === Infinity ? Infinity : Math.round(endsAt),
      growthMicros: growth,
      factor: factorOf(rng, metric, shape),
      verbose: rng.chance(0.3),
    };
    laid[agent.index]?.push(plan);
    return plan;
  };
  for (const { metric, shape } of rng.shuffled(lasting)) {
    const free = leastLaden(
      rng,
      agents,
      laid,
      (plans) => plans.length < 2 && plans.every((plan) => independent(plan.metric, metric)),
    );
    if (free === undefined) continue;
    const second = (laid[free.index]?.length ?? 0) > 0;
    // In parts of the anomalous day: a shift stands for an eighth of it or more, a growth takes a third to a half.
    const at =
      shape === 'slow_growth'
        ? quietEnd + anomalous * rng.between(0.3, 0.5)
        : quietEnd + anomalous * (second ? rng.between(0.62, 0.82) : rng.between(0.42, 0.82));
    place(free, metric, shape, at, Infinity, anomalous * rng.between(0.34, 0.49));
  }
  // Those that fit fewest agents first.
  for (const { metric, shape } of short) {
    const length =
      shape === 'silence'
        ? Math.min(anomalous * 0.2, rng.between(3, 5) * HOUR)
        : Math.min(anomalous * 0.05, rng.between(40, 70) * 60_000_000);
    const found = placeInActivity(
      rng,
      agents,
      laid,
      metric,
      quietEnd + anomalous * 0.02,
      quietEnd + anomalous * 0.29,
      length,
      endMicros,
    );
    if (found === undefined) continue;
    const plan = place(found.agent, metric, shape, found.at, found.at + length, 0);
    // A short anomaly exists only in what the agent does meanwhile: make sure that it does something.
    if (shape === 'spike')
      for (const share of [0.02, 0.35])
        sessions.push({
          agentIndex: found.agent.index,
          startMicros: Math.round(plan.startMicros + share * length),
          plan: undefined,
        });
  }
}

function factorOf(rng: Rng, metric: AnomalyMetric, shape: AnomalyShape): number {
  if (metric === 'silence') return 0;
  if (metric === 'errors') return shape === 'spike' ? rng.between(0.4, 0.65) : rng.between(0.26, 0.42);
  if (shape === 'spike') return rng.between(4, 8);
  return shape === 'level_shift' ? rng.between(2, 3) : rng.between(2.5, 4);
}

/** Tokens move cost, and long answers move latency. */
function independent(one: AnomalyMetric, other: AnomalyMetric): boolean {
  const group = (metric: AnomalyMetric): string => (metric === 'tokens' || metric === 'cost' ? 'spend' : metric);
  return group(one) !== group(other);
}

function leastLaden(
  rng: Rng,
  agents: readonly AgentProfile[],
  laid: readonly AnomalyPlan[][],
  fits: (plans: readonly AnomalyPlan[]) => boolean,
): AgentProfile | undefined {
  const able = agents.filter(({ index }) => fits(laid[index] ?? []));
  if (able.length === 0) return undefined;
  const least = Math.min(...able.map(({ index }) => laid[index]?.length ?? 0));
  return rng.pick(able.filter(({ index }) => (laid[index]?.length ?? 0) === least));
}

/** An agent and a time at which it is at work: one without a short anomaly yet, or failing that one whose other is hours away. */
function placeInActivity(
  rng: Rng,
  agents: readonly AgentProfile[],
  laid: readonly AnomalyPlan[][],
  metric: AnomalyMetric,
  from: number,
  to: number,
  length: number,
  endMicros: number,
): { agent: AgentProfile; at: number } | undefined {
  const candidates = rng.shuffled(Array.from({ length: 12 }, () => agents).flat());
  for (const alone of [true, false]) {
    for (const agent of candidates) {
      const plans = laid[agent.index] ?? [];
      if (alone && plans.some((plan) => plan.endMicros !== Infinity)) continue;
      const at = rng.between(from, to);
      const busy = Math.min(activity(agent, at, endMicros), activity(agent, at + length, endMicros));
      if (busy < (metric === 'silence' ? 0.85 : 0.6)) continue;
      if (
        plans.every(
          (plan) =>
            apart(plan, at, at + length) >=
            (independent(plan.metric, metric) && plan.endMicros === Infinity ? 0.5 : 3) * HOUR,
        )
      )
        return { agent, at };
    }
  }
  return undefined;
}

/** The pause between a plan and a span of time; below 0 where they overlap. */
function apart(plan: AnomalyPlan, from: number, to: number): number {
  return plan.startMicros >= from ? plan.startMicros - to : from - plan.endMicros;
}

function laySessions(
  rng: Rng,
  agents: readonly AgentProfile[],
  anomalies: readonly AnomalyPlan[][],
  sessions: PlannedSession[],
  options: ScheduleOptions,
): void {
  const { startMicros, endMicros, counts } = options;
  const span = endMicros - startMicros;
  const latest = endMicros - Math.min(1.2 * HOUR, span * 0.3);
  sessionPlans(rng, counts).forEach((draw, index) => {
    for (let tries = 0; tries < 200; tries++) {
      const agent = rng.pick(agents);
      const at = Math.round(rng.between(startMicros + span * 0.01, latest));
      if (tries < 100 && activity(agent, at, endMicros) < rng.unit()) continue;
      const silent = (anomalies[agent.index] ?? []).some(
        (plan) => plan.metric === 'silence' && at > plan.startMicros - 2 * HOUR && at < plan.endMicros,
      );
      if (silent) continue;
      sessions.push({ agentIndex: agent.index, startMicros: at, plan: draw(agent, `session-fault-${index + 1}`) });
      return;
    }
  });
}

type PlanDraw = (agent: AgentProfile, faultId: string) => SessionPlan;

function sessionPlans(rng: Rng, counts: PlantCounts): PlanDraw[] {
  const times = (count: number, make: () => PlanDraw): PlanDraw[] => Array.from({ length: count }, make);
  const draws: PlanDraw[] = [];
  for (let period = 1; period <= 6; period++) {
    for (const style of LOOP_STYLES)
      draws.push(
        ...times(counts.loopsEach, () => (_agent, faultId) => ({
          kind: 'loop',
          faultId,
          plan: planLoop(rng, period, style),
        })),
      );
  }
  const drift =
    (make: (agent: AgentProfile) => DriftPlan): PlanDraw =>
    (agent, faultId) => ({ kind: 'drift', faultId, plan: make(agent) });
  draws.push(
    ...times(Math.round(counts.driftsEach * 1.5), () =>
      drift((agent) => ({ kind: 'sudden', otherDomain: sometimesOther(rng, agent, 0.65) })),
    ),
  );
  for (const style of SLOW_STYLES) {
    draws.push(
      ...times(counts.driftsEach, () =>
        drift((agent) => ({ kind: 'slow', style, otherDomain: sometimesOther(rng, agent, style === 'topic' ? 0 : 1) })),
      ),
    );
  }
  WORDING_NAMES.forEach((wording) =>
    draws.push(...times(Math.ceil(counts.driftsEach / 10), () => drift(() => ({ kind: 'injected', wording })))),
  );
  return rng.shuffled(draws);
}

function sometimesOther(rng: Rng, agent: AgentProfile, share: number): AgentProfile['domain'] {
  return rng.chance(share) ? rng.pick(DOMAINS.filter((domain) => domain !== agent.domain)) : agent.domain;
}

/** One more plant, while the fleet runs on. */
export function drawSessionPlan(rng: Rng, agent: AgentProfile, faultId: string): SessionPlan {
  const draws = sessionPlans(rng, { loopsEach: 1, driftsEach: 4, anomaliesEach: 0 });
  return rng.pick(draws)(agent, faultId);
}

/** A short spike, while the fleet runs on. */
export function drawSpike(rng: Rng, startMicros: number, faultId: string): AnomalyPlan {
  const metric = rng.pick(['latency', 'tokens', 'cost', 'errors'] as const);
  return {
    faultId,
    metric,
    shape: 'spike',
    factor: factorOf(rng, metric, 'spike'),
    startMicros,
    endMicros: startMicros + rng.int(90, 240) * 1_000_000,
    growthMicros: 0,
    verbose: rng.chance(0.3),
  };
}
