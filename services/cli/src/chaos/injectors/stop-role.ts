// SIGSTOP of a role's process for longer than its session, then SIGCONT: it wakes up and believes that its partitions are its own.

import { readFileSync } from 'node:fs';
import { sleep } from '@watchkeeper/runtime';
import { SESSION_TIMEOUT_MS } from '../rig.js';
import type { Injector } from './injector.js';
import { seatOf, workingAt } from './seats.js';

export const stopRole: Injector = {
  kind: 'stop-role',
  resource: (rig, fault) => `seat ${seatOf(rig, fault)}`,
  unavailable: () => (process.platform === 'linux' ? undefined : 'whether a process stands still is read from /proc'),
  async inject(rig, fault) {
    const { seat, victim } = await workingAt(rig, fault);
    if (victim === undefined) return { proof: undefined, endedMs: performance.now() };
    const fromMs = performance.now();
    process.kill(victim.pid, 'SIGSTOP');
    try {
      await sleep(fault.holdSeconds * 1_000, rig.signal);
      const stoodMs = performance.now() - fromMs;
      const stands = isStopped(victim.pid) && stoodMs > SESSION_TIMEOUT_MS;
      return {
        proof: stands ? `${seat.roles.join('+')} stood still for ${(stoodMs / 1_000).toFixed(1)} s` : undefined,
        endedMs: performance.now(),
      };
    } finally {
      // It may wake up to find that it must end: what follows is its own doing, or the keeper's.
      process.kill(victim.pid, 'SIGCONT');
    }
  },
};

function isStopped(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}
