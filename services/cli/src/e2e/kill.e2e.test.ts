// Any role dies by kill -9 under load and is started again: nothing is missing, nothing is there twice, and the detections are the same.

import { systemClock } from '@watchkeeper/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runFleet } from '../demo/fleet-source.js';
import { history } from '../simulate/index.js';
import { waitFor } from '../stack/wait.js';
import { newWorld, NO_DIFFERENCES, type World } from './harness.js';

describe('kill -9 under load', () => {
  let world: World;
  beforeAll(async () => {
    world = await newWorld();
  });
  afterAll(() => world.close());

  it('ends with a ledger of 0 gaps and 0 duplicates and the detections of a re-read, whichever role died', async () => {
    // Landing alone in its process, so that it can die twice; the others share two.
    const groups = [['landing'], ['loop-detector', 'drift-detector'], ['meter', 'anomaly-detector']];
    let roles = await world.start(groups);
    const endMicros = systemClock.nowMicros();
    const fleet = history({ seed: 'kill', agents: 40, hours: 12, events: 60_000, endMicros });
    const sending = runFleet({ ...world.backends, place: world.place, fleet, historySeconds: 60 });
    for (const victim of ['landing', 'loop-detector', 'meter', 'landing', 'loop-detector']) {
      const before = await world.landed();
      expect(await waitFor(async () => (await world.landed()) > before + 1_000, 60_000), `before ${victim} dies`).toBe(
        true,
      );
      const at = roles.findIndex((role) => role.roles.includes(victim));
      const dying = roles[at]!;
      process.kill(dying.pid, 'SIGKILL');
      await dying.ended;
      const [again] = await world.start([dying.roles]);
      roles = roles.map((role) => (role === dying ? again! : role));
    }
    const report = await sending;
    await world.drained(0);
    const ledger = await world.ledger();
    expect({ gaps: ledger.gaps, duplicates: ledger.duplicates }).toEqual({ gaps: 0, duplicates: 0 });
    expect(await world.landed()).toBe(report.events);
    const [rollups] = await world.sql.rows<{ counted: string }>('SELECT sum(events) AS counted FROM agent_minute');
    expect(Number(rollups?.counted)).toBe(report.events);
    expect(await world.differences()).toEqual(NO_DIFFERENCES);
  });
});
