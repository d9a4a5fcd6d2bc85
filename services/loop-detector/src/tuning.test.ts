// Sensitivity and polling tools per agent, from the settings to what is told.

import { KeyedEngine } from '@watchkeeper/runtime';
import { describe, expect, it } from 'vitest';
import { loopEngineUnder } from './service.js';
import { call, words } from './testing/events.js';

/** At which of eight equal calls a loop is told; undefined where it is not. */
function toldAt(env: Record<string, string>, agent: string): number | undefined {
  const engine = new KeyedEngine(loopEngineUnder(env, { names: [], prefixes: ['LOOP_'] }));
  for (let seq = 1; seq <= 8; seq++) {
    const one = call(seq, 'get_status', { job: 'a' }, words(1, 20), { agent_id: agent });
    if (engine.observe(one, seq).length > 0) return seq;
  }
  return undefined;
}

describe('tuning', () => {
  const env = {
    DETECTION_RULES: JSON.stringify([
      { tenant: 't', agent: 'deploy-*', polling: ['get_*'] },
      { tenant: 'other', sensitivity: 'high' },
      { agent: 'eager', sensitivity: 'high' },
      { agent: 'calm', detectors: ['loop-detector'], sensitivity: 'low' },
      { agent: 'plain', detectors: ['drift-detector'], sensitivity: 'low' },
    ]),
  };

  it.each([
    ['eager', 2],
    ['plain', 3],
    ['calm', 4],
    ['deploy-7', undefined],
  ])('tells a loop of %s at visit %s', (agent, visit) => {
    expect(toldAt(env, agent)).toBe(visit);
  });

  it('moves what the settings say, and holds for all whom no rule names', () => {
    expect(toldAt({ LOOP_SENSITIVITY: 'low', LOOP_TURNS: '5' }, 'any')).toBe(6);
    expect(toldAt({ ...env, LOOP_SENSITIVITY: 'low' }, 'eager')).toBe(2);
  });

  it('names what is wrong with a rule', () => {
    expect(() => toldAt({ DETECTION_RULES: '[{"sensitivity":"loud"}]' }, 'any')).toThrow(/rule 1: sensitivity/);
  });
});
