// The body of a Produce request, written in one pass into bytes of the right size: kafkajs makes a growing buffer per record, per batch and per
// request, and copies each into the next. https://kafka.apache.org/documentation/#recordbatch

import { crc32c } from './crc32c.js';
import { sizedBytes, stringBytes, varintBytes, WireWriter } from './wire-writer.js';

/** A record as kafkajs hands it on. */
export interface ProducedMessage {
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>>;
  /** Milliseconds since 1970; now, where none is said. */
  readonly timestamp?: string;
}

/** As kafkajs asks for it. */
export interface ProduceRequest {
  readonly transactionalId?: string | null;
  readonly acks: number;
  readonly timeout: number;
  /** Kafka's number for the compression; 0 is none. */
  readonly compression: number;
  /** A 64-bit number, as whatever kafkajs holds it. */
  readonly producerId: { toString(): string };
  readonly producerEpoch: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly PartitionData[];
  }[];
}

interface PartitionData {
  readonly partition: number;
  readonly firstSequence?: number;
  readonly messages: readonly ProducedMessage[];
}

/** Packs by the number of the compression. */
export type Compress = (type: number, bytes: Buffer) => Promise<Buffer>;

/** A partition's records, measured and, where there is a compression, packed. */
interface Measured extends PartitionData {
  /** Of each record, without the varint of the size itself. */
  readonly sizes: readonly number[];
  readonly firstTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly bytes: number;
  readonly packed: Buffer | undefined;
}

/** Everything of a batch that stands before its records. */
const BATCH_HEADER_BYTES = 61;
/** What of it does not count to the batch's length: base offset and length. */
const UNCOUNTED_BYTES = 12;
const CHECKSUM_AT = 17;
const MAGIC = 2;
const TRANSACTIONAL = 0x10;

/**
 * Versions 3 (Kafka 0.11) to 7 of the Produce API have this one form. The body begins behind `room` bytes that are left for what stands before it on
 * the wire.
 */
export async function writeProduceRequest(request: ProduceRequest, compress: Compress, room = 0): Promise<Buffer> {
  const { transactionalId, acks, timeout, compression, topicData } = request;
  const nowMs = Date.now();
  let size = stringBytes(transactionalId) + 2 + 4 + 4;
  const topics = [];
  for (const { topic, partitions } of topicData) {
    size += stringBytes(topic) + 4;
    const measured: Measured[] = [];
    for (const data of partitions) {
      const one = await measure(data, nowMs, compression, compress);
      measured.push(one);
      size += 4 + 4 + BATCH_HEADER_BYTES + one.bytes;
    }
    topics.push({ topic, measured });
  }
  const writer = new WireWriter(room + size);
  writer.at = room;
  writer.string(transactionalId).int16(acks).int32(timeout).int32(topics.length);
  for (const { topic, measured } of topics) {
    writer.string(topic).int32(measured.length);
    for (const one of measured) writeBatch(writer, request, one, nowMs);
  }
  return writer.bytes;
}

async function measure(data: PartitionData, nowMs: number, compression: number, compress: Compress): Promise<Measured> {
  const { messages } = data;
  let firstTimestampMs = Infinity;
  let maxTimestampMs = -Infinity;
  for (const message of messages) {
    const ms = timeOf(message, nowMs);
    if (ms < firstTimestampMs) firstTimestampMs = ms;
    if (ms > maxTimestampMs) maxTimestampMs = ms;
  }
  const sizes: number[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = recordBytes(message, sizes.length, timeOf(message, nowMs) - firstTimestampMs);
    sizes.push(size);
    bytes += varintBytes(size) + size;
  }
  const measured = { ...data, sizes, firstTimestampMs, maxTimestampMs, bytes, packed: undefined };
  if (compression === 0) return measured;
  const writer = new WireWriter(bytes);
  writeRecords(writer, measured, nowMs);
  const packed = await compress(compression, writer.bytes);
  return { ...measured, bytes: packed.length, packed };
}

function writeBatch(writer: WireWriter, request: ProduceRequest, data: Measured, nowMs: number): void {
  const { transactionalId, compression, producerId, producerEpoch } = request;
  const { messages, bytes, packed, firstTimestampMs, maxTimestampMs, firstSequence = 0 } = data;
  writer.int32(data.partition).int32(BATCH_HEADER_BYTES + bytes);
  const start = writer.at;
  // Base offset and leader epoch are the broker's to say; the checksum follows below.
  writer.int64(0).int32(BATCH_HEADER_BYTES - UNCOUNTED_BYTES + bytes);
  writer.int32(0).int8(MAGIC).int32(0);
  const checkedFrom = writer.at;
  writer.int16(compression | (transactionalId ? TRANSACTIONAL : 0)).int32(messages.length - 1);
  writer.int64(firstTimestampMs).int64(maxTimestampMs);
  writer.int64(BigInt(producerId.toString())).int16(producerEpoch).int32(firstSequence);
  writer.int32(messages.length);
  if (packed) writer.raw(packed);
  else writeRecords(writer, data, nowMs);
  writer.uint32At(start + CHECKSUM_AT, crc32c(writer.bytes.subarray(checkedFrom, writer.at)));
}

function recordBytes({ key, value, headers }: ProducedMessage, index: number, deltaMs: number): number {
  let size = 1 + varintBytes(deltaMs) + varintBytes(index) + sizedBytes(key) + sizedBytes(value);
  if (headers === undefined) return size + 1;
  const given = listed(headers);
  size += varintBytes(given.length);
  for (const [name, header] of given) size += sizedBytes(name) + sizedBytes(header);
  return size;
}

function writeRecords(writer: WireWriter, { messages, sizes, firstTimestampMs }: Measured, nowMs: number): void {
  let index = 0;
  for (const message of messages) {
    const { key, value, headers } = message;
    writer.varint(sizes[index] ?? 0).int8(0);
    writer.varint(timeOf(message, nowMs) - firstTimestampMs).varint(index++);
    writer.sized(key).sized(value);
    const given = headers === undefined ? [] : listed(headers);
    writer.varint(given.length);
    for (const [name, header] of given) writer.sized(name).sized(header);
  }
}

function timeOf({ timestamp }: ProducedMessage, nowMs: number): number {
  return timestamp === undefined ? nowMs : Number(timestamp);
}

/** A name with several values stands several times. */
function listed(headers: NonNullable<ProducedMessage['headers']>): [string, Buffer | string | undefined][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((one: Buffer | string): [string, Buffer | string] => [name, one])
      : [[name, value as Buffer | string | undefined] as [string, Buffer | string | undefined]],
  );
}
