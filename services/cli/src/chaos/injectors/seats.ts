// Which process a fault of roles is about: each in turn.

import type { RoleProcess } from '../../stack/role-processes.js';
import { waitFor } from '../../stack/wait.js';
import type { Fault } from '../plan.js';
import type { Rig } from '../rig.js';
import type { Seat } from '../role-keeper.js';

const AT_WORK_MS = 120_000;

export function seatOf({ keeper }: Pick<Rig, 'keeper'>, { turn }: Fault): number {
  return turn % keeper.seats.length;
}

/** The seat, and the process that works there: waited for where it is just being started. */
export async function workingAt(rig: Rig, fault: Fault): Promise<{ seat: Seat; victim: RoleProcess | undefined }> {
  const seat = rig.keeper.seats[seatOf(rig, fault)];
  if (seat === undefined) throw new RangeError('a rig without roles');
  await waitFor(() => seat.current !== undefined, AT_WORK_MS);
  return { seat, victim: seat.current };
}
