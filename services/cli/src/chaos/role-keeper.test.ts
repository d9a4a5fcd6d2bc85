// Whoever ends is started again, and what was our doing is told from what was not.

import { describe, expect, it } from 'vitest';
import type { RoleProcess } from '../stack/role-processes.js';
import { waitFor } from '../stack/wait.js';
import { keepRoles } from './role-keeper.js';

/** Processes that end when they are told to. */
function fakes() {
  const alive: { end(): void; role: RoleProcess }[] = [];
  let pid = 0;
  const start = (roles: readonly string[]): Promise<RoleProcess> => {
    let end: () => void = () => undefined;
    const ended = new Promise<number | undefined>((resolve) => (end = () => resolve(1)));
    const stop = async (): Promise<void> => {
      end();
      await ended;
    };
    const role: RoleProcess = { roles, pid: ++pid, httpPort: undefined, logFile: 'log', ended, stop };
    alive.push({ end, role });
    return Promise.resolve(role);
  };
  return { alive, start };
}

describe('a keeper', () => {
  it('starts again whoever ends, and remembers those that nobody struck', async () => {
    const { alive, start } = fakes();
    const keeper = keepRoles([['a'], ['b']], start);
    expect(await keeper.ready()).toBe(true);
    keeper.seats[0]!.struck = true;
    alive[0]!.end();
    expect(await waitFor(() => keeper.seats[0]!.current?.pid === 3, 2_000)).toBe(true);
    expect(keeper.unplannedEnds).toEqual([]);
    alive[1]!.end();
    expect(await waitFor(() => keeper.seats[1]!.current?.pid === 4, 2_000)).toBe(true);
    expect(keeper.unplannedEnds).toEqual(['b ended with code 1: log']);
    await keeper.stop();
    expect(alive).toHaveLength(4);
    expect(keeper.unplannedEnds).toHaveLength(1);
  });

  it('tries again where a start fails', async () => {
    const { start } = fakes();
    let failures = 0;
    const keeper = keepRoles([['a']], (roles) =>
      failures++ === 0 ? Promise.reject(new Error('the broker is away')) : start(roles),
    );
    expect(await keeper.ready()).toBe(true);
    expect(keeper.unplannedEnds).toEqual(['a: the broker is away']);
    await keeper.stop();
  });
});
