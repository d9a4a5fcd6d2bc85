// Laws of the ring of blocks.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { HOUR_MICROS } from './options.js';
import { BlockRing, RING_BLOCKS, joinBlocks, type Block } from './ring.js';

/** Blocks of a few minutes with pauses between; whole numbers, so that sums are exact. */
const row: fc.Arbitrary<Block[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(40), fc.integer({ min: 1, max: 9 })), { maxLength: 150 })
  .map((parts) => {
    let endMicros = 1_000 * HOUR_MICROS;
    return parts.map(([minutes, pause, count]) => {
      const startMicros = endMicros + pause * 60e6;
      endMicros = startMicros + minutes * 60e6;
      return { startMicros, endMicros, count, weight: 1, sum: count - 5, rawSum: 2 * (count - 5) };
    });
  });

function ringOf(blocks: readonly Block[]): { ring: BlockRing; gone: Block[] } {
  const ring = new BlockRing();
  const gone: Block[] = [];
  for (const block of blocks) ring.push(block, (old) => gone.push(old));
  return { ring, gone };
}

describe('block ring', () => {
  it('loses nothing: what has left and what it holds add up to what came, in order, and it holds at most so many', () => {
    fc.assert(
      fc.property(row, (blocks) => {
        fc.pre(blocks.length > 0);
        const { ring, gone } = ringOf(blocks);
        expect(ring.size).toBeLessThanOrEqual(RING_BLOCKS);
        const all = [...gone, ...ring.blocks()];
        expect(all.reduce(joinBlocks)).toEqual(blocks.reduce(joinBlocks));
        for (const [at, block] of all.entries())
          expect(block.startMicros).toBeGreaterThanOrEqual(all[at - 1]?.endMicros ?? 0);
      }),
    );
  });

  it('gives runs that end now by lengthening them block by block', () => {
    fc.assert(
      fc.property(row, fc.nat(RING_BLOCKS), (blocks, back) => {
        const { ring } = ringOf(blocks);
        fc.pre(back < ring.size);
        const run = ring.at(ring.size - 1);
        for (let at = ring.size - 2; at >= ring.size - 1 - back; at--) ring.addTo(run, at);
        expect(run).toEqual(
          ring
            .blocks()
            .slice(ring.size - 1 - back)
            .reduce(joinBlocks),
        );
      }),
    );
  });

  it('gives each block to be learnt once, at its age or when it leaves', () => {
    const blocks = Array.from({ length: 200 }, (_, i) => {
      const startMicros = i * 1_800e6;
      return { startMicros, endMicros: startMicros + 60e6, count: 1, weight: 1, sum: 0, rawSum: 0 };
    });
    const ring = new BlockRing();
    let learnt = 0;
    for (const block of blocks) {
      ring.push(block, (old) => (learnt += old.count));
      ring.learnUntil(block.endMicros - 9 * HOUR_MICROS, (old) => (learnt += old.count));
      const young = ring.blocks().filter((old) => old.endMicros > block.endMicros - 9 * HOUR_MICROS);
      expect(learnt + young.reduce((sum, old) => sum + old.count, 0)).toBe(1 + block.startMicros / 1_800e6);
    }
  });

  it('goes on unchanged from its bytes', () => {
    fc.assert(
      fc.property(row, row, (before, after) => {
        const { ring } = ringOf(before);
        ring.markNewestLearnt();
        const writer = new StateWriter(1);
        ring.encode(writer);
        const again = new BlockRing();
        again.decode(new StateReader(writer.done(), [1]));
        for (const block of after) for (const one of [ring, again]) one.push(block, () => undefined);
        expect(again.blocks()).toEqual(ring.blocks());
      }),
    );
  });
});
