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

/** WK_LOG_GAP where a fetch begins beyond what was to be read, and something lay in between. */
export async function gapBefore(
  fetchedOffset: number,
  seat: Seat,
  admin: LogAdmin | undefined,
): Promise<Error | undefined> {
  const { topic, partition, position } = seat;
  if (fetchedOffset <= position) return undefined;
  const begin = (await admin?.ranges(topic))?.[partition]?.begin ?? 0;
  return begin <= position ? undefined : logGap(topic, partition, position, Math.max(begin, fetchedOffset));
}
