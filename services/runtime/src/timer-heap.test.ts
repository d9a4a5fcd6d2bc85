import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimerHeap } from './timer-heap.js';

const timers = fc.array(fc.record({ dueMicros: fc.integer({ min: 0, max: 20 }), key: fc.string({ maxLength: 2 }) }), {
  maxLength: 200,
});

describe('TimerHeap', () => {
  it('pops by due time, then by key, whatever the order of pushing', () => {
    fc.assert(
      fc.property(timers, (given) => {
        const heap = new TimerHeap<{ key: string }>();
        for (const { dueMicros, key } of given) heap.push(dueMicros, { key });
        const popped: [number, string][] = [];
        for (let next = heap.pop(); next; next = heap.pop()) popped.push([next.dueMicros, next.of.key]);
        const sorted = given.map(({ dueMicros, key }): [number, string] => [dueMicros, key]);
        sorted.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0));
        expect(popped).toEqual(sorted);
        expect(heap.size).toBe(0);
        expect(heap.nextMicros).toBe(Infinity);
      }),
    );
  });

  it('keeps only what it is rebuilt from', () => {
    const heap = new TimerHeap<{ key: string }>();
    heap.push(1, { key: 'stale' });
    heap.rebuild([
      [9, { key: 'b' }],
      [9, { key: 'a' }],
    ]);
    expect([heap.pop()?.of.key, heap.pop()?.of.key, heap.pop()]).toEqual(['a', 'b', undefined]);
  });
});
