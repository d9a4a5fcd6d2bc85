// Landing that commits what it has read before it is stored.

import type { Lease } from '@watchkeeper/runtime';
import { weakenLanding } from './landing.js';

weakenLanding(async (open, assignment, lease) => {
  const worker = await open(assignment, lease);
  return {
    close: () => worker.close(),
    async onBatch(batch, real) {
      await real.commit(batch.nextOffset);
      const deaf: Lease = {
        commit: () => Promise.resolve(),
        heartbeat: () => real.heartbeat(),
        msSinceHeartbeat: () => real.msSinceHeartbeat(),
        sessionTimeoutMs: real.sessionTimeoutMs,
        signal: real.signal,
      };
      return worker.onBatch(batch, deaf);
    },
  };
});
