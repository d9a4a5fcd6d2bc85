// Where reading begins, and when it must not: an offset out of the log's range is never skipped in silence.

import type { Assignment } from './contract.js';
import { logGap, logReplaced } from './errors.js';

/** The committed offset, or the log's beginning. Throws WK_LOG_REPLACED past the end, WK_LOG_GAP before the beginning (unless accepted). */
export function startOffset(assignment: Assignment, range: { begin: number; end: number }, acceptGap: boolean): number {
  const { topic, partition, committed } = assignment;
  if (!committed) return range.begin;
  if (committed.offset > range.end) throw logReplaced(topic, partition, committed.offset, range.end);
  if (committed.offset >= range.begin) return committed.offset;
  if (!acceptGap) throw logGap(topic, partition, committed.offset, range.begin);
  return range.begin;
}
