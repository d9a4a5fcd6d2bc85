// Laws of the world of agents' metrics and of its score.

import { describe, expect, it } from 'vitest';
import { recallAt, recallWithin } from './score-metrics.js';
import { FAULT_KINDS, METRIC_KINDS, WEEK, agentMetrics, type MetricSeries } from './world.js';

describe("the world of agents' metrics", () => {
  const world = agentMetrics(1);

  it('is the same for the same seed, and another for another', () => {
    expect(agentMetrics(1)).toEqual(world);
    expect(agentMetrics(2)[0]!.values).not.toEqual(world[0]!.values);
  });

  it('has of each metric a clean series and one with faults, which do not overlap and begin in the second week', () => {
    expect(world.map(({ metric }) => metric)).toEqual(METRIC_KINDS.flatMap((metric) => [metric, metric]));
    expect(new Set(world.flatMap(({ faults }) => faults.map(({ kind }) => kind)))).toEqual(new Set(FAULT_KINDS));
    for (const { faults, values } of world) {
      for (const [at, { from, to }] of faults.entries()) {
        expect(from).toBeGreaterThanOrEqual(Math.max(WEEK, faults[at - 1]?.to ?? 0));
        expect(to).toBeGreaterThan(from);
      }
      expect(values.every((value) => value >= 0)).toBe(true);
    }
  });
});

describe('recall', () => {
  const series: MetricSeries = {
    metric: 'latency',
    values: new Float64Array(3 * WEEK),
    faults: [{ kind: 'spike', from: WEEK + 100, to: WEEK + 103 }],
  };
  const scored = (rows: Readonly<Record<number, number>>) => {
    const scores = new Float64Array(3 * WEEK);
    for (const [row, score] of Object.entries(rows)) scores[Number(row)] = score;
    return [{ series, scores }];
  };

  it('counts an alarm in a fault once, one long after it as false, and one in the first week not at all', () => {
    const recall = recallAt(scored({ 5: 9, [WEEK + 101]: 9, [WEEK + 102]: 9, [WEEK + 500]: 9, [WEEK + 505]: 9 }), 1);
    expect(recall).toMatchObject({ found: 1, faults: 1, falseAlarms: 0.5 });
  });

  it('raises the threshold until false alarms are as few as allowed', () => {
    const noisy = scored({ [WEEK + 101]: 5, [WEEK + 500]: 2, [WEEK + 700]: 3, [WEEK + 900]: 4 });
    expect(recallWithin(noisy, 0.5)).toMatchObject({ threshold: 4, found: 1, falseAlarms: 0.5 });
    expect(recallWithin(noisy, 0)).toMatchObject({ threshold: 5, found: 1, falseAlarms: 0 });
  });
});
