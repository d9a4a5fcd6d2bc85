import { describe, expect, it } from 'vitest';
import type { SeenDetection } from './detection-watch.js';
import { liveLines, type LiveState } from './live-view.js';

const seen = (explanation: string): SeenDetection => ({
  detection_id: explanation,
  revision: 1,
  detector: 'loop-detector',
  kind: 'loop.repeat',
  tenant_id: 't',
  agent_id: 'booker',
  session_id: 's',
  metric: '',
  severity: 'WARNING',
  explanation,
  window_start_micros: 0,
  window_end_micros: 3_600_000_000,
  first_seq: 1,
  last_seq: 9,
  kafka_partition: 0,
  kafka_offset: 0,
  source_timestamp_ms: 0,
});

const state = (recent: SeenDetection[]): LiveState => ({
  fleetTime: '2026-01-01T00:00',
  eventsPerSecond: 500,
  progress: {
    lag: new Map([
      ['a', 4],
      ['b', 90],
    ]),
    produced: 10,
    landed: 9,
    deadLettered: 0,
    judgedToMicros: 0,
  },
  sessionsLastHour: 12,
  recent,
});

describe('liveLines', () => {
  it('shows the worst lag and the newest detections, oldest first', () => {
    const lines = liveLines(state(Array.from({ length: 20 }, (_, i) => seen(`loop ${i}`))), 200);
    expect(lines[0]).toContain('lag 90');
    expect(lines).toHaveLength(9);
    expect(lines[1]).toContain('01:00:00 WARNING  booker  loop 12');
    expect(lines.at(-1)).toContain('loop 19');
  });

  it('cuts lines at the width of the terminal', () => {
    for (const line of liveLines(state([seen('x'.repeat(500))]), 60)) expect(line.length).toBeLessThanOrEqual(60);
  });
});
