// A fetched batch of kafkajs as our own: numbers for texts, nothing copied.

import type { Batch as KafkaBatch, IHeaders, KafkaMessage } from 'kafkajs';
import type { Batch, LogRecord } from '../contract.js';

const NO_HEADERS: Readonly<Record<string, Buffer>> = Object.freeze({});

/** Records below `position` have been done already (a fetch may begin earlier) and are left out. */
export function batchOf(
  batch: KafkaBatch,
  prefix: string,
  position: number,
): Batch & { readonly fetchedOffset: number } {
  const records: LogRecord[] = [];
  for (const message of batch.messages) {
    const record = recordOf(message);
    if (record.offset >= position) records.push(record);
  }
  return {
    topic: batch.topic.slice(prefix.length),
    partition: batch.partition,
    records,
    nextOffset: Number(batch.lastOffset()) + 1,
    highWatermark: Number(batch.highWatermark),
    fetchedOffset: Number((batch as KafkaBatch & { fetchedOffset: string }).fetchedOffset),
  };
}

function recordOf({ offset, timestamp, key, value, headers }: KafkaMessage): LogRecord {
  return {
    offset: Number(offset),
    timestampMs: Number(timestamp),
    key,
    value,
    headers: headers === undefined ? NO_HEADERS : headersOf(headers),
  };
}

function headersOf(headers: IHeaders): Readonly<Record<string, Buffer>> {
  let named: Record<string, Buffer> | undefined;
  for (const name in headers) {
    const value = headers[name];
    // Of a name given several times the last value holds, as with Kafka's own lastHeader.
    const last = Array.isArray(value) ? value[value.length - 1] : value;
    if (last === undefined) continue;
    named ??= {};
    named[name] = Buffer.from(last);
  }
  return named ?? NO_HEADERS;
}
