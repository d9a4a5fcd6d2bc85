// Marks: what a source partition says about how far its windows are closed, and when it may say so at its log's end.

import type { Measure } from '@watchkeeper/schemas';

/** The `window_end` of a partition that has nothing to wait for: it holds nobody back until it marks again. */
export const EMPTY_PARTITION = 0;

/** Idle moments after which a partition without events is called empty, where nothing else is known of the log. */
const PATIENCE = 12;

/** The end of the last window that `watermarkMicros` has closed. */
export function closedUntil(watermarkMicros: number, windowMicros: number): number {
  return Math.floor(watermarkMicros / windowMicros) * windowMicros;
}

/** A record of agent.measures that says: `sourcePartition` has closed every window up to `closedUntilMicros`. */
export function markOf(sourcePartition: number, sourcePartitions: number, closedUntilMicros: number): Measure {
  return {
    record_kind: 'MARK',
    source_partition: sourcePartition,
    source_partitions: sourcePartitions,
    window_start: closedUntilMicros,
    window_end: closedUntilMicros,
    tenant_id: '',
    agent_id: '',
    agent_version: '',
    events: 0,
    late_events: 0,
    errors: 0,
    llm_calls: 0,
    llm_errors: 0,
    tool_calls: 0,
    tool_errors: 0,
    sessions: 0,
    sessions_started: 0,
    sessions_ended: 0,
    input_tokens: 0,
    output_tokens: 0,
    cost_nano_usd: 0,
    duration_ms: 0,
    kinds: {},
    statuses: {},
    tools: {},
    latency_buckets: [],
    latency_counts: [],
    tool_latency_buckets: [],
    tool_latency_counts: [],
    first_token_buckets: [],
    first_token_counts: [],
    call_tokens_buckets: [],
    call_tokens_counts: [],
    call_cost_buckets: [],
    call_cost_counts: [],
    session_tokens_buckets: [],
    session_tokens_counts: [],
    session_cost_buckets: [],
    session_cost_counts: [],
    session_calls_buckets: [],
    session_calls_counts: [],
  };
}

/** Remembers, per source partition, what was marked last and when it was last idle. One per process: marks are decisions that lie in the log. */
export interface MarkKeeper {
  /** The mark to write at this watermark, or undefined where nothing has closed since the last one. */
  next(partition: number, watermarkMicros: number): number | undefined;
  /**
   * At the log's end: the watermark to move on to. Event time goes on as fast as the clock does, so that a live partition follows it
   * and one that is replaying the past is not thrown into the present by a hiccup of its source. Of a partition that never had an
   * event: EMPTY_PARTITION, once another partition of this process has had events while it stayed idle, or after a minute.
   */
  idle(partition: number, watermarkMicros: number, nowMicros: number, lastRecordMicros: number): number | undefined;
}

export function markKeeper(windowMicros: number): MarkKeeper {
  const marked = new Map<number, number>();
  const idleSince = new Map<number, { watermarkMicros: number; nowMicros: number }>();
  const emptyFor = new Map<number, number>();
  let active = false;
  return {
    next(partition, watermarkMicros) {
      if (!Number.isFinite(watermarkMicros)) return undefined;
      if (watermarkMicros > EMPTY_PARTITION) active = true;
      const until = closedUntil(watermarkMicros, windowMicros);
      const before = marked.get(partition);
      if (before !== undefined && until <= before) return undefined;
      marked.set(partition, until);
      return until;
    },

    idle(partition, watermarkMicros, nowMicros, lastRecordMicros) {
      if (watermarkMicros <= EMPTY_PARTITION) {
        const moments = (emptyFor.get(partition) ?? 0) + 1;
        emptyFor.set(partition, moments);
        return moments >= PATIENCE || (active && moments >= 2) ? EMPTY_PARTITION : undefined;
      }
      const before = idleSince.get(partition);
      const since = before?.watermarkMicros === watermarkMicros ? before.nowMicros : lastRecordMicros;
      const to = watermarkMicros + Math.max(0, nowMicros - since);
      idleSince.set(partition, { watermarkMicros: to, nowMicros });
      return to;
    },
  };
}
