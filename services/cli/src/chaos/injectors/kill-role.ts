// kill -9 of a role's process; its keeper starts it again, as an orchestrator would.

import { waitFor } from '../../stack/wait.js';
import type { Injector } from './injector.js';
import { seatOf, workingAt } from './seats.js';

const BACK_MS = 180_000;

export const killRole: Injector = {
  kind: 'kill-role',
  resource: (rig, fault) => `seat ${seatOf(rig, fault)}`,
  async inject(rig, fault) {
    const { seat, victim } = await workingAt(rig, fault);
    if (victim === undefined) return { proof: undefined, endedMs: performance.now() };
    seat.struck = true;
    process.kill(victim.pid, 'SIGKILL');
    const endedMs = performance.now();
    await victim.ended;
    const back = await waitFor(() => seat.current !== undefined && seat.current.pid !== victim.pid, BACK_MS);
    return { proof: back ? `${seat.roles.join('+')} ended and was started again` : undefined, endedMs };
  },
};
