// A stack: backends, topics, tables and roles, started in order and stopped in the reverse.

import { openTopics } from './log.js';
import { openBackends, type Backends } from './backends.js';
import { roleEnvironment, type Place } from './environment.js';
import { migrateAt } from './database.js';
import { startRoles, type RoleProcess } from './role-processes.js';
import { processGroups } from '../roles.js';

export interface Stack {
  readonly backends: Backends;
  readonly place: Place;
  readonly roles: readonly RoleProcess[];
  /** Resolves with the first role process that ends by itself. */
  readonly firstEnd: Promise<RoleProcess>;
  /** Stops the roles; the backends are left to whoever started them. */
  stop(): Promise<void>;
}

/** Brings everything up at `place`, a process for each of `groups`; `say` is told each stage. */
export async function startStack(
  env: NodeJS.ProcessEnv,
  dataDir: string,
  place: Place,
  say: (line: string) => void,
  groups: readonly (readonly string[])[] = processGroups,
): Promise<Stack> {
  const backends = await openBackends(env, dataDir, say);
  say('Preparing topics and tables …');
  await Promise.all([openTopics(backends.brokers, place), migrateAt(env, backends.clickhouseUrl, place.database)]);
  if (groups.length > 0) say('Starting the roles …');
  const started = await Promise.allSettled(
    groups.map((group) => startRoles(group, roleEnvironment(backends, place), dataDir)),
  );
  const roles = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(roles.map((role) => role.stop()));
  };
  const failure = started.find((result) => result.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  return { backends, place, roles, firstEnd: Promise.race(roles.map((role) => role.ended.then(() => role))), stop };
}
