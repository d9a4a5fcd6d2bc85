// `npm start -- --once --json`, as a user runs it: the whole of it, from an empty data folder.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { testBackends } from '@watchkeeper/local';
import { describe, expect, it } from 'vitest';
import type { OnceSummary } from '../demo/summary.js';

const bin = fileURLToPath(new URL('../../bin/watchkeeper.js', import.meta.url));
/** At most this share of clean sessions or agents may raise an alarm. */
const FALSE_ALARM_SHARE = 0.02;

describe('a run to an end', () => {
  it('lands everything once, finds every planted kind at 90 % or more, and leaves the well alone', async () => {
    const { brokers, clickhouseUrl } = await testBackends();
    const { stdout } = await promisify(execFile)(process.execPath, [bin, 'demo', '--once', '--json', '--seed', '7'], {
      env: { ...process.env, KAFKA_BROKERS: brokers, CLICKHOUSE_URL: clickhouseUrl },
      maxBuffer: 1 << 24,
    });
    const summary = JSON.parse(stdout) as OnceSummary;
    expect(summary.ledger).toEqual({ gaps: 0, duplicates: 0 });
    expect(summary.landed).toBe(summary.events);
    expect(summary.sessions).toBeGreaterThanOrEqual(1_000);
    for (const [kind, { planted, found, falseAlarms, clean, byVariant }] of Object.entries(summary.truth)) {
      expect(found / planted, kind).toBeGreaterThanOrEqual(0.9);
      expect(falseAlarms / clean, `${kind}: false alarms`).toBeLessThanOrEqual(FALSE_ALARM_SHARE);
      for (const [variant, tally] of Object.entries(byVariant)) {
        expect(tally.planted, variant).toBeGreaterThanOrEqual(20);
        expect(tally.found / tally.planted, variant).toBeGreaterThanOrEqual(0.9);
      }
    }
  });
});
