import { describe, expect, it } from 'vitest';
import { activity, makeAgents, sessionsPerHour } from './agents.js';
import { makeSchedule } from './schedule.js';

const HOUR = 3_600_000_000;
const end = 1_795_000_000_000_000;
const scheduleOf = (seed: number) => {
  const agents = makeAgents(seed, 205, 6500, end);
  return {
    agents,
    schedule: makeSchedule(agents, {
      seed,
      startMicros: end - 48 * HOUR,
      endMicros: end,
      counts: { loopsEach: 20, driftsEach: 20, anomaliesEach: 20 },
      cleanShare: 0.42,
      quietShare: 0.5,
    }),
  };
};

describe('makeSchedule', () => {
  it('plants twenty of each of the fourteen kinds of anomaly, whatever the seed', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const counts: Record<string, number> = {};
      for (const plan of scheduleOf(seed).schedule.anomalies.flat()) {
        const kind = `${plan.metric}/${plan.shape}`;
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
      expect(Object.keys(counts), `seed ${seed}`).toHaveLength(14);
      expect(
        Object.values(counts).every((count) => count === 20),
        `seed ${seed}: ${JSON.stringify(counts)}`,
      ).toBe(true);
    }
  });

  it('leaves the first day and the clean agents free of anomalies, and the clean agents free of faulty sessions', () => {
    const { agents, schedule } = scheduleOf(5);
    expect(schedule.cleanAgents.size).toBeGreaterThanOrEqual(80);
    for (const agent of agents) {
      const plans = schedule.anomalies[agent.index]!;
      if (schedule.cleanAgents.has(agent.index)) expect(plans).toEqual([]);
      for (const plan of plans) expect(plan.startMicros).toBeGreaterThanOrEqual(end - 24 * HOUR);
    }
    for (const session of schedule.sessions) expect(schedule.cleanAgents.has(session.agentIndex)).toBe(false);
  });

  it('gives each shape the length and height it is named for', () => {
    for (const plan of scheduleOf(6).schedule.anomalies.flat()) {
      const hours = (Math.min(plan.endMicros, end) - plan.startMicros) / HOUR;
      switch (plan.shape) {
        case 'spike':
          expect(hours).toBeGreaterThanOrEqual(40 / 60 - 1e-6);
          expect(hours).toBeLessThanOrEqual(70 / 60 + 1e-6);
          break;
        case 'level_shift':
          expect(hours).toBeGreaterThanOrEqual(3);
          break;
        case 'slow_growth':
          expect(plan.growthMicros / HOUR).toBeGreaterThanOrEqual(8);
          expect(hours).toBeGreaterThanOrEqual(plan.growthMicros / HOUR - 0.5);
          break;
        case 'silence':
          expect(hours).toBeGreaterThanOrEqual(4);
      }
      if (plan.metric === 'errors') expect(plan.factor).toBeGreaterThanOrEqual(0.25);
    }
  });

  it('lets a silence last until eight sessions have stayed away, or for two fifths of the day', () => {
    const { agents, schedule } = scheduleOf(8);
    const silences = schedule.anomalies.flatMap((plans, index) =>
      plans.filter(({ shape }) => shape === 'silence').map((plan) => ({ plan, agent: agents[index]! })),
    );
    for (const { plan, agent } of silences) {
      let missed = 0;
      for (let at = plan.startMicros; at < plan.endMicros; at += HOUR / 60)
        missed += sessionsPerHour(agent, at, end) / 60;
      const hours = (plan.endMicros - plan.startMicros) / HOUR;
      expect(missed > 7.8 || hours > 9.5).toBe(true);
    }
    // Both ends of the rule are met with: some wait for their eighth session, some have missed more within four hours.
    const lengths = silences.map(({ plan }) => (plan.endMicros - plan.startMicros) / HOUR);
    expect(Math.max(...lengths)).toBeGreaterThan(6);
    expect(Math.min(...lengths)).toBeLessThan(6);
  });

  it('keeps anomalies of metrics that move each other hours apart', () => {
    const group = (metric: string) => (metric === 'tokens' ? 'cost' : metric);
    for (const plans of scheduleOf(7).schedule.anomalies) {
      for (const one of plans) {
        for (const other of plans) {
          if (one === other || group(one.metric) !== group(other.metric) || one.startMicros > other.startMicros)
            continue;
          expect(other.startMicros - one.endMicros).toBeGreaterThanOrEqual(3 * HOUR);
        }
      }
    }
  });
});

describe('activity', () => {
  it('has a mean of about one over a day, so that rates are what they are called', () => {
    for (const agent of makeAgents(3, 40, 1000, end)) {
      const mean =
        Array.from({ length: 96 }, (_, at) => activity(agent, end + (at * HOUR) / 4, end)).reduce(
          (sum, value) => sum + value,
          0,
        ) / 96;
      expect(mean).toBeGreaterThan(0.9);
      expect(mean).toBeLessThan(1.1);
    }
  });
});
