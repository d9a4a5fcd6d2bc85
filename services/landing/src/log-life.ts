// Lives of the log: a log_id is the cluster's id and an epoch that a person raises when Kafka was made anew.

import type { ClickHouseClient } from '@clickhouse/client';

/** How a cluster is named in log ids: fleets that share it by a topic prefix have logs of their own. */
export function clusterName(clusterId: string, topicPrefix: string): string {
  return topicPrefix === '' ? clusterId : `${clusterId}/${topicPrefix}`;
}

/** The log_id of the cluster's present life; its first life begins here. */
export async function currentLogId(client: ClickHouseClient, database: string, cluster: string): Promise<string> {
  const life = await lastLife(client, database, cluster);
  // Two roles may both begin life 1: it is the same row.
  return life.epoch > 0 ? life.logId : begin(client, database, cluster, 1);
}

/** Begins a new life of the log, beside the rows of the old one; its log_id. For `watchkeeper topics --new-log`. */
export async function beginLogLife(client: ClickHouseClient, database: string, cluster: string): Promise<string> {
  const { epoch } = await lastLife(client, database, cluster);
  return begin(client, database, cluster, epoch + 1);
}

interface Life {
  readonly epoch: number;
  readonly logId: string;
}

/** The newest life; epoch 0 where there was none. */
async function lastLife(client: ClickHouseClient, database: string, cluster: string): Promise<Life> {
  const result = await client.query({
    query: `SELECT max(l.epoch) AS epoch, argMax(l.log_id, l.epoch) AS logId FROM ${database}.log_lives AS l WHERE cluster_id = {cluster: String}`,
    query_params: { cluster },
    format: 'JSONEachRow',
  });
  const [life] = await result.json<Life>();
  return life ?? { epoch: 0, logId: '' };
}

async function begin(client: ClickHouseClient, database: string, cluster: string, epoch: number): Promise<string> {
  await client.command({
    query: `INSERT INTO ${database}.log_lives (cluster_id, epoch) SELECT {cluster: String}, {epoch: UInt32}`,
    query_params: { cluster, epoch },
    clickhouse_settings: { async_insert: 0 },
  });
  return (await lastLife(client, database, cluster)).logId;
}
