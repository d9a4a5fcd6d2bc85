// What a soak looks at while it runs: lag, and of each role process its memory, its timers and handles, and the keys it holds.

import { sleep } from '@watchkeeper/runtime';
import { nameOf } from '../bench/place.js';
import { BYTES_PER_MIB, metricsOf, residentMbOf, sumOf } from '../stack/role-metrics.js';
import type { RoleProcess } from '../stack/role-processes.js';

const LOOK_MS = 2_000;
const TELL_SECONDS = 60;

export interface ProcessLook {
  /** Resident. */
  readonly memoryMb: number;
  /** Objects and buffers, garbage included. */
  readonly usedMb: number;
  /** Timers, sockets and whatever else keeps a process alive. */
  readonly handles: number;
}

/** Everything at one moment. */
export interface Look {
  /** Since the pulse was first felt. */
  readonly seconds: number;
  /** Records that the roles have yet to read, in sum, as of their last fetches. */
  readonly lag: number;
  /** Events that a role has read. */
  readonly read: Readonly<Record<string, number>>;
  /** By process. */
  readonly processes: Readonly<Record<string, ProcessLook>>;
  /** Keys that a role holds, in memory and on disk. */
  readonly keys: Readonly<Record<string, number>>;
}

export interface Pulse {
  /** So far, one every two seconds. */
  readonly looks: readonly Look[];
  stop(): Promise<void>;
}

/** Looks until it is stopped, and tells of a look a minute. One that fails (a process that is too busy to answer) is left out. */
export function feelPulse(roles: readonly RoleProcess[], say: (line: string) => void): Pulse {
  const over = new AbortController();
  const startedMs = performance.now();
  const looks: Look[] = [];
  let toldSeconds = 0;

  function tell({ seconds, lag, keys }: Look): void {
    if (seconds < toldSeconds + TELL_SECONDS) return;
    toldSeconds = seconds;
    const held = Object.entries(keys).filter(([, count]) => count > 0);
    say(
      `  ${Math.round(seconds)} s: lag ${lag}, keys of ${held.map(([name, count]) => `${name} ${count}`).join(', ')}`,
    );
  }

  async function look(): Promise<Look> {
    const seconds = (performance.now() - startedMs) / 1_000;
    let lag = 0;
    const read: Record<string, number> = {};
    const processes: Record<string, ProcessLook> = {};
    const keys: Record<string, number> = {};
    for (const role of roles) {
      const text = await metricsOf(role);
      processes[nameOf(role)] = {
        memoryMb: residentMbOf(role),
        usedMb:
          (sumOf(text, 'nodejs_heap_size_used_bytes') + sumOf(text, 'nodejs_external_memory_bytes')) / BYTES_PER_MIB,
        handles: sumOf(text, 'nodejs_active_resources'),
      };
      lag += sumOf(text, 'watchkeeper_consumer_lag_records');
      for (const name of role.roles) {
        keys[name] = sumOf(text, 'watchkeeper_state_keys', `role="${name}"`);
        read[name] = sumOf(text, 'watchkeeper_records_in_total', `role="${name}",topic="agent.events"`);
      }
    }
    return { seconds, lag, read, processes, keys };
  }

  const loop = (async (): Promise<void> => {
    while (!over.signal.aborted) {
      await look().then(
        (one) => {
          looks.push(one);
          tell(one);
        },
        () => undefined,
      );
      await sleep(LOOK_MS, over.signal);
    }
  })();

  return {
    looks,
    async stop() {
      over.abort();
      await loop;
    },
  };
}
