// watchkeeper run ROLE…: hosts roles in this process until it is told to stop.

import { hostRoles } from '@watchkeeper/runtime';
import type { RoleMessage } from '../stack/role-processes.js';
import { endSoon } from '../stack/signals.js';
import { allRoles, rolesNamed } from '../roles.js';

/** Resolves after a clean stop; rejects with what ended a role. Either way the process ends soon after. */
export async function runRoles(names: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await hosted(names, env);
  } finally {
    endSoon();
  }
}

async function hosted(names: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const host = await hostRoles(rolesNamed(names), env, { fleet: allRoles });
  const stop = (): void => void host.stop();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Started by a stack: without its parent nobody would ever stop this process.
  process.once('disconnect', stop);
  await Promise.race([host.ready, host.done]);
  const ready: RoleMessage = { kind: 'ready', httpPort: host.httpPort };
  process.send?.(ready);
  await host.done;
  if (process.connected) process.disconnect();
}
