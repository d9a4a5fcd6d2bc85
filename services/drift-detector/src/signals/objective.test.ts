import { readFileSync } from 'node:fs';
import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { noWordVectors, wordVectorsOf } from '../text/word-vectors.js';
import { Objective } from './objective.js';

const words = wordVectorsOf(readFileSync(new URL('../../words/vectors.bin', import.meta.url)));
const objectiveOf = (goal: string): Objective => {
  const objective = new Objective();
  objective.add(goal);
  return objective;
};

describe('Objective', () => {
  it.each([
    ['Pick the supplier with the lowest price.', 'unit price', -1],
    ['Maximize the battery life of the fleet.', 'battery life', 1],
    ['Delivery times should be as short as possible.', 'delivery time', -1],
    ['Wir wollen die niedrigsten Emissionen.', 'emissionen', -1],
    ['Buscamos el mayor alcance.', 'alcance', 1],
  ] as const)('reads from "%s" that %s counts, and which way', (goal, label, direction) => {
    const { nearness, direction: wanted } = objectiveOf(goal).aimAt(label, noWordVectors);
    expect(nearness).toBeGreaterThan(0.5);
    expect(wanted).toBe(direction);
  });

  it.each([
    ['Maximize the profit.', 'revenue growth', 'noise level'],
    ['Keep pollution low.', 'emissions', 'revenue growth'],
    ['We want the least danger.', 'failure risk', 'audience reach'],
    ['Make the highest possible returns.', 'forecast growth', 'emissions'],
  ])('finds by meaning that "%s" means %s rather than %s', (goal, meant, other) => {
    const objective = objectiveOf(goal);
    expect(objective.aimAt(meant, words).nearness).toBeGreaterThan(objective.aimAt(other, words).nearness + 0.1);
  });

  it('heeds what a word of degree governs, not what else the goal speaks of', () => {
    const objective = objectiveOf('You are told each price and weight. Choose so that the weight is lowest.');
    expect(objective.aimAt('price', noWordVectors).nearness).toBe(0);
    expect(objective.aimAt('weight', noWordVectors).nearness).toBeGreaterThan(0.5);
  });

  it('takes a word of the goal without direction where no word of degree stands', () => {
    expect(objectiveOf('Choose by price.').aimAt('price', noWordVectors)).toEqual({ nearness: 0.5, direction: 0 });
  });

  it('leans one way where all that is wanted goes that way', () => {
    const leanOf = (goal: string): number => {
      const objective = new Objective();
      objective.add(goal);
      return objective.lean;
    };
    expect(['earn as much money as possible', 'low cost', 'low cost, high quality', 'buy a boat'].map(leanOf)).toEqual([
      1, -1, 0, 0,
    ]);
  });

  it('is the same after write and read', () => {
    const objective = objectiveOf('Buy what has the lowest emissions; the board reads along.');
    const writer = new StateWriter(1);
    objective.write(writer);
    const again = Objective.read(new StateReader(writer.done(), [1]));
    expect(again).toEqual(objective);
  });

  it('keeps the same of many texts, whether it is asked in between or only written at the end', () => {
    const texts = [
      'Maximize the profit.',
      '',
      'Keep pollution low.',
      'x'.repeat(2_000),
      'Prefer short delivery times.',
      'Go on.',
    ];
    const asked = new Objective();
    const unasked = new Objective();
    for (const text of texts) {
      asked.add(text);
      expect(asked.lean).toBeDefined();
      unasked.add(text);
    }
    const bytes = (objective: Objective): Buffer => {
      const writer = new StateWriter(1);
      objective.write(writer);
      return writer.done();
    };
    expect(bytes(unasked)).toEqual(bytes(asked));
    expect(unasked.aimAt('profit', noWordVectors).direction).toBe(1);
  });
});
