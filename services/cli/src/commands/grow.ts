// watchkeeper topics grow TOPIC N: more partitions for a topic, and for the changelogs of those who keep state of it.

import { noTopic, readTopics, type LogAdmin } from '@watchkeeper/runtime';
import { badOption, topicStays } from '../errors.js';
import { readersOf, refuseWhileTheyRun, writersOf } from '../stack/readers.js';
import { waitFor } from '../stack/wait.js';

/** How long metadata may lag behind. */
const GROWN_MS = 20_000;

/** What was grown, from how many partitions. */
export interface Grown {
  readonly topic: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Grows `topic` to `partitions`, its changelogs first: a role that starts in between refuses to, and the same command goes on where it was broken off.
 * State stays where it is: partition n of a changelog speaks of partition n of its topic, before and after. Throws WK_NO_TOPIC,
 * WK_GROUP_BUSY, WK_BAD_OPTION.
 */
export async function growTopic(admin: LogAdmin, topic: string, partitions: number): Promise<Grown[]> {
  const list = readTopics();
  const there = await admin.topics();
  const from = there.get(topic);
  if (from === undefined) throw noTopic(topic);
  if (!topic.startsWith('agent.'))
    throw badOption('topics grow', topic, 'a topic of agent.*: the others grow with them, or not at all');
  if (!Number.isInteger(partitions) || partitions <= from)
    throw badOption(
      'topics grow',
      String(partitions),
      `more partitions than the ${from} that ${topic} has: none can be taken away`,
    );
  const readers = readersOf(topic, list);
  await refuseWhileTheyRun(admin, [...readers, ...writersOf(topic)]);
  const grown: Grown[] = [];
  for (const name of [...readers.flatMap(({ changelog }) => changelog?.name ?? []), topic]) {
    const before = there.get(name);
    // One that is not there is made with as many as its topic has, by `watchkeeper topics`.
    if (before === undefined || before >= partitions) continue;
    await admin.growTopic(name, partitions);
    const seen = await waitFor(async () => (await admin.topics()).get(name) === partitions, GROWN_MS);
    if (!seen) throw topicStays(name);
    grown.push({ topic: name, from: before, to: partitions });
  }
  return grown;
}
