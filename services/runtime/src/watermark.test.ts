import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventTimeWatermark, markWatermark, type SourceMark } from './watermark.js';

describe('eventTimeWatermark', () => {
  const policy = eventTimeWatermark({ timeOf: (time: number) => time, latenessMicros: 10 });

  it('is the latest time less the lateness, never goes back, and survives its encoding', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (times) => {
        let watermark = policy.create();
        times.forEach((time, index) => {
          expect(watermark.observe(time)).toBe(Math.max(...times.slice(0, index + 1)) - 10);
          watermark = policy.decode(watermark.encode());
        });
      }),
    );
  });

  it('knows nothing before its first input, and moves only forward by decision', () => {
    const watermark = policy.create();
    expect(watermark.micros).toBe(-Infinity);
    expect(watermark.advance(5)).toBe(5);
    expect(watermark.advance(3)).toBe(5);
    expect(policy.decode(watermark.encode()).micros).toBe(5);
  });
});

describe('markWatermark', () => {
  const policy = markWatermark({ markOf: (mark: SourceMark | undefined) => mark });
  const mark = (sourcePartition: number, closedUntilMicros: number, sourcePartitions = 3): SourceMark => ({
    sourcePartition,
    sourcePartitions,
    closedUntilMicros,
  });

  it('waits for every source partition, then follows the least', () => {
    const watermark = policy.create();
    expect(
      [mark(0, 10), undefined, mark(1, 30), mark(2, 20), mark(0, 25), mark(2, 15)].map((one) => watermark.observe(one)),
    ).toEqual([-Infinity, -Infinity, -Infinity, 10, 20, 20]);
  });

  it('depends on the marks alone, not on their order, and survives its encoding', () => {
    const marks = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 100 })));
    fc.assert(
      fc.property(marks, (given) => {
        let watermark = policy.create();
        for (const [partition, until] of given) {
          watermark.observe(mark(partition, until));
          watermark = policy.decode(watermark.encode());
        }
        const latest = [0, 1, 2].map((partition) =>
          Math.max(-Infinity, ...given.filter(([one]) => one === partition).map(([, until]) => until)),
        );
        expect(watermark.micros).toBe(Math.min(...latest));
      }),
    );
  });
});
