// The sentence for an offset that is not in the log.

import type { LogAdmin } from '../contract.js';
import { logGap, logReplaced } from '../errors.js';
import type { Seat } from '../seat.js';
import { OffsetOutOfLog } from './repairs.js';

/** WK_LOG_GAP or WK_LOG_REPLACED for an {@link OffsetOutOfLog}, whatever wraps it; any other error as it is. */
export async function explainOutOfLog(
  error: Error,
  prefix: string,
  admin: LogAdmin | undefined,
  seatOf: (topic: string, partition: number) => Seat | undefined,
): Promise<unknown> {
  const cause = error.cause instanceof OffsetOutOfLog ? error.cause : error;
  if (!(cause instanceof OffsetOutOfLog)) return error;
  const topic = cause.topic.slice(prefix.length);
  const range = (await admin?.ranges(topic).catch(() => []))?.[cause.partition];
  const position = seatOf(cause.topic, cause.partition)?.position;
  if (!range || position === undefined) return error;
  return position > range.end
    ? logReplaced(topic, cause.partition, position, range.end)
    : logGap(topic, cause.partition, position, range.begin);
}

/**
 * What to do with a fetch where `seat` is to read on: `next` is taken in; a `gap` is a fault, for offsets in between are no more; `ahead` of them means
 * that they are there and must be read first. kafkajs decides by itself where a generation begins: a seek that was to wake a fenced seat outlives the
 * generation it was meant for, and an offset that a predecessor's transaction commits late comes after the seat has asked.
 */
export async function fetchedAt(
  fetchedOffset: number,
  seat: Pick<Seat, 'topic' | 'partition' | 'position'>,
  { admin, acceptGap }: { admin: Pick<LogAdmin, 'ranges'> | undefined; acceptGap: boolean },
): Promise<{ kind: 'next' } | { kind: 'ahead' } | { kind: 'gap'; error: Error }> {
  const { topic, partition, position } = seat;
  if (fetchedOffset <= position) return { kind: 'next' };
  const begin = (await admin?.ranges(topic))?.[partition]?.begin ?? 0;
  if (begin <= position) return { kind: 'ahead' };
  if (acceptGap) return { kind: 'next' };
  return { kind: 'gap', error: logGap(topic, partition, position, Math.max(begin, fetchedOffset)) };
}
