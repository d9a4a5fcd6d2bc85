// Who reads a topic: the groups, and the changelogs that keep what they made of it.

import { changelogTopic, groupBusy, type LogAdmin, type TopicSpec } from '@watchkeeper/runtime';
import { AUDITED } from '@watchkeeper/scheduler';
import { allRoles } from '../roles.js';

/** A group that reads a topic. */
export interface Reader {
  readonly group: string;
  /** All topics that the group reads. */
  readonly topics: readonly string[];
  /** Where it keeps its state of the topic; undefined: it keeps none. */
  readonly changelog: TopicSpec | undefined;
}

/** The groups that read `topic`; `list` is the list of the house's topics. */
export function readersOf(topic: string, list: readonly TopicSpec[]): Reader[] {
  const landing = AUDITED.filter((audited) => audited.topic === topic).map(({ group }) => group);
  const others = allRoles
    .filter((role) => role.name !== 'landing' && role.reads.includes(topic))
    .map((role) => ({ group: role.name, topics: role.reads }));
  return [
    ...landing.map((group) => ({
      group,
      topics: AUDITED.filter((one) => one.group === group).map((one) => one.topic),
    })),
    ...others,
  ].map(({ group, topics }) => ({
    group,
    topics,
    changelog: list.find(({ name }) => name === changelogTopic(group, topic)),
  }));
}

/** The groups of the roles that write `topic`: they deal what they write over its partitions. */
export function writersOf(topic: string): Pick<Reader, 'group'>[] {
  return allRoles
    .filter((role) => role.name !== 'landing' && role.writes === topic)
    .map((role) => ({ group: role.name }));
}

/** Throws WK_GROUP_BUSY where one of the groups has members. */
export async function refuseWhileTheyRun(
  admin: Pick<LogAdmin, 'members'>,
  readers: readonly Pick<Reader, 'group'>[],
): Promise<void> {
  for (const group of new Set(readers.map((reader) => reader.group))) {
    const members = await admin.members(group);
    if (members > 0) throw groupBusy(group, members);
  }
}
