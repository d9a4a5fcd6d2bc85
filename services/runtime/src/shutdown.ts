// Runs roles until a signal or a fault: the process's outermost function.

import { WatchkeeperError } from '@watchkeeper/schemas';
import { hostRoles, type HostOptions } from './host.js';
import { createLogger } from './log.js';
import type { Role } from './role.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Hosts `roles` until SIGTERM or SIGINT (a clean stop: 0) or a fault (its exit code). A second signal ends the process at once. */
export async function runRoles(
  roles: readonly Role[],
  env: Readonly<Record<string, string | undefined>>,
  options: HostOptions = {},
): Promise<number> {
  const logger = options.logger ?? createLogger({ level: 'info' });
  let stop: (() => Promise<void>) | undefined;
  let signals = 0;
  const onSignal = (): void => {
    signals++;
    if (signals > 1) process.exit(130);
    void stop?.();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    const host = await hostRoles(roles, env, options);
    stop = () => host.stop();
    // The signal came while the roles were being started.
    if (signals > 0) await stop();
    await host.done;
    return 0;
  } catch (error) {
    logger.error({ err: error }, error instanceof Error ? error.message : String(error));
    return error instanceof WatchkeeperError ? error.exitCode : 1;
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}
