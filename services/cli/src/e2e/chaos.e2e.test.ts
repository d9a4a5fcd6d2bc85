// A short chaos run: every kind of fault that a machine can bring about within a minute, and nothing is missing, twice, or different.

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runChaos } from '../chaos/chaos.js';
import type { FaultKind } from '../chaos/plan.js';

// A fixed folder: what a run that was killed left behind, the next one takes away.
const dataDir = fileURLToPath(new URL('../../../../.watchkeeper/chaos-test', import.meta.url));
const KINDS: readonly FaultKind[] = [
  'kill-role',
  'stop-role',
  'kill-broker',
  'kill-clickhouse',
  'clickhouse-slow',
  'clickhouse-answer-lost',
  'clickhouse-cut',
  'kafka-cut',
  'poison',
  'clock-jump',
];

describe('chaos', () => {
  it('ends with nothing missing, nothing twice, and the detections of an undisturbed re-read', async () => {
    const said: string[] = [];
    const report = await runChaos({
      dataDir,
      seed: 'short',
      seconds: 31,
      eventsPerSecond: 400,
      quietSeconds: 4,
      spacingSeconds: 2.5,
      kinds: KINDS,
      groups: [['landing', 'meter', 'anomaly-detector'], ['loop-detector', 'drift-detector'], ['landing']],
      say: (line) => said.push(line),
    });
    const told = [...said, ...report.examples, ...report.unplannedEnds].join('\n');
    expect(report, told).toMatchObject({
      gaps: 0,
      duplicates: 0,
      rollupsEqual: true,
      detectionsMissing: 0,
      detectionsExtra: 0,
      detectionsDifferent: 0,
      measuresDifferent: 0,
    });
    expect(report.landed + report.deadLettered).toBe(report.produced);
    expect(report.detections).toBeGreaterThan(10);
    expect(Object.keys(report.faults).sort(), told).toEqual([...KINDS].sort());
  });
});
