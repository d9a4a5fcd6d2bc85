// Plants go from sessions to counts by kind: what was put in is judged where it was put in.

import { describe, expect, it } from 'vitest';
import type { FleetEvent } from '../../simulate/clock.js';
import { traceEvents } from '../../replay/index.js';
import { judgedDetector } from '../judged-detector.js';
import { driftPlants } from './drift-plants.js';
import { evaluatePlants, type Plant } from './planted-set.js';

const beds = ['beans', 'leeks', 'chard', 'fennel', 'sorrel', 'cress'];
const calls = (session: string, outputs: readonly string[]): FleetEvent[] =>
  outputs.flatMap((output, step) =>
    traceEvents(
      'own',
      'gardener',
      {
        session,
        step,
        period: undefined,
        kind: 'tool',
        actor: 'agent',
        tool: 'look',
        args: JSON.stringify({ bed: output }),
        output: `The ${output} are dry.`,
        text: '',
      },
      step * 1e6 + 2,
      step * 1e6 + 1,
    ),
  );
const plant = (session: string, outputs: readonly string[], fields: Partial<Plant>): Plant => ({
  session,
  positive: true,
  variants: ['cycle'],
  events: calls(session, outputs),
  span: undefined,
  ...fields,
});

describe('evaluatePlants', () => {
  it('counts by kind what was flagged, by the detector and by each baseline', async () => {
    const plants = [
      plant('a', ['beans', 'beans', 'beans', 'beans'], { span: { from: 1, to: 4 } }),
      plant('b', beds, { positive: false, variants: ['walk', 'long'] }),
    ];
    const found = await evaluatePlants('own', plants, judgedDetector('loops', {}), 'full');
    expect(found).toMatchObject({ set: 'own', sessions: 2, positives: 1, f1: 1, delaySteps: { median: 1 } });
    expect(found.variants['cycle']).toMatchObject({ sessions: 1, positive: true, flagged: 1 });
    expect(found.variants['walk']).toMatchObject({ sessions: 1, positive: false, flagged: 0 });
    expect(found.variants['long']?.baselines).toMatchObject({ 'length ≥ 6': 1, 'exact ×3': 0 });
  });

  it('does not blame a twin for what its host was flagged for before', async () => {
    const outputs = ['beans', 'beans', 'beans', 'beans', 'leeks'];
    const twin = plant('a', outputs, { positive: false, span: { from: 4, to: 5 } });
    const cycle = plant('b', outputs, { positive: true, span: { from: 3, to: 5 } });
    const found = await evaluatePlants('own', [twin, cycle], judgedDetector('loops', {}), 'full');
    expect(found).toMatchObject({ recall: 1, fpr: 0 });
  });
});

describe('driftPlants', () => {
  it('are sessions of their own, in order, of both kinds', () => {
    const plants = driftPlants('own');
    expect(new Set(plants.map(({ session }) => session)).size).toBe(plants.length);
    expect(new Set(plants.map(({ positive }) => positive)).size).toBe(2);
    for (const { session, events } of plants) {
      expect(events.every((event) => event.session_id === session && event.tenant_id === 'own')).toBe(true);
      const times = events.map((event) => event.occurred_at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });
});
