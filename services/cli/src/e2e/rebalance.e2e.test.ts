// Members of every detector's group come, leave, die and sleep beyond their session, under load: nothing is judged otherwise for it.

import { systemClock } from '@watchkeeper/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runFleet } from '../demo/fleet-source.js';
import { history } from '../simulate/index.js';
import { logAt } from '../stack/log.js';
import type { RoleProcess } from '../stack/role-processes.js';
import { waitFor } from '../stack/wait.js';
import { newWorld, NO_DIFFERENCES, type World } from './harness.js';

const DETECTORS = ['loop-detector', 'drift-detector', 'meter', 'anomaly-detector'];
const PATIENCE_MS = 90_000;

describe('members that come and go', () => {
  let world: World;
  beforeAll(async () => {
    world = await newWorld();
  });
  afterAll(() => world.close());

  it('leave the detections of a re-read and a ledger of 0, and no partition stands still for long', async () => {
    const admin = await logAt(world.backends.brokers, world.place).admin();
    const member = async (): Promise<RoleProcess> => {
      // Often, so that a partition that stands still can be seen from outside.
      const [started] = await world.start([DETECTORS], { CHECKPOINT_MS: '1000' });
      return started!;
    };
    const passed = async (records: number): Promise<void> => {
      const before = await world.landed();
      expect(await waitFor(async () => (await world.landed()) > before + records, PATIENCE_MS)).toBe(true);
    };
    const members = async (count: number): Promise<void> => {
      const all = async (): Promise<number[]> => Promise.all(DETECTORS.map((group) => admin.members(group)));
      expect(
        await waitFor(async () => (await all()).every((one) => one === count), PATIENCE_MS),
        `${count} members`,
      ).toBe(true);
    };
    await world.start([['landing']]);
    const sleeper = await member();
    const endMicros = systemClock.nowMicros();
    // Longer than any machine takes for what follows; then it is broken off.
    const fleet = history({ seed: 'rebalance', agents: 20, hours: 60, events: 180_000, endMicros });
    const over = new AbortController();
    const sending = runFleet({
      ...world.backends,
      place: world.place,
      fleet,
      historySeconds: 300,
      signal: over.signal,
    });
    const stops = watchStops(world);
    await passed(500);
    const leaver = await member();
    const victim = await member();
    await members(3);
    await passed(500);
    await leaver.stop();
    await members(2);
    // It sleeps until the group has given its partitions away, and wakes up with work in hand and a state that is not its own any more.
    process.kill(sleeper.pid, 'SIGSTOP');
    await members(1);
    await passed(500);
    process.kill(sleeper.pid, 'SIGCONT');
    await members(2);
    process.kill(victim.pid, 'SIGKILL');
    await victim.ended;
    const last = await member();
    await members(2);
    await passed(500);
    over.abort();
    const report = await sending;
    await world.drained(0);
    const longest = await stops.end();
    process.stderr.write(
      `longest stop of a partition: ${longest.seconds.toFixed(1)} s (sessions of 6 s; ${longest.what})\n`,
    );
    expect(longest.seconds).toBeLessThan(60);
    expect(await Promise.race([sleeper.ended, last.ended, Promise.resolve('at work')])).toBe('at work');
    const ledger = await world.ledger();
    expect({ gaps: ledger.gaps, duplicates: ledger.duplicates }).toEqual({ gaps: 0, duplicates: 0 });
    expect(await world.landed()).toBe(report.events);
    expect(await world.differences()).toEqual(NO_DIFFERENCES);
    await admin.close();
  });
});

interface Stop {
  readonly seconds: number;
  readonly what: string;
}

/** Looks, from outside, for how long at most a partition that has something to read is not committed any further. */
function watchStops({ backends, place }: World): { end(): Promise<Stop> } {
  let isOver = false;
  let longest: Stop = { seconds: 0, what: 'none' };
  const watching = (async () => {
    const admin = await logAt(backends.brokers, place).admin();
    const seen = new Map<string, { offset: number; sinceMs: number }>();
    await waitFor(async () => {
      const ranges = await admin.ranges('agent.events');
      for (const group of ['loop-detector', 'drift-detector', 'meter']) {
        const committed = await admin.committed(group, 'agent.events');
        for (const { partition, begin, end } of ranges) {
          const what = `${group}, partition ${partition}`;
          const offset = committed.get(partition)?.offset ?? begin;
          const before = seen.get(what);
          const nowMs = performance.now();
          if (before?.offset !== offset || offset >= end) seen.set(what, { offset, sinceMs: nowMs });
          else {
            const seconds = (nowMs - before.sinceMs) / 1000;
            if (seconds > longest.seconds) longest = { seconds, what };
          }
        }
      }
      return isOver;
    }, 600_000);
    await admin.close();
  })();
  return {
    async end() {
      isOver = true;
      await watching;
      return longest;
    },
  };
}
