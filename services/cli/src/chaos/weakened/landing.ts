// Test programs: landing with one of its safeguards taken away, loaded into a role's process before it starts (node --import).

import { landingRole } from '@watchkeeper/landing';
import type { Assignment, Lane, Lease, PartitionWorker } from '@watchkeeper/runtime';

type OpenWorker = (open: Lane['open'], assignment: Assignment, lease: Lease) => Promise<PartitionWorker>;

/** Puts `open` around the opening of every worker of landing in this process. */
export function weakenLanding(open: OpenWorker): void {
  const start = landingRole.start.bind(landingRole);
  Object.assign(landingRole, {
    start(settings: Parameters<typeof start>[0]): ReturnType<typeof start> {
      const started = start(settings);
      return {
        close: () => started.close(),
        lanes: async (context) =>
          (await started.lanes(context)).map((lane) => ({
            ...lane,
            open: (assignment, lease) => open((...at) => lane.open(...at), assignment, lease),
          })),
      };
    },
  });
}
