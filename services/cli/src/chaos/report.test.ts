// Only what was seen to hit counts, and what is not as promised is said.

import { describe, expect, it } from 'vitest';
import type { FaultKind } from './plan.js';
import { chaosText, reportOf } from './report.js';
import type { Struck } from './strike.js';
import { verdictFaults, type Verdict } from './verdict.js';

const clean: Verdict = {
  produced: 10,
  landed: 8,
  deadLettered: 2,
  gaps: 0,
  duplicates: 0,
  repeatedEvents: 1,
  rollupsEqual: true,
  detections: 4,
  detectionsMissing: 0,
  detectionsExtra: 0,
  detectionsDifferent: 0,
  measuresDifferent: 0,
  lateEvents: 0,
  examples: [],
};

function struck(kind: FaultKind, proof: string | undefined, recoverySeconds: number): Struck {
  return { fault: { kind, atSeconds: 0, holdSeconds: 0, turn: 0 }, proof, recoverySeconds };
}

const run = {
  seed: '1',
  seconds: 60,
  eventsPerSecond: 100,
  faults: [],
  skipped: new Map<FaultKind, string>([['clickhouse-full', 'no tmpfs']]),
  struck: [struck('kill-role', 'yes', 3), struck('kill-role', undefined, 90), struck('poison', 'yes', 1.26)],
  unplannedEnds: [],
};

describe('a report', () => {
  it('counts the faults that were seen to hit, and their recovery alone', () => {
    const report = reportOf(run, clean);
    expect(report.faults).toEqual({ 'kill-role': 1, poison: 1 });
    expect(report.unconfirmed).toEqual({ 'kill-role': 1 });
    expect(report.recoverySeconds).toEqual({ median: 3, max: 3 });
    expect(chaosText(report)).toContain('left out: clickhouse-full no tmpfs');
  });

  it('finds nothing wrong where all is as promised', () => expect(verdictFaults(clean)).toEqual([]));

  it.each([
    { gaps: 1 },
    { duplicates: 1 },
    { rollupsEqual: false },
    { detectionsMissing: 1 },
    { detectionsExtra: 1 },
    { detectionsDifferent: 1 },
    { measuresDifferent: 1 },
    { landed: 7 },
  ])('is not content with %j', (wrong) => expect(verdictFaults({ ...clean, ...wrong })).toHaveLength(1));
});
