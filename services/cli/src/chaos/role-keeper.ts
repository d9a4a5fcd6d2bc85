// Keeps role processes going as an orchestrator would: whoever ends is started again.

import { sleep } from '@watchkeeper/runtime';
import type { RoleProcess } from '../stack/role-processes.js';

const PAUSE_MS = 500;

/** A seat for one process. */
export interface Seat {
  readonly roles: readonly string[];
  /** The process that is at work now; undefined while none is. */
  current: RoleProcess | undefined;
  /** Its next end is our doing. */
  struck: boolean;
}

export interface RoleKeeper {
  readonly seats: readonly Seat[];
  /** Ends that were nobody's doing, with where the log lies. */
  readonly unplannedEnds: readonly string[];
  /** Resolves when every seat has a process that is ready. */
  ready(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Starts one process per group, by `start`, and keeps it. */
export function keepRoles(
  groups: readonly (readonly string[])[],
  start: (roles: readonly string[]) => Promise<RoleProcess>,
): RoleKeeper {
  const stopping = new AbortController();
  const isOver = (): boolean => stopping.signal.aborted;
  const unplannedEnds: string[] = [];

  async function keep(seat: Seat): Promise<void> {
    while (!isOver()) {
      const started = await start(seat.roles).catch((error: unknown) => error);
      if (!isProcess(started)) {
        // A role that starts while a backend is away may give up: it is started again like one that ended.
        unplannedEnds.push(`${seat.roles.join('+')}: ${started instanceof Error ? started.message : String(started)}`);
        await sleep(PAUSE_MS, stopping.signal);
        continue;
      }
      if (isOver()) return started.stop();
      seat.current = started;
      const code = await started.ended;
      seat.current = undefined;
      if (!seat.struck && !isOver())
        unplannedEnds.push(`${seat.roles.join('+')} ended with code ${String(code)}: ${started.logFile}`);
      seat.struck = false;
    }
  }

  const seats = groups.map((roles): Seat => ({ roles, current: undefined, struck: false }));
  const kept = seats.map((seat) => keep(seat));
  return {
    seats,
    unplannedEnds,
    async ready() {
      for (let tries = 0; tries < 600; tries++) {
        if (seats.every(({ current }) => current !== undefined)) return true;
        await sleep(100);
      }
      return false;
    },
    async stop() {
      stopping.abort();
      await Promise.all(seats.map(async ({ current }) => current?.stop()));
      await Promise.all(kept);
    },
  };
}

function isProcess(started: unknown): started is RoleProcess {
  return typeof started === 'object' && started !== null && 'pid' in started && !(started instanceof Error);
}
