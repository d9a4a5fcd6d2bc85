// Makes a role judge its topics again from their beginning: its state forgotten and its offset set back, in one transaction per partition.

import { changelogTopic, fenceOf } from './changelog-records.js';
import type { LogAdapter, LogAdmin, OutgoingRecord, PartitionRange } from './contract.js';
import { groupBusy, partitionsDiffer } from './errors.js';

/** Tombstones of a request. */
const CHUNK_RECORDS = 10_000;

export interface BackfillOf {
  readonly log: LogAdapter;
  readonly admin: LogAdmin;
  readonly role: string;
  readonly topic: string;
  /** Say what it would do, and do nothing. */
  readonly dryRun: boolean;
}

export interface BackfillReport {
  readonly topic: string;
  readonly partitions: number;
  /** Records that will be read again or for the first time. */
  readonly records: number;
  /** Records of the changelog that are forgotten: states of keys, of any version. */
  readonly states: number;
}

/**
 * Only while nobody is at work: throws WK_GROUP_BUSY where the group has members, WK_FENCED where one came meanwhile (what is done by then is done,
 * partition by partition; run it again). Whoever held a partition before, and wakes up later, is fenced. Undefined where the role keeps no state of the topic.
 */
export async function backfill({ log, admin, role, topic, dryRun }: BackfillOf): Promise<BackfillReport | undefined> {
  const changelog = changelogTopic(role, topic);
  const there = (await admin.topics()).get(changelog);
  if (there === undefined) return undefined;
  const members = await admin.members(role);
  if (members > 0) throw groupBusy(role, members);
  const ranges = await admin.ranges(topic);
  if (there !== ranges.length) throw partitionsDiffer(changelog, there, topic, ranges.length);
  let states = 0;
  for (const range of ranges) states += await forget({ log, role, topic, dryRun }, changelog, range);
  const records = ranges.reduce((sum, { begin, end }) => sum + end - begin, 0);
  return { topic, partitions: ranges.length, records, states };
}

async function forget(
  { log, role, topic, dryRun }: Omit<BackfillOf, 'admin'>,
  changelog: string,
  { partition, begin }: PartitionRange,
): Promise<number> {
  // The fence first: what is read behind it is all there will be.
  const transactor = dryRun ? undefined : await log.transactor(fenceOf(role, topic, partition));
  try {
    const keys = new Map<string, Buffer>();
    for await (const { records } of log.readToEnd(changelog, partition)) {
      for (const { key, value } of records) {
        if (!key) continue;
        if (value) keys.set(key.toString('latin1'), Buffer.from(key));
        else keys.delete(key.toString('latin1'));
      }
    }
    await transactor?.transact(changelog, tombstones(keys, partition), {
      group: role,
      topic,
      partition,
      nextOffset: begin,
    });
    return keys.size;
  } finally {
    await transactor?.close();
  }
}

function* tombstones(keys: ReadonlyMap<string, Buffer>, partition: number): Generator<OutgoingRecord[]> {
  let chunk: OutgoingRecord[] = [];
  for (const key of keys.values()) {
    if (chunk.push({ key, value: null, partition }) < CHUNK_RECORDS) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
