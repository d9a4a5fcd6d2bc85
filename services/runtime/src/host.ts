// Hosts any set of roles in one process.

import type { Clock, LogAdapter } from './contract.js';
import type { Logger } from './log.js';
import type { Metrics } from './metrics.js';
import type { Role } from './role.js';
import type { StateStore } from './state-store.js';

export interface HostOptions {
  /** Default: Kafka at KAFKA_BROKERS. */
  readonly log?: LogAdapter;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly states?: StateStore;
  /** Roles of the fleet that are not hosted here: their variables are known, too. */
  readonly otherRoles?: readonly Role[];
}

/** Roles at work. */
export interface Host {
  /** Resolves once every lane has its first assignment. */
  readonly ready: Promise<void>;
  /** Resolves after a clean stop; rejects with the first role's fault, when all others have been stopped, too. */
  readonly done: Promise<void>;
  /** Port of /metrics, /healthz, /readyz; undefined where HTTP_PORT is 0. */
  readonly httpPort: number | undefined;
  /** SIGTERM's way: finish the block, commit, leave, close, within SHUTDOWN_MS. */
  stop(): Promise<void>;
}

/** Starts `roles` with the settings in `env`. Throws WK_SETTINGS with the faults of all of them. */
export function hostRoles(
  roles: readonly Role[],
  env: Readonly<Record<string, string | undefined>>,
  options: HostOptions = {},
): Promise<Host> {
  return Promise.reject(
    new Error(`not yet: ${roles.length} ${Object.keys(env).length} ${Object.keys(options).length}`),
  );
}

/** Hosts `roles` until SIGTERM or SIGINT or a fault; the process's exit code. */
export function runRoles(
  roles: readonly Role[],
  env: Readonly<Record<string, string | undefined>>,
  options: HostOptions = {},
): Promise<number> {
  return hostRoles(roles, env, options).then(() => 0);
}
