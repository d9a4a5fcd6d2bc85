// When has everything passed the pipeline? Lags of all groups, rows landed, and how far event time is judged.

import type { LogAdmin } from '@watchkeeper/runtime';
import type { Sql } from '../clickhouse.js';

/** Groups and what they read, upstream first. */
export const CONSUMERS: readonly { readonly group: string; readonly topics: readonly string[] }[] = [
  { group: 'loop-detector', topics: ['agent.events'] },
  { group: 'drift-detector', topics: ['agent.events'] },
  { group: 'meter', topics: ['agent.events'] },
  { group: 'anomaly-detector', topics: ['agent.measures'] },
  { group: 'landing.events', topics: ['agent.events', 'agent.measures'] },
  { group: 'landing.signals', topics: ['agent.detections'] },
];

export interface Progress {
  /** Records that some group has yet to read, by group. */
  readonly lag: ReadonlyMap<string, number>;
  /** Records in agent.events. */
  readonly produced: number;
  /** Rows in events. */
  readonly landed: number;
  /** Records of agent.events that landing has refused. */
  readonly deadLettered: number;
  /** The event time up to which every source partition that has events has closed its windows; 0: not known yet. */
  readonly judgedToMicros: number;
}

/** One look at the whole pipeline. */
export async function lookAtPipeline(admin: LogAdmin, sql: Sql): Promise<Progress> {
  const [lags, produced, [counts]] = await Promise.all([
    Promise.all(CONSUMERS.map(async ({ group, topics }) => [group, await lagOf(admin, group, topics)] as const)),
    recordsIn(admin, 'agent.events'),
    sql.rows<{ landed: string; refused: string; judged: string }>(`
      SELECT (SELECT count() FROM events) AS landed,
        (SELECT uniqExact(source_partition, source_offset) FROM dead_letters WHERE topic = 'agent.events' AND service = 'landing') AS refused,
        (SELECT if(count() = 0 OR count() < any(partitions), 0, minIf(until, until > 0)) FROM
          (SELECT source_partition, max(toUnixTimestamp64Micro(window_end)) AS until, any(source_partitions) AS partitions
           FROM measures WHERE record_kind = 'MARK' GROUP BY source_partition)) AS judged`),
  ]);
  return {
    lag: new Map(lags),
    produced,
    landed: Number(counts?.landed ?? 0),
    deadLettered: Number(counts?.refused ?? 0),
    judgedToMicros: Number(counts?.judged ?? 0),
  };
}

/** What still holds the pipeline up, in words; undefined where all has passed. */
export function heldUpBy(progress: Progress, judgedFromMicros: number): string | undefined {
  const behind = [...progress.lag]
    .filter(([, lag]) => lag > 0)
    .map(([group, lag]) => `${group} is ${lag} records behind`);
  const missing = progress.produced - progress.landed - progress.deadLettered;
  if (missing > 0) behind.push(`${missing} events are not landed`);
  if (progress.judgedToMicros < judgedFromMicros) {
    behind.push(`windows are closed up to ${new Date(progress.judgedToMicros / 1000).toISOString()} only`);
  }
  return behind.length === 0 ? undefined : behind.join(', ');
}

/** Records of these topics that a group has yet to read. */
export async function lagOf(admin: LogAdmin, group: string, topics: readonly string[]): Promise<number> {
  const lags = await Promise.all(
    topics.map(async (topic) => {
      const [ranges, committed] = await Promise.all([admin.ranges(topic), admin.committed(group, topic)]);
      return ranges.reduce((sum, { partition, begin, end }) => {
        const at = committed.get(partition)?.offset ?? begin;
        return sum + Math.max(0, end - at);
      }, 0);
    }),
  );
  return lags.reduce((sum, lag) => sum + lag, 0);
}

async function recordsIn(admin: LogAdmin, topic: string): Promise<number> {
  return (await admin.ranges(topic)).reduce((sum, { begin, end }) => sum + end - begin, 0);
}
