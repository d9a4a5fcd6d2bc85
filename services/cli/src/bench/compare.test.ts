import type { Detection } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { compareDetections, isEqual, LastRevisions } from './compare.js';

const detection = (id: string, revision: number, more: Partial<Detection> = {}): Detection =>
  ({ detection_id: id, revision, kind: 'loop.repeat', subject: 's', score: 1, detected_at: 5, ...more }) as Detection;

function last(...detections: Detection[]): LastRevisions {
  const all = new LastRevisions();
  for (const one of detections) all.add(one);
  return all;
}

describe('compareDetections', () => {
  it('looks at last revisions, in any order, and not at when they were found', () => {
    const expected = last(detection('a', 1), detection('a', 2, { score: 3 }));
    const found = last(detection('a', 2, { score: 3, detected_at: 99 }), detection('a', 1));
    expect(isEqual(compareDetections(expected, found))).toBe(true);
  });

  it.each([
    ['missing', last(detection('a', 1), detection('b', 1)), last(detection('a', 1))],
    ['unexpected', last(detection('a', 1)), last(detection('a', 1), detection('b', 1))],
    ['different', last(detection('a', 1)), last(detection('a', 1, { score: 2 }))],
    ['different', last(detection('a', 2)), last(detection('a', 1))],
  ] as const)('tells what is %s', (what, expected, found) => {
    const comparison = compareDetections(expected, found);
    expect(comparison[what]).toHaveLength(1);
    expect(isEqual(comparison)).toBe(false);
  });

  it('does not take one revision with two contents', () => {
    const found = last(detection('a', 1, { score: 2 }), detection('a', 1));
    expect(isEqual(compareDetections(last(detection('a', 1)), found))).toBe(false);
  });

  it('takes one revision that was written twice alike: a crash in between repeats', () => {
    const found = last(detection('a', 1), detection('a', 1, { detected_at: 7 }));
    expect(isEqual(compareDetections(last(detection('a', 1)), found))).toBe(true);
  });
});
