// One role at work: its lanes, measured, and its end.

import type { Batch, Consumption, Lane, Lease, LogAdapter, PartitionWorker } from './contract.js';
import type { Role, RoleContext } from './role.js';

/** Starts nothing by itself: `running` is what Role.start gave. */
export interface HostedRole {
  readonly name: string;
  readonly lanes: readonly { readonly group: string; readonly consumption: Consumption }[];
  stop(): Promise<void>;
}

/** The consumer group of a role's lane. */
export function groupOf(role: string, lane: string): string {
  return lane === '' ? role : `${role}.${lane}`;
}

/** Opens the lanes of a role. */
export async function hostRole(
  log: LogAdapter,
  running: ReturnType<Role['start']>,
  context: RoleContext,
): Promise<HostedRole> {
  const lanes = await running.lanes(context);
  const consumed: { group: string; consumption: Consumption }[] = [];
  const stop = async (): Promise<void> => {
    const ended = await Promise.allSettled(consumed.map(({ consumption }) => consumption.stop()));
    await running.close();
    const failed = ended.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  };
  try {
    for (const lane of lanes) {
      const group = groupOf(context.role, lane.name);
      const consumption = await log.consume({
        group,
        lane: measured(lane, context),
        onAssigned: () => context.metrics.count('rebalances', { role: context.role }),
        acceptGap: context.settings.ACCEPT_GAP,
        onFetched: ({ topic, partition, nextOffset, highWatermark }) =>
          context.metrics.set(
            'consumerLag',
            { role: context.role, topic, partition },
            Math.max(0, highWatermark - nextOffset),
          ),
        onNotice: (notice) => context.logger.warn({ group }, notice),
      });
      consumed.push({ group, consumption });
    }
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
  return { name: context.role, lanes: consumed, stop };
}

/** The lane with its batches and commits timed. */
function measured(lane: Lane, { role, metrics, logger }: RoleContext): Lane {
  const secondsSince = (startMs: number): number => (performance.now() - startMs) / 1000;

  function timed(lease: Lease): Lease {
    return {
      sessionTimeoutMs: lease.sessionTimeoutMs,
      signal: lease.signal,
      heartbeat: () => lease.heartbeat(),
      msSinceHeartbeat: () => lease.msSinceHeartbeat(),
      async commit(nextOffset, metadata) {
        const startMs = performance.now();
        await lease.commit(nextOffset, metadata);
        metrics.observe('commitSeconds', { role }, secondsSince(startMs));
      },
    };
  }

  /** When a partition of this lane was worked on last; ticks count. */
  let workedMs: number | undefined;
  return {
    ...lane,
    async open(assignment, lease): Promise<PartitionWorker> {
      const { topic, partition } = assignment;
      const ours = timed(lease);
      const beforeMs = workedMs;
      const worker = await lane.open(assignment, ours);
      if (beforeMs !== undefined) metrics.observe('rebalanceStop', { role }, secondsSince(beforeMs));
      logger.debug({ topic, partition, committed: assignment.committed?.offset }, 'a partition is taken');
      return {
        async onBatch(batch: Batch) {
          const startMs = performance.now();
          const outcome = await worker.onBatch(batch, ours);
          workedMs = performance.now();
          metrics.observe('batchSeconds', { role, topic }, (workedMs - startMs) / 1000);
          return outcome;
        },
        onIdle: async () => worker.onIdle?.(ours),
        async onTick() {
          await worker.onTick?.(ours);
          workedMs = performance.now();
        },
        startOffset: worker.startOffset,
        async close() {
          await worker.close();
          metrics.drop('consumerLag', { role, topic, partition });
        },
      };
    },
  };
}
