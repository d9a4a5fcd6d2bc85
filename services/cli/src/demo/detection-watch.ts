// Sees each detection when SQL can: polls the append-only log of detections by offset and notes when each one first shows.

import type { Sql } from '../clickhouse.js';
import { summarise, type LatencySummary } from './latency.js';

export interface SeenDetection {
  readonly detection_id: string;
  readonly revision: number;
  readonly detector: string;
  readonly kind: string;
  readonly tenant_id: string;
  readonly agent_id: string;
  readonly session_id: string;
  readonly metric: string;
  readonly severity: string;
  readonly explanation: string;
  readonly window_start_micros: number;
  readonly window_end_micros: number;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly kafka_partition: number;
  readonly kafka_offset: number;
  readonly source_timestamp_ms: number;
}

const COLUMNS = `detection_id, revision, detector, kind, tenant_id, agent_id, session_id, metric, severity, explanation,
  toInt64(toUnixTimestamp64Micro(window_start)) AS window_start_micros, toInt64(toUnixTimestamp64Micro(window_end)) AS window_end_micros,
  first_seq, last_seq, kafka_partition, kafka_offset, toInt64(toUnixTimestamp64Milli(source_timestamp)) AS source_timestamp_ms`;

/** One detection per id, with the latency at which its first revision became readable. */
export class DetectionWatch {
  readonly #sql: Sql;
  readonly #reached = new Map<number, number>();
  readonly #newest = new Map<string, SeenDetection>();
  readonly #latenciesMs = new Map<string, number[]>();

  readonly #appendedFromMs: number;

  /** `appendedFromMs`: evidence that was appended before it is seen, but its latency is not counted. */
  constructor(sql: Sql, { appendedFromMs = 0 } = {}) {
    this.#sql = sql;
    this.#appendedFromMs = appendedFromMs;
  }

  /** What has become readable since the last call, in no particular order; `nowMs` is the clock after the answer came. */
  async poll(nowMs: () => number): Promise<SeenDetection[]> {
    const beyond = [...this.#reached].map(
      ([partition, offset]) => `(kafka_partition = ${partition} AND kafka_offset > ${offset})`,
    );
    const known = [...this.#reached.keys()];
    const where = known.length === 0 ? '1' : `${beyond.join(' OR ')} OR kafka_partition NOT IN (${known.join(', ')})`;
    const rows = await this.#sql.rows<Record<string, string | number>>(
      `SELECT ${COLUMNS} FROM detection_log WHERE ${where} ORDER BY kafka_partition, kafka_offset`,
    );
    const seenAtMs = nowMs();
    return rows.map((row) => this.#note(toSeen(row), seenAtMs));
  }

  /** Newest revisions only: a growing loop is one detection. */
  get detections(): readonly SeenDetection[] {
    return [...this.#newest.values()];
  }

  /** Milliseconds from append to readable, per detector. */
  latency(detector: string): LatencySummary {
    return summarise(this.#latenciesMs.get(detector) ?? []);
  }

  /** How many latencies that is about. */
  counted(detector: string): number {
    return this.#latenciesMs.get(detector)?.length ?? 0;
  }

  #note(row: SeenDetection, seenAtMs: number): SeenDetection {
    this.#reached.set(row.kafka_partition, Math.max(row.kafka_offset, this.#reached.get(row.kafka_partition) ?? -1));
    const known = this.#newest.get(row.detection_id);
    if (known === undefined || known.revision < row.revision) this.#newest.set(row.detection_id, row);
    if (known === undefined && row.source_timestamp_ms >= this.#appendedFromMs) {
      const latencies = this.#latenciesMs.get(row.detector) ?? [];
      latencies.push(seenAtMs - row.source_timestamp_ms);
      this.#latenciesMs.set(row.detector, latencies);
    }
    return row;
  }
}

const NUMBERS = new Set([
  'revision',
  'window_start_micros',
  'window_end_micros',
  'first_seq',
  'last_seq',
  'kafka_partition',
  'kafka_offset',
  'source_timestamp_ms',
]);

/** ClickHouse writes 64-bit integers as strings in JSON. */
function toSeen(row: Record<string, string | number>): SeenDetection {
  const entries = Object.entries(row).map(([name, value]) => [name, NUMBERS.has(name) ? Number(value) : value]);
  return Object.fromEntries(entries) as SeenDetection;
}
