import { describe, expect, it } from 'vitest';
import type { DrainResult } from './drain.js';
import { drainFaults, drainText, landingFaults } from './report.js';

const same = { expected: 3, found: 3, missing: [], unexpected: [], different: [] };
const fine: DrainResult = {
  events: 1_000_000,
  sessions: 40_000,
  faultySessions: 2_000,
  eventsPerSecond: 15_000,
  cpuPerMillion: { byProcess: { broker: 10, landing: 20 }, sum: 30 },
  measuresPerEvent: 0.2,
  detections: { sessions: same, agents: same, readable: 6 },
  measures: { count: 200_000, events: 1_000_000, differing: [] },
  stages: { drain: 66 },
};

describe('drainFaults', () => {
  it('finds none in a run that equals the one in memory', () => {
    expect(drainFaults(fine)).toEqual([]);
  });

  it.each([
    [{ detections: { ...fine.detections, sessions: { ...same, missing: ['x'] } } }, 'missing x'],
    [{ detections: { ...fine.detections, agents: { ...same, different: ['y'] } } }, 'different y'],
    [{ detections: { ...fine.detections, readable: 5 } }, 'SQL reads 5'],
    [{ measures: { ...fine.measures, differing: ['[0,"t"]'] } }, '[0,"t"]'],
    [{ sessions: 4_000 }, '4000 sessions'],
  ])('says what is wrong: %j', (change, words) => {
    expect(drainFaults({ ...fine, ...change }).join()).toContain(words);
  });
});

describe('landingFaults', () => {
  const way = { rows: 10, uniqueOffsets: 10, rowsPerSecond: 1, cpuPerMillion: { byProcess: {}, sum: 1 } };
  const turn = { ways: { landing: way, naive: way, kafkaEngine: way }, ofNaive: 1, ofKafkaEngine: 1 };
  const twice = { ...turn, ways: { ...turn.ways, landing: { ...way, uniqueOffsets: 9 } } };

  it('is about rows that are missing or twice, in any turn', () => {
    expect(landingFaults({ events: 10, turns: [turn, turn], ofNaive: 1, ofKafkaEngine: 1 })).toEqual([]);
    expect(landingFaults({ events: 10, turns: [turn, twice], ofNaive: 1, ofKafkaEngine: 1 })).toHaveLength(1);
  });
});

describe('drainText', () => {
  it('shows the figures', () => {
    expect(drainText(fine)).toContain('15000 events/s');
    expect(drainText(fine)).toContain('30 in sum (broker 10, landing 20)');
  });
});
