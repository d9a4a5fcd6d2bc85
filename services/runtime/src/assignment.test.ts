import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planAssignment, type Member, type Plan } from './assignment.js';

const members = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 3 }),
    topics: fc.constant(['a', 'b', 'c']),
    held: fc.array(fc.nat({ max: 20 })),
  }),
  { selector: (member) => member.id, minLength: 1, maxLength: 6 },
);
const topics = new Map([
  ['a', 12],
  ['b', 12],
  ['c', 3],
]);
const heldBy = (plan: Plan, topic: string): [string, number[]][] =>
  [...plan].map(([id, assigned]) => [id, assigned.get(topic) ?? []]);

describe('planAssignment', () => {
  it('gives each partition to exactly one member, evenly, and partition n of all topics to the same', () => {
    fc.assert(
      fc.property(members, (given) => {
        const plan = planAssignment(given, topics);
        const wide = heldBy(plan, 'a');
        expect(wide.flatMap(([, numbers]) => numbers).sort((x, y) => x - y)).toEqual(
          Array.from({ length: 12 }, (_, number) => number),
        );
        const counts = wide.map(([, numbers]) => numbers.length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(heldBy(plan, 'b')).toEqual(wide);
        expect(heldBy(plan, 'c')).toEqual(wide.map(([id, numbers]) => [id, numbers.filter((number) => number < 3)]));
      }),
    );
  });

  it('does not depend on the order of the members', () => {
    fc.assert(
      fc.property(members, (given) => {
        expect(new Map([...planAssignment(given.slice().reverse(), topics)].sort())).toEqual(
          new Map([...planAssignment(given, topics)].sort()),
        );
      }),
    );
  });

  it('moves as few as it can when a member comes or goes', () => {
    fc.assert(
      fc.property(members, fc.boolean(), (given, comes) => {
        const before = planAssignment(
          given.map((member) => ({ ...member, held: [] })),
          topics,
        );
        const now: Member[] = given.map((member) => ({ ...member, held: before.get(member.id)?.get('a') ?? [] }));
        const left = comes ? [...now, { id: 'newcomer', topics: ['a', 'b', 'c'], held: [] }] : now.slice(1);
        if (left.length === 0) return;
        const after = planAssignment(left, topics);
        let moved = 0;
        for (const member of left)
          moved += member.held.filter((number) => !(after.get(member.id)?.get('a') ?? []).includes(number)).length;
        const newcomers = comes ? (after.get('newcomer')?.get('a')?.length ?? 0) : 0;
        expect(moved).toBe(newcomers);
      }),
    );
  });

  it('gives a topic to its subscribers alone while a fleet is being upgraded', () => {
    const plan = planAssignment(
      [
        { id: 'old', topics: ['a'], held: [] },
        { id: 'new', topics: ['a', 'b'], held: [] },
      ],
      new Map([
        ['a', 2],
        ['b', 2],
      ]),
    );
    expect(plan.get('old')).toEqual(new Map([['a', [1]]]));
    expect(plan.get('new')).toEqual(
      new Map([
        ['a', [0]],
        ['b', [0, 1]],
      ]),
    );
  });
});
