// Lives of the log: a log_id is the cluster's id and an epoch that a person raises when Kafka was made anew.

import type { ClickHouseClient } from '@clickhouse/client';

/** How a cluster is named in log ids: fleets that share it by a topic prefix have logs of their own. */
export function clusterName(clusterId: string, topicPrefix: string): string {
  return topicPrefix === '' ? clusterId : `${clusterId}/${topicPrefix}`;
}

/** The log_id of one life. */
export const logIdOf = (cluster: string, epoch: number): string => `${cluster}@${epoch}`;

/** The log_id of the cluster's present life; its first life begins here. */
export async function currentLogId(client: ClickHouseClient, database: string, cluster: string): Promise<string> {
  const epoch = await lastEpoch(client, database, cluster);
  if (epoch > 0) return logIdOf(cluster, epoch);
  // Two roles may both begin life 1: it is the same row.
  await begin(client, database, cluster, 1);
  return logIdOf(cluster, 1);
}

/** Begins a new life of the log, beside the rows of the old one; its log_id. For `watchkeeper topics --new-log`. */
export async function beginLogLife(client: ClickHouseClient, database: string, cluster: string): Promise<string> {
  const epoch = (await lastEpoch(client, database, cluster)) + 1;
  await begin(client, database, cluster, epoch);
  return logIdOf(cluster, epoch);
}

async function lastEpoch(client: ClickHouseClient, database: string, cluster: string): Promise<number> {
  const result = await client.query({
    query: `SELECT max(epoch) AS epoch FROM ${database}.log_lives WHERE cluster_id = {cluster: String}`,
    query_params: { cluster },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ epoch: number }>();
  return row?.epoch ?? 0;
}

async function begin(client: ClickHouseClient, database: string, cluster: string, epoch: number): Promise<void> {
  await client.command({
    query: `INSERT INTO ${database}.log_lives (cluster_id, epoch) SELECT {cluster: String}, {epoch: UInt32}`,
    query_params: { cluster, epoch },
    clickhouse_settings: { async_insert: 0 },
  });
}
