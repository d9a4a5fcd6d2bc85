// A fetch's answer, read so that kafkajs sees a batch of records where it saw each record.

import type { LogRecord } from '../contract.js';
import { isRecordBatch, readRecordBatches, type Decompress, type RecordBatch } from './record-batch.js';
import { WireReader } from './wire-reader.js';

/**
 * What kafkajs takes for a message: all that one batch of the log holds. It counts, filters and resolves by `offset`, the batch's last; markers and
 * aborted batches it leaves out as control records, but goes past them.
 */
export interface FetchedBatch {
  readonly offset: string;
  readonly isControlRecord: boolean;
  readonly records: readonly LogRecord[];
}

export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  readonly preferredReadReplica: number;
  readonly messages: readonly FetchedBatch[];
}

export interface FetchAnswer {
  readonly throttleTime: number;
  readonly clientSideThrottleTime: number;
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
}

interface Aborted {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** Message sets of before Kafka 0.11, which may lie in an old log still. */
export type ReadOldMessages = (bytes: Buffer) => Promise<readonly LogRecord[]>;

export interface FetchDecoding {
  /** Of the Fetch API: 4 (Kafka 0.11) to 11, the last that kafkajs speaks. */
  readonly version: number;
  readonly decompress: Decompress;
  readonly readOldMessages: ReadOldMessages;
}

/** Reads an answer of the Fetch API. */
export async function readFetchResponse(bytes: Buffer, decoding: FetchDecoding): Promise<FetchAnswer> {
  const { version } = decoding;
  const reader = new WireReader(bytes);
  const throttleMs = reader.int32();
  // Error code and session: kafkajs opens no fetch sessions.
  if (version >= 7) reader.skip(2 + 4);
  const undecoded = reader.array(() => ({
    topicName: reader.string(),
    partitions: reader.array(() => readPartition(reader, version)),
  }));
  const responses = [];
  for (const { topicName, partitions } of undecoded) {
    const decoded: FetchedPartition[] = [];
    for (const { log, aborted, ...about } of partitions)
      decoded.push({ ...about, messages: await readLog(log, aborted, decoding) });
    responses.push({ topicName, partitions: decoded });
  }
  // KIP-219: from version 8 on the broker has answered at once, and the client is to wait.
  const isClientSide = version >= 8;
  return {
    throttleTime: isClientSide ? 0 : throttleMs,
    clientSideThrottleTime: isClientSide ? throttleMs : 0,
    responses,
  };
}

function readPartition(
  reader: WireReader,
  version: number,
): Omit<FetchedPartition, 'messages'> & { readonly log: Buffer; readonly aborted: readonly Aborted[] } {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = String(reader.int64());
  const lastStableOffset = String(reader.int64());
  // Where the log starts.
  if (version >= 5) reader.skip(8);
  const aborted = reader.array(() => ({ producerId: reader.bigInt64(), firstOffset: reader.int64() }));
  const preferredReadReplica = version >= 11 ? reader.int32() : -1;
  const log = reader.bytes(Math.max(0, reader.int32()));
  return { partition, errorCode, highWatermark, lastStableOffset, preferredReadReplica, aborted, log };
}

async function readLog(
  bytes: Buffer,
  aborted: readonly Aborted[],
  { decompress, readOldMessages }: FetchDecoding,
): Promise<FetchedBatch[]> {
  if (bytes.length === 0) return [];
  if (isRecordBatch(bytes)) return withoutAborted(await readRecordBatches(bytes, decompress), aborted);
  const records = await readOldMessages(bytes);
  const last = records.at(-1);
  return last ? [{ offset: String(last.offset), isControlRecord: false, records }] : [];
}

/** A transaction is aborted from the offset that the broker names to its producer's next marker of an abort. */
function withoutAborted(batches: readonly RecordBatch[], aborted: readonly Aborted[]): FetchedBatch[] {
  const ahead = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const open = new Set<bigint>();
  let next = 0;
  return batches.map(({ lastOffset, producerId, inTransaction, marker, records }) => {
    for (let one = ahead[next]; one !== undefined && one.firstOffset <= lastOffset; one = ahead[++next])
      open.add(one.producerId);
    if (marker === 'abort') open.delete(producerId);
    const isControlRecord = marker !== undefined || (inTransaction && open.has(producerId));
    return { offset: String(lastOffset), isControlRecord, records };
  });
}
