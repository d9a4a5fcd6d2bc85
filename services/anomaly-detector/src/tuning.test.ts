// Sensitivity per agent, from the settings to what is told.

import { describe, expect, it } from 'vitest';
import { runAgent } from './run.js';
import { anomalyEngine, anomalySettings } from './service.js';
import { END_MICROS, agentMeasures, faultOf } from './testing.js';

/** How many of twenty agents with a level shift of latency are told of, and the threshold that is told. */
function told(settings: Record<string, string>): { agents: number; thresholds: Set<number> } {
  const { detector } = anomalyEngine(anomalySettings.parse(settings));
  const thresholds = new Set<number>();
  let agents = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const run = runAgent(detector, agentMeasures(seed, faultOf('latency', 'level_shift', seed)), END_MICROS);
    const found = run.found.filter(({ metric }) => metric === 'latency');
    if (found.length > 0) agents++;
    for (const { threshold } of found) thresholds.add(threshold);
  }
  return { agents, thresholds };
}

describe('tuning', () => {
  it('asks an agent for as many deviations as its rule says', () => {
    const rules = JSON.stringify([{ agent: 'agent-*', detectors: ['anomaly-detector'], sensitivity: 'low' }]);
    expect([...told({ DETECTION_RULES: rules }).thresholds]).toEqual([4.75 * 1.2]);
    expect([...told({ ANOMALY_SENSITIVITY: 'high' }).thresholds]).toEqual([4.75 / 1.2]);
    expect([...told({ DETECTION_RULES: rules.replace('agent-*', 'other') }).thresholds]).toEqual([4.75]);
  });

  it('tells of more the more sensitive it is', () => {
    const [low, high] = ['low', 'high'].map((sensitivity) =>
      told({ ANOMALY_SENSITIVITY: sensitivity, ANOMALY_THRESHOLD: '7' }),
    );
    expect(low!.agents).toBeLessThan(high!.agents);
  });
});
