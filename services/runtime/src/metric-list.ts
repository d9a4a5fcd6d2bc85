// Every metric of every role: prom-client's objects, the README's table and the types of labels come from this list.

/** What a metric is; `labels` in the order of the table. */
export interface MetricSpec {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const latency = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 60, 600];

export const METRICS = {
  consumerLag: {
    name: 'watchkeeper_consumer_lag_records',
    kind: 'gauge',
    help: 'Records between the next one to read and the log end, as of the last fetch.',
    labels: ['role', 'topic', 'partition'],
  },
  recordsIn: {
    name: 'watchkeeper_records_in_total',
    kind: 'counter',
    help: 'Records read.',
    labels: ['role', 'topic'],
  },
  bytesIn: {
    name: 'watchkeeper_bytes_in_total',
    kind: 'counter',
    help: 'Bytes of values read.',
    labels: ['role', 'topic'],
  },
  recordsOut: {
    name: 'watchkeeper_records_out_total',
    kind: 'counter',
    help: 'Records appended and acknowledged.',
    labels: ['role', 'topic'],
  },
  recordsBad: {
    name: 'watchkeeper_records_bad_total',
    kind: 'counter',
    help: 'Records that could not be used, by reason.',
    labels: ['role', 'topic', 'reason'],
  },
  recordsSkipped: {
    name: 'watchkeeper_records_skipped_total',
    kind: 'counter',
    help: 'Records that a role leaves out on purpose, by reason (late: behind the watermark).',
    labels: ['role', 'topic', 'reason'],
  },
  deadLetters: {
    name: 'watchkeeper_dead_letters_total',
    kind: 'counter',
    help: 'Records sent to the dead letters, by reason.',
    labels: ['role', 'topic', 'reason'],
  },
  batchSeconds: {
    name: 'watchkeeper_batch_seconds',
    kind: 'histogram',
    help: 'Time to process one fetched batch, produce and commit included.',
    labels: ['role', 'topic'],
    buckets: seconds,
  },
  commitSeconds: {
    name: 'watchkeeper_commit_seconds',
    kind: 'histogram',
    help: 'Time of one awaited offset commit.',
    labels: ['role'],
    buckets: seconds,
  },
  endToEndSeconds: {
    name: 'watchkeeper_end_to_end_seconds',
    kind: 'histogram',
    help: 'From the append of the record that completed the evidence to the output acknowledged (landing: to the row stored).',
    labels: ['role', 'topic'],
    buckets: latency,
  },
  stateKeys: {
    name: 'watchkeeper_state_keys',
    kind: 'gauge',
    help: 'Keys held, in memory and on disk.',
    labels: ['role', 'partition'],
  },
  stateColdKeys: {
    name: 'watchkeeper_state_cold_keys',
    kind: 'gauge',
    help: 'Keys whose state waits on disk.',
    labels: ['role', 'partition'],
  },
  stateSpilled: {
    name: 'watchkeeper_state_spilled_total',
    kind: 'counter',
    help: 'States written to disk, to make room for others.',
    labels: ['role'],
  },
  stateLoaded: {
    name: 'watchkeeper_state_loaded_total',
    kind: 'counter',
    help: 'States read from disk.',
    labels: ['role'],
  },
  stateEvicted: {
    name: 'watchkeeper_state_evicted_total',
    kind: 'counter',
    help: 'Keys closed because the bound was reached.',
    labels: ['role'],
  },
  stateExpired: {
    name: 'watchkeeper_state_expired_total',
    kind: 'counter',
    help: 'Keys closed because they were idle.',
    labels: ['role'],
  },
  checkpointSeconds: {
    name: 'watchkeeper_checkpoint_seconds',
    kind: 'histogram',
    help: "Time of one checkpoint of a partition's state and offset.",
    labels: ['role'],
    buckets: seconds,
  },
  checkpointBytes: {
    name: 'watchkeeper_checkpoint_bytes_total',
    kind: 'counter',
    help: 'Bytes of keys and states that checkpoints have written, before compression.',
    labels: ['role'],
  },
  restoreSeconds: {
    name: 'watchkeeper_restore_seconds',
    kind: 'histogram',
    help: "Time to take over a partition's state.",
    labels: ['role'],
    buckets: seconds,
  },
  watermarkLag: {
    name: 'watchkeeper_watermark_lag_seconds',
    kind: 'gauge',
    help: 'Append time of the last record minus the watermark.',
    labels: ['role', 'partition'],
  },
  insertSeconds: {
    name: 'watchkeeper_insert_seconds',
    kind: 'histogram',
    help: 'Time of one insert into ClickHouse.',
    labels: ['role', 'table'],
    buckets: seconds,
  },
  insertRows: {
    name: 'watchkeeper_insert_rows_total',
    kind: 'counter',
    help: 'Rows stored in ClickHouse.',
    labels: ['role', 'table'],
  },
  insertRetries: {
    name: 'watchkeeper_insert_retries_total',
    kind: 'counter',
    help: 'Inserts tried again.',
    labels: ['role', 'table'],
  },
  blocksReadBack: {
    name: 'watchkeeper_blocks_read_back_total',
    kind: 'counter',
    help: 'Interrupted blocks that were compared with what is stored, for their tokens were in doubt.',
    labels: ['role', 'table'],
  },
  rebalances: {
    name: 'watchkeeper_rebalances_total',
    kind: 'counter',
    help: 'Generations of the group that this member has joined.',
    labels: ['role'],
  },
  rebalanceStop: {
    name: 'watchkeeper_rebalance_stop_seconds',
    kind: 'histogram',
    help: 'From the last work of a member before a rebalance until a partition of the next generation is taken over.',
    labels: ['role'],
    buckets: seconds,
  },
  jobRuns: {
    name: 'watchkeeper_job_runs_total',
    kind: 'counter',
    help: 'Scheduled jobs run by this process, by outcome.',
    labels: ['job', 'outcome'],
  },
  ledgerGaps: {
    name: 'watchkeeper_ledger_gaps',
    kind: 'gauge',
    help: 'Offsets missing in ClickHouse at the last audit of that scope (recent, all); must be 0.',
    labels: ['topic', 'scope'],
  },
  ledgerDuplicates: {
    name: 'watchkeeper_ledger_duplicates',
    kind: 'gauge',
    help: 'Offsets stored more than once at the last audit of that scope (recent, all); must be 0.',
    labels: ['topic', 'scope'],
  },
  ledgerBeyondEnd: {
    name: 'watchkeeper_ledger_beyond_end',
    kind: 'gauge',
    help: "Offsets landed or committed beyond the log's end at the last audit: Kafka was made anew; must be 0.",
    labels: ['topic', 'scope'],
  },
  rollupFaults: {
    name: 'watchkeeper_rollup_faults',
    kind: 'gauge',
    help: 'Events that a rollup counts beyond those that are there, or does not count, at the last audit of that scope; must be 0.',
    labels: ['table', 'scope'],
  },
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof METRICS;
type NameOf<K extends MetricSpec['kind']> = {
  [N in MetricName]: (typeof METRICS)[N]['kind'] extends K ? N : never;
}[MetricName];
export type CounterName = NameOf<'counter'>;
export type GaugeName = NameOf<'gauge'>;
export type HistogramName = NameOf<'histogram'>;
/** The labels of a metric; all must be given. */
export type LabelsOf<N extends MetricName> = Readonly<Record<(typeof METRICS)[N]['labels'][number], string | number>>;
