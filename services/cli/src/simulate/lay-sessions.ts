// Lays faulty sessions over the agents: which loop, which drift, when.

import { type AgentProfile, activity } from './agents.js';
import { DOMAINS } from './domains/index.js';
import type { AnomalyPlan } from './plants/anomalies.js';
import { type DriftPlan, SLOW_STYLES } from './plants/drifts.js';
import { LOOP_STYLES, planLoop } from './plants/loops.js';
import { choosesInPeriods } from './plants/preference.js';
import { WORDING_NAMES } from './plants/wordings.js';
import type { PlannedSession, PlantCounts, ScheduleOptions } from './plan.js';
import type { SessionPlan } from './session-script.js';
import type { Rng } from './world/rng.js';

const HOUR = 3_600_000_000;

/** A fault for a session of an agent. */
interface PlanDraw {
  readonly fits: (agent: AgentProfile) => boolean;
  readonly draw: (agent: AgentProfile, faultId: string) => SessionPlan;
}

/** Puts each fault into a session of a fitting agent that is at work and not silent then. */
export function laySessions(
  rng: Rng,
  agents: readonly AgentProfile[],
  anomalies: readonly AnomalyPlan[][],
  sessions: PlannedSession[],
  options: ScheduleOptions,
): void {
  const { startMicros, endMicros, counts } = options;
  const span = endMicros - startMicros;
  const latest = endMicros - Math.min(1.2 * HOUR, span * 0.3);
  sessionPlans(rng, counts).forEach(({ fits, draw }, index) => {
    const able = agents.filter(fits);
    const fitting = able.length > 0 ? able : agents;
    for (let tries = 0; tries < 200; tries++) {
      const agent = rng.pick(fitting);
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

/** One more plant, while the fleet runs on. */
export function drawSessionPlan(rng: Rng, agent: AgentProfile, faultId: string): SessionPlan {
  const draws = sessionPlans(rng, { loopsEach: 1, driftsEach: 4, anomaliesEach: 0 }).filter(({ fits }) => fits(agent));
  return rng.pick(draws).draw(agent, faultId);
}

function sessionPlans(rng: Rng, counts: PlantCounts): PlanDraw[] {
  const draws: PlanDraw[] = [];
  const add = (count: number, draw: PlanDraw['draw'], fits: PlanDraw['fits'] = () => true): void => {
    for (let at = 0; at < count; at++) draws.push({ fits, draw });
  };
  const drift =
    (make: (agent: AgentProfile) => DriftPlan): PlanDraw['draw'] =>
    (agent, faultId) => ({ kind: 'drift', faultId, plan: make(agent) });
  for (let period = 1; period <= 6; period++) {
    for (const style of LOOP_STYLES) {
      add(counts.loopsEach, (_, faultId) => ({ kind: 'loop', faultId, plan: planLoop(rng, period, style) }));
    }
  }
  add(
    Math.round(counts.driftsEach * 1.5),
    drift((agent) => ({ kind: 'sudden', otherDomain: perhapsOther(rng, agent, 0.8) })),
  );
  for (const style of SLOW_STYLES) {
    const slow = drift((agent) => ({
      kind: 'slow',
      style,
      otherDomain: perhapsOther(rng, agent, style === 'topic' ? 0 : 1),
    }));
    add(counts.driftsEach, slow, style === 'preference' ? choosesInPeriods : undefined);
  }
  for (const wording of WORDING_NAMES)
    add(
      Math.ceil(counts.driftsEach / 10),
      drift(() => ({ kind: 'injected', wording })),
    );
  return rng.shuffled(draws);
}

function perhapsOther(rng: Rng, agent: AgentProfile, share: number): AgentProfile['domain'] {
  return rng.chance(share) ? rng.pick(DOMAINS.filter((domain) => domain !== agent.domain)) : agent.domain;
}
