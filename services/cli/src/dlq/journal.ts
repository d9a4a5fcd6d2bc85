// Which dead letters were driven again: a compacted topic, written in one transaction with what was driven.

import type { LogAdapter, OutgoingRecord } from '@watchkeeper/runtime';
import { tupleKey } from '@watchkeeper/schemas';
import type { Origin } from './letters.js';

export const JOURNAL = 'watchkeeper.redrives';

export const originKey = ({ logId, topic, partition, offset }: Origin): string =>
  tupleKey(logId, topic, String(partition), String(offset));

/** Keys of all letters that were driven again. Nothing where the topic is not there yet. */
export async function redriven(log: LogAdapter): Promise<Set<string>> {
  const keys = new Set<string>();
  const admin = await log.admin();
  const there = await admin.topics().finally(() => admin.close());
  if (!there.has(JOURNAL)) return keys;
  for await (const { records } of log.readToEnd(JOURNAL, 0)) {
    for (const { key, value } of records) if (key && value) keys.add(key.toString());
  }
  return keys;
}

/** That a letter is driven again. */
export function journalRecord(origin: Origin, sha256: string, nowMs: number): OutgoingRecord {
  const value = { ...origin, sha256, at: new Date(nowMs).toISOString() };
  return { key: originKey(origin), value: Buffer.from(JSON.stringify(value)), partition: 0 };
}
