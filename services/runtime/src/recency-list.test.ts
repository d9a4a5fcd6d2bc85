import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecencyList, type Linked } from './recency-list.js';

interface Item extends Linked<Item> {
  readonly id: number;
}

describe('RecencyList', () => {
  it('holds the items in the order of their last touch', () => {
    const moves = fc.array(fc.record({ id: fc.integer({ min: 0, max: 6 }), remove: fc.boolean() }));
    fc.assert(
      fc.property(moves, (given) => {
        const items = Array.from({ length: 7 }, (_, id): Item => ({ id, newer: undefined, older: undefined }));
        const list = new RecencyList<Item>();
        let model: number[] = [];
        for (const { id, remove } of given) {
          model = model.filter((other) => other !== id);
          if (remove) list.remove(items[id]!);
          else {
            list.touch(items[id]!);
            model.push(id);
          }
          expect([...list.oldestFirst()].map((item) => item.id)).toEqual(model);
          expect(list.oldest?.id).toBe(model[0]);
        }
      }),
    );
  });
});
