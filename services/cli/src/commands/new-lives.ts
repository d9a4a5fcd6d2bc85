// watchkeeper topics --new-log: new lives of the topics that were made anew, and those alone.

import type { ClickHouseClient } from '@clickhouse/client';
import { beginTopicLife, topicLives, type TopicLife } from '@watchkeeper/landing';
import { readTopics, type LogAdmin } from '@watchkeeper/runtime';
import { AUDITED } from '@watchkeeper/scheduler';
import { topicStays } from '../errors.js';
import { readersOf, refuseWhileTheyRun, type Reader } from '../stack/readers.js';
import { waitFor } from '../stack/wait.js';

/** How long Kafka may take to forget a topic. */
const DELETED_MS = 20_000;

export interface NewLivesOptions {
  readonly admin: LogAdmin;
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly topicPrefix: string;
}

/**
 * Finds topics that are not those that landed, sets their readers back to the beginning, without the state that they made of the old ones, and
 * begins the topics' new lives. May be run again after it was broken off. Throws WK_GROUP_BUSY while a reader runs.
 */
export async function beginNewLives(options: NewLivesOptions): Promise<{ topic: string; logId: string }[]> {
  const { admin } = options;
  const list = readTopics();
  const lifeOptions = { ...options, topics: AUDITED.map(({ topic }) => topic) };
  const changed: TopicLife[] = [];
  for (const life of await topicLives(lifeOptions, true)) {
    const landing = AUDITED.find(({ topic }) => topic === life.topic)?.group ?? '';
    if (life.kind !== 'lives' || (await endsBelow(admin, landing, life.topic))) changed.push(life);
  }
  const readers = new Map(changed.map(({ topic }) => [topic, readersOf(topic, list)]));
  await refuseWhileTheyRun(admin, [...readers.values()].flat());
  const begun: { topic: string; logId: string }[] = [];
  for (const life of changed) {
    for (const reader of readers.get(life.topic) ?? []) await setBack(admin, reader, life.topic);
    begun.push({ topic: life.topic, logId: await beginTopicLife(lifeOptions, life) });
  }
  return begun;
}

/** True where a group has committed beyond the end: the broker may give no ids, or the log was cut. */
async function endsBelow(admin: LogAdmin, group: string, topic: string): Promise<boolean> {
  const [ranges, committed] = await Promise.all([admin.ranges(topic), admin.committed(group, topic)]);
  return ranges.some(({ partition, end }) => (committed.get(partition)?.offset ?? 0) > end);
}

async function setBack(admin: LogAdmin, { group, topics, changelog }: Reader, topic: string): Promise<void> {
  if (changelog !== undefined) await renewChangelog(admin, changelog, topic);
  // A group that reads other topics as well keeps what it has committed of them.
  if (topics.length === 1) await admin.forgetGroup(group);
  else if ((await admin.committed(group, topic)).size > 0) await admin.rewind(group, topic);
}

/** State of the old topic means nothing in the new one. */
async function renewChangelog(
  admin: LogAdmin,
  changelog: NonNullable<Reader['changelog']>,
  topic: string,
): Promise<void> {
  const there = await admin.topics();
  if (there.has(changelog.name)) {
    await admin.deleteTopics([changelog.name]);
    const gone = await waitFor(async () => !(await admin.topics()).has(changelog.name), DELETED_MS);
    if (!gone) throw topicStays(changelog.name);
  }
  await admin.createTopics([{ ...changelog, partitions: there.get(topic) ?? changelog.partitions }]);
}
