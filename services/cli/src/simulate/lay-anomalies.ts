// Lays anomalies over the agents: which metric, which shape, when, how high.

import { type AgentProfile, activity, sessionsPerHour } from './agents.js';
import type { AnomalyPlan } from './plants/anomalies.js';
import type { PlannedSession, ScheduleOptions } from './plan.js';
import { ANOMALY_METRICS, type AnomalyMetric, type AnomalyShape } from './truth.js';
import type { Rng } from './world/rng.js';
import { toolsOf } from './world/task.js';

const HOUR = 3_600_000_000;
const QUARTER = HOUR / 4;
/** A silence lasts until so many sessions have stayed away: where fewer do, one who knew the agent's rhythm would call it chance (decision 4). */
const SESSIONS_MISSED = 8;

/** Each agent may carry one short anomaly early on the anomalous part and up to two lasting ones, of metrics that do not move each other. */
export function layAnomalies(
  rng: Rng,
  agents: readonly AgentProfile[],
  laid: AnomalyPlan[][],
  sessions: PlannedSession[],
  options: ScheduleOptions,
): void {
  const { startMicros, endMicros, counts, quietShare } = options;
  const moved = ANOMALY_METRICS.filter((metric) => metric !== 'silence' && metric !== 'tool_mix');
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
    const plan = place(free, metric, shape, at, Infinity, anomalous * rng.between(0.34, 0.49));
    // It begins while its agent does something, also at night: else there would be nothing to see.
    for (const share of [0.02, 0.06]) sessions.push(startingAt(free, plan.startMicros + share * anomalous));
  }
  // Those that fit fewest agents first.
  for (const { metric, shape } of short) {
    const least =
      shape === 'silence'
        ? Math.min(anomalous * 0.25, rng.between(4, 6) * HOUR)
        : Math.min(anomalous * 0.05, rng.between(40, 70) * 60_000_000);
    const lengthAt = (agent: AgentProfile, at: number): number =>
      shape === 'silence' ? Math.max(least, silenceAt(agent, at, anomalous * 0.4, endMicros)) : least;
    const found = placeInActivity(
      rng,
      agents,
      laid,
      metric,
      quietEnd + anomalous * 0.02,
      quietEnd + anomalous * 0.29,
      lengthAt,
      endMicros,
    );
    if (found === undefined) continue;
    const { length } = found;
    const plan = place(found.agent, metric, shape, found.at, found.at + length, 0);
    // A short anomaly exists only in what the agent does meanwhile: make sure that it does something.
    if (shape === 'spike')
      for (const share of [0.02, 0.18, 0.35]) sessions.push(startingAt(found.agent, plan.startMicros + share * length));
  }
  // A changed tool mix shows in sessions, of which there are few: it stands for half the anomalous part or more. Workers get words, no tool's name.
  for (let count = 0; count < counts.anomaliesEach; count++) {
    const free = leastLaden(
      rng,
      agents.filter(({ team }) => !team),
      laid,
      (plans) => plans.length < 4 && plans.every(({ metric }) => metric !== 'tool_mix' && metric !== 'silence'),
    );
    if (free === undefined) continue;
    const at = quietEnd + anomalous * rng.between(0.1, 0.5);
    const plan = place(free, 'tool_mix', 'level_shift', at, Infinity, 0);
    laid[free.index]?.splice(-1, 1, { ...plan, takenOver: takeover(rng, free) });
  }
}

/** All tools of a kind of work give way to one: a new one, or one that the agent has used for something else. */
function takeover(rng: Rng, { domain }: AgentProfile): ReadonlyMap<string, string> {
  const role = rng.pick(['find', 'read'] as const);
  const tools = toolsOf(domain, role);
  const other = rng.pick(toolsOf(domain, role === 'find' ? 'read' : 'find')).name;
  const to = rng.chance(0.6) ? `${rng.pick(tools).name}_v2` : other;
  return new Map(tools.map(({ name }) => [name, to]));
}

/** A session without a plant, beside the agent's own rhythm. */
function startingAt({ index }: AgentProfile, micros: number): PlannedSession {
  return { agentIndex: index, startMicros: Math.round(micros), plan: undefined };
}

function factorOf(rng: Rng, metric: AnomalyMetric, shape: AnomalyShape): number {
  if (metric === 'silence' || metric === 'tool_mix') return 0;
  if (metric === 'errors') return shape === 'spike' ? rng.between(0.4, 0.65) : rng.between(0.26, 0.42);
  if (shape === 'spike') return rng.between(4, 8);
  return shape === 'level_shift' ? rng.between(2, 3) : rng.between(2.5, 4);
}

/** Tokens move cost, and long answers move latency. */
function independent(one: AnomalyMetric, other: AnomalyMetric): boolean {
  const group = (metric: AnomalyMetric): string => (metric === 'tokens' || metric === 'cost' ? 'spend' : metric);
  return group(one) !== group(other);
}

/** How long a silence from `at` on must last until enough sessions have stayed away; `most` at the most. */
function silenceAt(agent: AgentProfile, at: number, most: number, endMicros: number): number {
  let length = 0;
  for (let missed = 0; missed < SESSIONS_MISSED && length < most; length += QUARTER)
    missed += (sessionsPerHour(agent, at + length, endMicros) * QUARTER) / HOUR;
  return Math.min(length, most);
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
  lengthAt: (agent: AgentProfile, at: number) => number,
  endMicros: number,
): { agent: AgentProfile; at: number; length: number } | undefined {
  const candidates = rng.shuffled(Array.from({ length: 12 }, () => agents).flat());
  for (const alone of [true, false]) {
    for (const agent of candidates) {
      const plans = laid[agent.index] ?? [];
      if (alone && plans.some((plan) => plan.endMicros !== Infinity)) continue;
      const at = rng.between(from, to);
      const length = lengthAt(agent, at);
      const busy = Math.min(activity(agent, at, endMicros), activity(agent, at + length, endMicros));
      if (busy < (metric === 'silence' ? 0.85 : 0.6)) continue;
      if (
        plans.every(
          (plan) =>
            apart(plan, at, at + length) >=
            (independent(plan.metric, metric) && plan.endMicros === Infinity ? 0.5 : 3) * HOUR,
        )
      )
        return { agent, at, length };
    }
  }
  return undefined;
}

/** The pause between a plan and a span of time; below 0 where they overlap. */
function apart(plan: AnomalyPlan, from: number, to: number): number {
  return plan.startMicros >= from ? plan.startMicros - to : from - plan.endMicros;
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
