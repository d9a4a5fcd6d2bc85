// Lives of topics. A log_id is the cluster's id and an epoch; the epoch of a topic rises when it was made anew and a person said so.

import type { ClickHouseClient } from '@clickhouse/client';
import type { LogAdmin } from '@watchkeeper/runtime';
import { topicIdsOf, topicReplaced } from '@watchkeeper/runtime';
import { otherCluster } from './errors.js';

/** How a cluster is named in log ids: fleets that share it by a topic prefix have logs of their own. */
export function clusterName(clusterId: string, topicPrefix: string): string {
  return topicPrefix === '' ? clusterId : `${clusterId}/${topicPrefix}`;
}

export interface LifeOptions {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly admin: Pick<LogAdmin, 'clusterId' | 'lifeOf'>;
  readonly topicPrefix: string;
  readonly topics: readonly string[];
}

/** What is known of a topic's present life. `none`: nothing of it has landed yet. `replaced`: Kafka has another topic by this name now. */
export type TopicLife =
  | { readonly kind: 'none'; readonly topic: string; readonly topicId: string }
  | { readonly kind: 'lives' | 'replaced'; readonly topic: string; readonly topicId: string; readonly logId: string };

/** The lives of `topics` that Kafka has. Throws WK_OTHER_CLUSTER where the database knows other clusters alone. */
export async function topicLives(options: LifeOptions, acceptOther = false): Promise<TopicLife[]> {
  const cluster = clusterName(await options.admin.clusterId(), options.topicPrefix);
  const [ids, known, clusters] = await Promise.all([
    topicIdsOf(options.admin, options.topics),
    knownLives(options, cluster),
    knownClusters(options),
  ]);
  const others = clusters.filter((other) => other !== cluster && prefixOf(other) === options.topicPrefix);
  if (!acceptOther && others.length > 0 && !clusters.includes(cluster)) throw otherCluster(cluster, others);
  return options.topics.flatMap((topic): TopicLife[] => {
    const topicId = ids.get(topic);
    if (topicId === undefined) return [];
    const life = known.get(topic);
    if (life === undefined) return [{ kind: 'none', topic, topicId }];
    const fits = life.topicId === topicId || life.topicId === '' || topicId === '';
    return [{ kind: fits ? 'lives' : 'replaced', topic, topicId, logId: life.logId }];
  });
}

/** The log_id of each topic's present life; first lives begin here. Throws WK_LOG_REPLACED, WK_OTHER_CLUSTER. */
export async function openTopicLives(options: LifeOptions): Promise<(topic: string) => string> {
  const logIds = new Map<string, string>();
  for (const life of await topicLives(options)) {
    if (life.kind === 'replaced') throw topicReplaced(life.topic);
    logIds.set(life.topic, life.kind === 'none' ? await beginTopicLife(options, life) : life.logId);
  }
  return (topic) => {
    const logId = logIds.get(topic);
    if (logId === undefined) throw new TypeError(`${topic} has no log_id: it was not there when the role began.`);
    return logId;
  };
}

/**
 * Begins the life after `life`, beside the rows of that one; its log_id. Members that begin a first life at the same time begin the same one: its
 * epoch depends on nothing that the other writes.
 */
export async function beginTopicLife(options: LifeOptions, { kind, topic, topicId }: TopicLife): Promise<string> {
  const { client, database, admin, topicPrefix } = options;
  const cluster = clusterName(await admin.clusterId(), topicPrefix);
  // A database of before there were lives of topics goes on with its cluster's epoch.
  await client.command({
    query: `
      INSERT INTO ${database}.topic_lives (cluster_id, topic, epoch, topic_id)
      SELECT {cluster: String}, {topic: String}, if({isFirst: Bool}, greatest(before, 1), own + 1), {topicId: String} FROM
      (SELECT (SELECT max(epoch) FROM ${database}.topic_lives WHERE cluster_id = {cluster: String} AND topic = {topic: String}) AS own,
              (SELECT max(epoch) FROM ${database}.log_lives WHERE cluster_id = {cluster: String}) AS before)`,
    query_params: { cluster, topic, topicId, isFirst: kind === 'none' },
    clickhouse_settings: { async_insert: 0 },
  });
  return (await knownLives(options, cluster)).get(topic)?.logId ?? '';
}

async function knownLives(
  { client, database }: LifeOptions,
  cluster: string,
): Promise<ReadonlyMap<string, { topicId: string; logId: string }>> {
  const result = await client.query({
    query: `
      SELECT l.topic AS topic, argMax(l.topic_id, l.epoch) AS topicId, argMax(l.log_id, l.epoch) AS logId
      FROM ${database}.topic_lives AS l WHERE l.cluster_id = {cluster: String} GROUP BY l.topic`,
    query_params: { cluster },
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ topic: string; topicId: string; logId: string }>();
  return new Map(rows.map((row) => [row.topic, row]));
}

async function knownClusters({ client, database }: LifeOptions): Promise<string[]> {
  const result = await client.query({
    query: `SELECT DISTINCT cluster_id AS name FROM (SELECT cluster_id FROM ${database}.log_lives UNION ALL SELECT cluster_id FROM ${database}.topic_lives)`,
    format: 'JSONEachRow',
  });
  return (await result.json<{ name: string }>()).map(({ name }) => name);
}

/** Of a name that {@link clusterName} made; ids of clusters hold no slash. */
const prefixOf = (cluster: string): string => (cluster.includes('/') ? cluster.slice(cluster.indexOf('/') + 1) : '');
