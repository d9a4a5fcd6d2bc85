// Kafka's record batches (magic 2), read into our records: kafkajs makes a dozen objects of each record, which cost more than judging some.
// https://kafka.apache.org/documentation/#recordbatch

import type { LogRecord } from '../contract.js';
import { WireReader } from './wire-reader.js';

/** One batch as it lies in the log. What the log's compaction or retention took out of it leaves it shorter, even empty. */
export interface RecordBatch {
  /** Of the batch, whether its last record is still there or not. */
  readonly lastOffset: number;
  readonly producerId: bigint;
  readonly inTransaction: boolean;
  /** Of a batch that ends a transaction; it holds no record of anybody. */
  readonly marker: 'commit' | 'abort' | undefined;
  readonly records: readonly LogRecord[];
}

/** Unpacks by the number of the compression. */
export type Decompress = (type: number, bytes: Buffer) => Promise<Buffer>;

/** Before the batch's own length begins to count: base offset and length. */
const PREFIX_BYTES = 12;
/** From the length to the first record. */
const HEADER_BYTES = 49;
const MAGIC_AT = 16;
const MAGIC = 2;
const COMPRESSION = 0x7;
const LOG_APPEND_TIME = 0x8;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
/** A marker's key: version, then type. */
const ABORT = 0;

const NO_HEADERS: LogRecord['headers'] = Object.freeze({});

/** True of a batch of the format that Kafka writes since 0.11. */
export function isRecordBatch(bytes: Buffer): boolean {
  return bytes.length > MAGIC_AT && bytes[MAGIC_AT] === MAGIC;
}

/** The whole batches in `bytes`, which a fetch may have cut off anywhere. Records are slices of `bytes`, not copies. */
export async function readRecordBatches(bytes: Buffer, decompress: Decompress): Promise<RecordBatch[]> {
  const batches: RecordBatch[] = [];
  let at = 0;
  while (at + PREFIX_BYTES + HEADER_BYTES <= bytes.length) {
    const end = at + PREFIX_BYTES + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    batches.push(await readBatch(bytes.subarray(at, end), decompress));
    at = end;
  }
  return batches;
}

async function readBatch(bytes: Buffer, decompress: Decompress): Promise<RecordBatch> {
  const header = new WireReader(bytes);
  const baseOffset = header.int64();
  // Length, leader epoch, magic and checksum: TCP has its own, and kafkajs does not look at this one either.
  header.skip(4 + 4 + 1 + 4);
  const attributes = header.int16();
  const lastOffset = baseOffset + header.int32();
  const firstTimestampMs = header.int64();
  const maxTimestampMs = header.int64();
  const producerId = header.bigInt64();
  // Producer epoch and first sequence number.
  header.skip(2 + 4);
  const count = header.int32();
  const compression = attributes & COMPRESSION;
  const reader = compression === 0 ? header : new WireReader(await decompress(compression, header.rest()));
  const appendedMs = (attributes & LOG_APPEND_TIME) === 0 ? undefined : maxTimestampMs;
  const records: LogRecord[] = [];
  for (let i = 0; i < count; i++) records.push(readRecord(reader, baseOffset, firstTimestampMs, appendedMs));
  const isControl = (attributes & CONTROL) !== 0;
  return {
    lastOffset,
    producerId,
    inTransaction: (attributes & TRANSACTIONAL) !== 0,
    marker: isControl ? markerOf(records[0]) : undefined,
    records: isControl ? [] : records,
  };
}

function readRecord(
  reader: WireReader,
  baseOffset: number,
  firstTimestampMs: number,
  appendedMs: number | undefined,
): LogRecord {
  const size = reader.varint();
  const end = reader.at + size;
  reader.skip(1);
  const timestampMs = firstTimestampMs + reader.varint();
  const offset = baseOffset + reader.varint();
  const key = reader.sized();
  const value = reader.sized();
  const headers = readHeaders(reader);
  reader.at = end;
  return { offset, timestampMs: appendedMs ?? timestampMs, key, value, headers };
}

/** Of a name given several times the last value holds, as with Kafka's own lastHeader; a name without a value is left out. */
function readHeaders(reader: WireReader): LogRecord['headers'] {
  const count = reader.varint();
  if (count === 0) return NO_HEADERS;
  const headers: Record<string, Buffer> = {};
  for (let i = 0; i < count; i++) {
    const name = String(reader.sized() ?? '');
    const value = reader.sized();
    if (value !== null) headers[name] = value;
  }
  return headers;
}

function markerOf(record: LogRecord | undefined): 'commit' | 'abort' {
  return record?.key?.readInt16BE(2) === ABORT ? 'abort' : 'commit';
}
