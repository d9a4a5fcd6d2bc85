// Real traces through everything: `watchkeeper replay` of labelled sessions, then a query that says which loop, where and why.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSpeed, replay } from '../replay/index.js';
import { withEventSource } from '../stack/event-source.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newWorld, type World } from './harness.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const traces = join(resolve(root, process.env['WATCHKEEPER_DATA'] ?? '../shared/data'), 'traces', 'magentic');

describe.skipIf(!existsSync(traces))('replay of real traces (WATCHKEEPER_DATA)', () => {
  let world: World;
  beforeAll(async () => {
    world = await newWorld();
    await world.start();
  });
  afterAll(() => world.close());

  it('lands every line and shows looping sessions with the step, the reason and the waste', async () => {
    const report = await withEventSource(world.backends.brokers, world.place, undefined, (source) =>
      replay({ ...source, paths: [traces], seed: '1', speed: parseSpeed('max') }),
    );
    await world.drained(0);
    const [events] = await world.sql.rows<{ n: string }>('SELECT count() AS n FROM events');
    expect(Number(events?.n)).toBe(report.events);
    const loops = await world.sql.rows<{ session_id: string; first_seq: string; explanation: string }>(
      "SELECT session_id, first_seq, explanation FROM detections WHERE detector = 'loop-detector'",
    );
    expect(new Set(loops.map((loop) => loop.session_id)).size).toBeGreaterThan(5);
    for (const { explanation, first_seq } of loops) {
      expect(explanation.length).toBeGreaterThan(20);
      expect(Number(first_seq)).toBeGreaterThanOrEqual(0);
    }
    const ledger = await world.ledger();
    expect({ gaps: ledger.gaps, duplicates: ledger.duplicates }).toEqual({ gaps: 0, duplicates: 0 });
  });
});
