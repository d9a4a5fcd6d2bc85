// Dead letters: records that could not be used, kept with why and where from; and the share at which a role stops instead.

import { createHash } from 'node:crypto';
import { tupleKey, type DeadLetter } from '@watchkeeper/schemas';
import type { Clock, LogProducer, LogRecord, OutgoingRecord } from './contract.js';
import { BadShare } from './bad-share.js';
import type { Metrics } from './metrics.js';

export const DEAD_LETTER_TOPIC = 'agent.dead-letters';
/** Bytes of the value that a dead letter keeps. */
export const DEAD_LETTER_PAYLOAD_BYTES = 256 * 1024;
/** Headers are kept up to this many bytes, so that a dead letter never exceeds what the topic takes. */
const HEADERS_BYTES = 64 * 1024;
const KEY_BYTES = 64 * 1024;

/** A record that failed: `reason` of a closed vocabulary, `error` a sentence for a person. */
export interface BadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly record: LogRecord;
  readonly reason: string;
  readonly error: string;
  readonly schemaId?: number;
  readonly logId?: string;
}

/** The dead letter of a record that failed. Key (topic, partition, offset). */
export function deadLetterOf(service: string, bad: BadRecord, nowMicros: number): DeadLetter {
  const value = bad.record.value ?? Buffer.alloc(0);
  const key = bad.record.key ?? Buffer.alloc(0);
  return {
    service,
    reason: bad.reason,
    error: bad.error.slice(0, 2_000),
    topic: bad.topic,
    source_partition: bad.partition,
    source_offset: bad.record.offset,
    source_timestamp: bad.record.timestampMs,
    log_id: bad.logId ?? '',
    schema_id: bad.schemaId ?? -1,
    record_key: key.subarray(0, KEY_BYTES),
    payload: value.subarray(0, DEAD_LETTER_PAYLOAD_BYTES),
    payload_bytes: value.length,
    payload_sha256: createHash('sha256').update(value).digest('hex'),
    headers: boundedHeaders(bad.record.headers),
    failed_at: nowMicros,
  };
}

function boundedHeaders(headers: Readonly<Record<string, Buffer>>): Record<string, Buffer> {
  const kept: Record<string, Buffer> = {};
  let room = HEADERS_BYTES;
  for (const [name, value] of Object.entries(headers)) {
    room -= Buffer.byteLength(name) + value.length;
    if (room < 0) break;
    kept[name] = value;
  }
  return kept;
}

/** What a role does with bad records. */
export interface DeadLetters {
  /** Appends dead letters and waits for the acknowledgement. Send first, then commit past them. */
  send(bad: readonly BadRecord[]): Promise<void>;
  /** Reports `all` records of a partition, `bad` of them unusable. Throws WK_TOO_MANY_BAD past the share, unless ACCEPT_BAD. */
  note(topic: string, partition: number, all: number, bad: number): void;
}

export interface DeadLetterOptions {
  readonly service: string;
  readonly producer: LogProducer;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly encode: (letter: DeadLetter) => Buffer;
  readonly maxShare: number;
  readonly acceptBad: boolean;
}

export function createDeadLetters(options: DeadLetterOptions): DeadLetters {
  const { service, producer, clock, metrics, encode } = options;
  const share = new BadShare({ service, clock, maxShare: options.maxShare, acceptBad: options.acceptBad });
  return {
    async send(bad) {
      if (bad.length === 0) return;
      const records = bad.map((one): OutgoingRecord => ({
        key: tupleKey(one.topic, String(one.partition), String(one.record.offset)),
        value: encode(deadLetterOf(service, one, clock.nowMicros())),
      }));
      await producer.send(DEAD_LETTER_TOPIC, records);
      for (const one of bad) metrics.count('deadLetters', { role: service, topic: one.topic, reason: one.reason });
    },
    note: (topic, partition, all, bad) => share.note(topic, partition, all, bad),
  };
}
