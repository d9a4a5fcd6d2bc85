import { StateReader, StateWriter } from '@watchkeeper/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Passages, type Found, type Passage } from './passages.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const hash = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const passage: fc.Arbitrary<Found> = fc.record({
  seq: fc.nat({ max: 90 }),
  tool: fc.constantFrom('read', 'list'),
  weight: fc.constantFrom(0, 2, 4.15, 9),
  form: fc.constantFrom(0, 0.3, 0.39, 0.4, 0.9),
  prose: share,
  listed: share,
  link: share,
  delegated: share,
  sourceNamed: share,
  literals: fc.array(hash, { minLength: 1, maxLength: 6 }),
  words: fc.array(hash, { maxLength: 14 }),
  excerpt: fc.string({ maxLength: 20 }),
});
const outputs = fc.array(fc.array(passage, { maxLength: 6 }), { minLength: 8, maxLength: 20, size: 'max' });

/** The law in its simplest form: a list, from which goes what could weigh least, a tenth of a log-odds less per event since, and of equal ones the oldest. */
function keptOf(batches: readonly (readonly Found[])[]): Passage[] {
  const kept: Passage[] = [];
  for (const batch of batches) {
    kept.push(...batch.map((found) => ({ ...found, carriedOut: 0 })));
    while (kept.length > 16) {
      const weights = kept.map(({ weight, seq }) => weight + seq * 0.1);
      kept.splice(weights.indexOf(Math.min(...weights)), 1);
    }
  }
  return kept;
}

function filled(batches: readonly (readonly Found[])[]): Passages {
  const passages = new Passages();
  for (const batch of batches) passages.add(batch);
  return passages;
}

describe('Passages', () => {
  it('keeps 16, those that could weigh most by now', () => {
    fc.assert(
      fc.property(outputs, (batches) => {
        expect(filled(batches).kept).toEqual(keptOf(batches));
      }),
      { numRuns: 60 },
    );
  });

  it('names every passage of a literal, oldest first', () => {
    fc.assert(
      fc.property(outputs, (batches) => {
        const kept = keptOf(batches);
        const literal = kept[0]?.literals[0] ?? 7;
        expect(filled(batches).naming(literal)).toEqual(kept.filter(({ literals }) => literals.includes(literal)));
      }),
      { numRuns: 60 },
    );
  });

  it('counts the share of a passage that calls have carried out', () => {
    const passages = filled([
      [
        {
          seq: 1,
          tool: 'read',
          weight: 5,
          form: 0.5,
          prose: 1,
          listed: 0,
          link: 0,
          delegated: 0,
          sourceNamed: 0,
          literals: [7, 8],
          words: [],
          excerpt: '',
        },
      ],
    ]);
    expect(passages.kept[0]?.carriedOut).toBe(0);
    passages.markUsed(8);
    passages.markUsed(8);
    expect(passages.kept[0]?.carriedOut).toBe(0.5);
    passages.markUsed(7);
    expect(passages.kept[0]?.carriedOut).toBe(1);
  });

  it('comes back from its bytes as it was', () => {
    fc.assert(
      fc.property(outputs, (batches) => {
        const passages = filled(batches);
        passages.markUsed(batches.at(-1)?.[0]?.literals[0] ?? 7);
        const writer = new StateWriter(4);
        passages.write(writer);
        expect(Passages.read(new StateReader(writer.done(), [4])).kept).toEqual(passages.kept);
      }),
      { numRuns: 30 },
    );
  });
});
