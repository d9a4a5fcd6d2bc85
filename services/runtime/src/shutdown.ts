// Runs roles until a signal or a fault: the process's outermost function.

import { WatchkeeperError } from '@watchkeeper/schemas';
import { hostRoles, type HostOptions } from './host.js';
import { createLogger } from './log.js';
import type { Role } from './role.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Where signals come from: the process, or a test. */
export interface SignalSource {
  on(signal: string, listener: () => void): unknown;
  off(signal: string, listener: () => void): unknown;
}

/** Hosts `roles` until SIGTERM or SIGINT (a clean stop: 0) or a fault (its exit code). A second signal ends the process at once. */
export async function runRoles(
  roles: readonly Role[],
  env: Readonly<Record<string, string | undefined>>,
  options: HostOptions & { readonly signals?: SignalSource } = {},
): Promise<number> {
  const logger = options.logger ?? createLogger({ level: 'info' });
  const source: SignalSource = options.signals ?? process;
  let stop: (() => Promise<void>) | undefined;
  let signals = 0;
  const onSignal = (): void => {
    signals++;
    if (signals > 1) process.exit(130);
    void stop?.();
  };
  for (const signal of SIGNALS) source.on(signal, onSignal);
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
    for (const signal of SIGNALS) source.off(signal, onSignal);
  }
}
