// A place with every role at work, a load upon it, and a hand on its pulse.

import { startGroups, withSite, type Bench, type Running, type Site } from '../bench/place.js';
import { processGroups } from '../roles.js';
import { withEventSource } from '../stack/event-source.js';
import { Load } from './load.js';
import { LoopedFleet } from './looped-fleet.js';
import { feelPulse, type Pulse } from './pulse.js';

export interface UnderLoad {
  readonly site: Site;
  readonly roles: Running;
  /** At rest until it is given a pace. */
  readonly load: Load;
  readonly pulse: Pulse;
}

/** `env`: settings of the roles. Throws what `work` throws, what sending throws, and WK_ROLE_ENDED where a role process ends meanwhile. */
export function underLoad<T>(
  bench: Bench,
  part: string,
  eventsPerSecond: number,
  work: (under: UnderLoad) => Promise<T>,
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  return withSite(bench, part, (site) =>
    withEventSource(bench.backends.brokers, site.place, undefined, async ({ producer, schemaId }) => {
      const load = new Load(producer, new LoopedFleet(schemaId, eventsPerSecond));
      const roles = await startGroups(bench, site.place, processGroups, { withMetrics: true, env });
      const pulse = feelPulse(roles.processes, bench.say);
      const sending = load.run();
      const sendingFailed = sending.then(() => new Promise<never>(() => undefined));
      try {
        return await Promise.race([work({ site, roles, load, pulse }), sendingFailed, roles.ended]);
      } finally {
        load.stop();
        await sending.catch(() => undefined);
        await pulse.stop();
        await roles.stop();
      }
    }),
  );
}
