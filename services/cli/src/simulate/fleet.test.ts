import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FleetEvent } from './clock.js';
import { Fleet, type FleetOptions } from './fleet.js';
import { thenLive, twoDays } from './fleet-options.js';
import type { DriftTruth, LoopTruth, TruthRecord } from './truth.js';

const HOUR = 3_600_000_000;
const end = 1_795_000_000_000_000;
const small = (seed: number, endMicros = end): FleetOptions => ({
  seed,
  agents: 60,
  startMicros: endMicros - 24 * HOUR,
  endMicros,
  events: 40_000,
  plants: { loopsEach: 3, driftsEach: 5, anomaliesEach: 5 },
});
const taken = (options: FleetOptions, most = Infinity): { events: FleetEvent[]; truth: TruthRecord[] } => {
  const fleet = new Fleet(options);
  const events: FleetEvent[] = [];
  for (const event of fleet.events()) {
    events.push(event);
    if (events.length === most) break;
  }
  return { events, truth: fleet.truth() };
};
const digest = (events: readonly FleetEvent[]): string =>
  createHash('sha256').update(JSON.stringify(events)).digest('hex');
const bySession = (events: readonly FleetEvent[]): Map<string, FleetEvent[]> => {
  const sessions = new Map<string, FleetEvent[]>();
  for (const event of events) {
    const session = sessions.get(event.session_id);
    if (session === undefined) sessions.set(event.session_id, [event]);
    else session.push(event);
  }
  return sessions;
};

const POLLS = ['get_status', 'check_progress', 'poll_job', 'read_inbox'];

describe('a fleet', () => {
  let events: FleetEvent[];
  let truth: TruthRecord[];
  let sessions: Map<string, FleetEvent[]>;
  beforeAll(() => {
    ({ events, truth } = taken(small(11)));
    sessions = bySession(events);
  });
  const of = <K extends TruthRecord['kind']>(kind: K): Extract<TruthRecord, { kind: K }>[] =>
    truth.filter((record): record is Extract<TruthRecord, { kind: K }> => record.kind === kind);

  it('is the same stream and the same truth for the same seed, and another for another', () => {
    const again = taken(small(11));
    expect(digest(again.events)).toBe(digest(events));
    expect(again.truth).toEqual(truth);
    expect(digest(taken(small(12), 1_000).events)).not.toBe(digest(events.slice(0, 1_000)));
  });

  it('depends on its end only by a shift of all times', () => {
    const shift = 5 * HOUR + 123_456;
    const moved = taken(small(11, end + shift), 5_000).events.map((event) => ({
      ...event,
      occurred_at: event.occurred_at - shift,
    }));
    expect(digest(moved)).toBe(digest(events.slice(0, 5_000)));
  });

  it('comes in order of time, within its span, and about as many events as were asked for', () => {
    let last = end - 24 * HOUR;
    for (const { occurred_at: at } of events) {
      expect(at).toBeGreaterThanOrEqual(last);
      last = at;
    }
    expect(last).toBeLessThan(end);
    expect(events.length).toBeGreaterThan(36_000);
    expect(events.length).toBeLessThan(52_000);
  });

  it('makes sessions whole: a start with a goal, seq without gaps, ids of their own, nothing after the end', () => {
    const ids = new Set<string>();
    for (const [sessionId, session] of sessions) {
      expect(session[0]).toMatchObject({ kind: 'SESSION_STARTED', seq: 0 });
      expect(session[0]!.goal.length).toBeGreaterThan(20);
      session.forEach((event, at) => {
        expect(event.seq).toBe(at);
        expect(event.agent_id).toBe(session[0]!.agent_id);
        expect(event.tenant_id).toBe(session[0]!.tenant_id);
        ids.add(event.event_id);
      });
      const ends = session.filter((event) => event.kind === 'SESSION_ENDED');
      expect(ends.length, sessionId).toBeLessThanOrEqual(1);
      if (ends.length === 1) expect(session.at(-1)!.kind).toBe('SESSION_ENDED');
    }
    expect(ids.size).toBe(events.length);
  });

  it('carries numbers that make sense: whole, at least zero, cost where there are tokens', () => {
    for (const event of events) {
      for (const value of [event.input_tokens, event.output_tokens, event.cost_nano_usd, event.duration_ms ?? 0]) {
        expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
      }
      expect(event.cost_nano_usd > 0).toBe(event.kind === 'LLM_CALL');
      expect(event.cache_read_tokens).toBeLessThanOrEqual(event.input_tokens);
    }
  });

  it('plants what it was asked for, but for what its end cut off', () => {
    expect(of('loop').length).toBeGreaterThanOrEqual(34);
    expect(of('loop').length).toBeLessThanOrEqual(36);
    expect(new Set(of('loop').map(({ variant }) => variant)).size).toBe(12);
    expect(new Set(of('drift').map(({ variant }) => variant))).toEqual(new Set(['sudden', 'slow', 'injected']));
    expect(of('drift').length).toBeGreaterThanOrEqual(45);
    expect(of('fleet')).toMatchObject([{ events: events.length, sessions: sessions.size, agents: 60 }]);
  });

  it('says where each planted fault lies: steps of its session, times of its events', () => {
    for (const plant of [...of('loop'), ...of('drift')] as (LoopTruth | DriftTruth)[]) {
      const session = sessions.get(plant.sessionId)!;
      expect(plant.firstSeq).toBeGreaterThan(0);
      expect(plant.provenSeq).toBeGreaterThanOrEqual(plant.firstSeq);
      expect(plant.lastSeq).toBeGreaterThanOrEqual(plant.provenSeq);
      expect(plant.lastSeq).toBeLessThan(session.length);
      expect(session[plant.provenSeq]!.occurred_at).toBe(plant.evidenceCompleteAtMicros);
      expect(session[0]).toMatchObject({ agent_id: plant.agentId, tenant_id: plant.tenantId });
    }
  });

  it('repeats a loop by its period: the same tools in the same order, round after round', () => {
    for (const plant of of('loop').filter(({ jitter }) => jitter === undefined)) {
      const calls = sessions
        .get(plant.sessionId)!
        .slice(plant.firstSeq, plant.lastSeq + 1)
        .filter(({ kind }) => kind === 'TOOL_CALL' || kind === 'HANDOFF');
      const steps = calls.map(({ name, input }) => `${name} ${input}`);
      const rounds = steps.length / plant.period;
      expect(rounds).toBeGreaterThanOrEqual(4);
      steps.forEach((step, at) => expect(step).toBe(steps[at % plant.period]));
      expect(new Set(steps).size).toBe(plant.period);
    }
  });

  it('jitters the arguments of jittered loops, and keeps what comes back', () => {
    for (const plant of of('loop').filter(({ style, instructed }) => style === 'jittered' && !instructed)) {
      const calls = sessions
        .get(plant.sessionId)!
        .slice(plant.firstSeq, plant.lastSeq + 1)
        .filter(({ kind }) => kind === 'TOOL_CALL');
      expect(new Set(calls.map(({ name, input }) => name + input)).size).toBeGreaterThan(plant.period);
    }
  });

  it('touches no clean agent', () => {
    const clean = new Set(of('fleet')[0]!.cleanAgents.map(({ agentId }) => agentId));
    expect(clean.size).toBeGreaterThanOrEqual(24);
    for (const plant of [...of('loop'), ...of('drift'), ...of('anomaly')]) expect(clean.has(plant.agentId)).toBe(false);
  });

  it('follows an injected order with a literal that only the tool said', () => {
    for (const plant of of('drift').filter(({ variant }) => variant === 'injected')) {
      const session = sessions.get(plant.sessionId)!;
      const obeying = session[plant.provenSeq]!;
      const literal = Object.values(JSON.parse(obeying.input) as Record<string, unknown>)
        .map(String)
        .find((value) => /@|https:|^[A-Z]{2}\d\d /.test(value));
      const found = /https:\S+|\S+@\S+|[A-Z]{2}\d\d [\d ]+/.exec(literal ?? '')?.[0].trim() ?? '';
      expect(found.length, obeying.input).toBeGreaterThan(8);
      const before = session.slice(0, obeying.seq);
      expect(before.some(({ kind, output }) => ['TOOL_CALL', 'HANDOFF'].includes(kind) && output.includes(found))).toBe(
        true,
      );
      expect(
        before.every(
          ({ kind, goal, input, actor }) =>
            !goal.includes(found) && !(kind === 'MESSAGE' && actor === 'USER' && input.includes(found)),
        ),
      ).toBe(true);
    }
  });

  it('brings news at each look where polling is no loop', () => {
    const polls = of('negative').filter(({ variant }) => variant === 'polling');
    expect(polls.length).toBeGreaterThan(10);
    for (const { sessionId } of polls) {
      const calls = sessions.get(sessionId)!.filter(({ name }) => POLLS.includes(name));
      expect(new Set(calls.map(({ output }) => output)).size).toBe(calls.length);
    }
  });

  it('shows every anomaly in the events: nothing in a silence, calls in all others', () => {
    const plants = of('anomaly');
    expect(new Set(plants.map(({ variant }) => variant)).size).toBe(14);
    for (const plant of plants) {
      const during = events.filter(
        (event) =>
          event.agent_id === plant.agentId &&
          event.occurred_at >= plant.startMicros &&
          event.occurred_at < plant.endMicros,
      );
      if (plant.metric === 'silence') {
        expect(during).toEqual([]);
        const before = events.some(
          (event) =>
            event.agent_id === plant.agentId &&
            event.occurred_at < plant.startMicros &&
            event.occurred_at > plant.startMicros - 3 * HOUR,
        );
        expect(before).toBe(true);
      } else expect(plant.affectedCalls, plant.faultId).toBeGreaterThanOrEqual(12);
      expect(plant.startMicros).toBeGreaterThanOrEqual(end - 12 * HOUR);
      expect(plant.endMicros).toBeLessThanOrEqual(end);
    }
  });

  it('moves the metric of an anomaly by its factor', () => {
    const median = (values: number[]): number => values.sort((one, other) => one - other)[values.length >> 1] ?? 0;
    const value: Record<string, (event: FleetEvent) => number> = {
      latency: (event) => event.duration_ms ?? 0,
      tokens: (event) => event.input_tokens,
      cost: (event) => event.cost_nano_usd,
    };
    const ratios = of('anomaly').flatMap((plant) => {
      const metric = value[plant.metric];
      if (metric === undefined || plant.shape !== 'level_shift') return [];
      const calls = events.filter((event) => event.agent_id === plant.agentId && event.kind === 'LLM_CALL');
      const ratio =
        median(calls.filter((event) => event.occurred_at >= plant.startMicros).map(metric)) /
        median(calls.filter((event) => event.occurred_at < plant.startMicros).map(metric));
      return [ratio / plant.factor];
    });
    expect(ratios.length).toBeGreaterThanOrEqual(10);
    expect(median(ratios)).toBeGreaterThan(0.8);
    expect(median(ratios)).toBeLessThan(1.25);
  });
});

describe('twoDays', () => {
  it('asks for what the summary needs: 48 hours that end now, at least 80 clean agents', () => {
    const fleet = new Fleet(twoDays(3, end));
    expect(fleet.agents.length).toBeLessThanOrEqual(210);
    const clean = fleet.truth().find((record) => record.kind === 'fleet')!;
    expect(clean.cleanAgents.length).toBeGreaterThanOrEqual(80);
  });
});

describe('a live fleet', () => {
  it('goes on after its end at the rate it is told, in order, with new plants', () => {
    const options = thenLive(
      {
        ...small(4),
        startMicros: end - HOUR,
        events: 1_500,
        plants: { loopsEach: 0, driftsEach: 0, anomaliesEach: 0 },
      },
      50,
    );
    const plants: TruthRecord[] = [];
    const fleet = new Fleet(options, (record) => plants.push(record));
    let live = 0;
    let last = 0;
    for (const event of fleet.events()) {
      expect(event.occurred_at).toBeGreaterThanOrEqual(last);
      last = event.occurred_at;
      if (last >= end + 240_000_000) break;
      if (last >= end + 60_000_000) live += 1;
    }
    expect(live / 180).toBeGreaterThan(30);
    expect(live / 180).toBeLessThan(85);
    expect(plants.length).toBeGreaterThanOrEqual(3);
  });
});
