import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.js';
import { readFetchResponse } from './fetch-response.js';
import { writeProduceRequest, type ProducedMessage, type ProduceRequest } from './produce-request.js';
import { isRecordBatch, readRecordBatches } from './record-batch.js';
import { WireReader } from './wire-reader.js';
import { varintBytes, WireWriter } from './wire-writer.js';

const require = createRequire(import.meta.url);

interface KafkajsRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer | Buffer[]>;
}

/** The originals: an independent writing and reading of the same format. */
const kafkajs = {
  produce: require('kafkajs/src/protocol/requests/produce/v7/request') as (request: ProduceRequest) => {
    encode(): Promise<{ buffer: Buffer }>;
  },
  readBatch: require('kafkajs/src/protocol/recordBatch/v0/decoder') as (
    decoder: object,
  ) => Promise<{ records: KafkajsRecord[] }>,
  Decoder: require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object,
  crc32c: require('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number,
};

const never = (): Promise<never> => Promise.reject(new Error('nothing is packed here'));
/** Packing that anybody can undo. */
const inverted = (_type: number, bytes: Buffer): Promise<Buffer> => Promise.resolve(Buffer.from(bytes.map((b) => ~b)));

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const text = fc.string({ unit: 'binary', maxLength: 40 });
const messages = fc.array(
  fc.record({
    key: fc.oneof(fc.constant(null), bytes, text),
    value: fc.oneof(fc.constant(null), bytes, text),
    timestamp: fc.integer({ min: 1_500_000_000_000, max: 1_500_009_999_999 }).map(String),
    headers: fc.dictionary(
      // kafkajs looks each name up among those before, and finds what every object inherits.
      fc.string({ minLength: 1, maxLength: 10 }).filter((name) => !(name in {})),
      fc.oneof(bytes, text),
      { maxKeys: 3 },
    ),
  }),
  { minLength: 1, maxLength: 40 },
);

const request = (given: readonly ProducedMessage[], of: Partial<ProduceRequest> = {}): ProduceRequest => ({
  acks: -1,
  timeout: 30_000,
  compression: 0,
  producerId: '4711',
  producerEpoch: 3,
  topicData: [{ topic: 'tøpic', partitions: [{ partition: 7, firstSequence: 12, messages: given }] }],
  ...of,
});

/** The batch in a request of one partition. */
function batchIn(encoded: Buffer): Buffer {
  const reader = new WireReader(encoded);
  reader.string();
  reader.skip(2 + 4 + 4);
  reader.string();
  reader.skip(4 + 4);
  return reader.bytes(reader.int32());
}

const buffer = (value: Buffer | string | null): Buffer | null =>
  typeof value === 'string' ? Buffer.from(value) : value;

describe('crc32c', () => {
  it('gives the sums of RFC 3720 and of kafkajs, wherever the bytes begin', () => {
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    fc.assert(
      fc.property(bytes, fc.nat({ max: 9 }), (given, from) => {
        expect(crc32c(given, from)).toBe(kafkajs.crc32c(given.subarray(from)));
      }),
    );
  });
});

describe('a varint', () => {
  it('comes back as it was, in as many bytes as said', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), (value) => {
        const writer = new WireWriter(varintBytes(value)).varint(value);
        expect(writer.at).toBe(writer.bytes.length);
        expect(new WireReader(writer.bytes).varint()).toBe(value);
      }),
    );
  });
});

describe('writeProduceRequest', () => {
  it('writes byte for byte what kafkajs writes', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.constantFrom(undefined, 'tx'), async (given, transactionalId) => {
        const asked = request(given, transactionalId === undefined ? {} : { transactionalId });
        expect(await writeProduceRequest(asked, never)).toEqual((await kafkajs.produce(asked).encode()).buffer);
      }),
    );
  });

  it('writes the partitions of several topics one after the other', async () => {
    const one = { key: 'k', value: Buffer.from('v'), timestamp: '1500000000000' };
    const asked = request([], {
      topicData: ['a', 'b'].map((topic) => ({
        topic,
        partitions: [0, 1].map((partition) => ({ partition, firstSequence: partition, messages: [one, one] })),
      })),
    });
    expect(await writeProduceRequest(asked, never)).toEqual((await kafkajs.produce(asked).encode()).buffer);
  });
});

describe('readRecordBatches', () => {
  it('reads what kafkajs reads, packed or not', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.boolean(), async (given, packed) => {
        const encoded = await writeProduceRequest(request(given, { compression: packed ? 1 : 0 }), inverted);
        const batch = batchIn(encoded);
        expect(isRecordBatch(batch)).toBe(true);
        batch.writeBigInt64BE(9_000_000_000n, 0);
        const [read] = await readRecordBatches(batch, inverted);
        expect(read).toMatchObject({
          lastOffset: 9_000_000_000 + given.length - 1,
          producerId: 4711n,
          inTransaction: false,
          marker: undefined,
        });
        expect(read?.records).toEqual(
          given.map(({ key, value, timestamp, headers }, index) => ({
            offset: 9_000_000_000 + index,
            timestampMs: Number(timestamp),
            key: buffer(key),
            value: buffer(value),
            headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, buffer(header)])),
          })),
        );
        if (packed) return;
        const original = await kafkajs.readBatch(new kafkajs.Decoder(batch));
        expect(read?.records).toEqual(
          original.records.map(({ offset, timestamp, key, value, headers }) => ({
            offset: Number(offset),
            timestampMs: Number(timestamp),
            key,
            value,
            headers,
          })),
        );
      }),
    );
  });

  it('gives records the time of their append where the log says it', async () => {
    const batch = batchIn(
      await writeProduceRequest(
        request([
          { value: 'a', timestamp: '5' },
          { value: 'b', timestamp: '9' },
        ]),
        never,
      ),
    );
    batch.writeInt16BE(batch.readInt16BE(21) | 0x8, 21);
    batch.writeBigInt64BE(77n, 35);
    const [read] = await readRecordBatches(batch, never);
    expect(read?.records.map(({ timestampMs }) => timestampMs)).toEqual([77, 77]);
  });

  it('leaves a batch out that is not whole', async () => {
    const one = batchIn(await writeProduceRequest(request([{ value: 'a' }]), never));
    for (let cut = 0; cut < one.length; cut++)
      expect(await readRecordBatches(Buffer.concat([one, one.subarray(0, cut)]), never)).toHaveLength(1);
  });
});

describe('readFetchResponse', () => {
  const decoding = { version: 11, decompress: never, readOldMessages: never };

  function batchAt(offset: number, producerId: number, attributes: number, encoded: Buffer): Buffer {
    const batch = Buffer.from(encoded);
    batch.writeBigInt64BE(BigInt(offset), 0);
    batch.writeInt16BE(attributes, 21);
    batch.writeBigInt64BE(BigInt(producerId), 43);
    return batch;
  }

  function answer(version: number, log: Buffer, aborted: readonly (readonly [number, number])[] = []): Buffer {
    const writer = new WireWriter(200 + log.length).int32(40);
    if (version >= 7) writer.int16(0).int32(0);
    writer.int32(1).string('t').int32(1).int32(3).int16(0).int64(100).int64(99);
    if (version >= 5) writer.int64(0);
    writer.int32(aborted.length);
    for (const [producerId, firstOffset] of aborted) writer.int64(producerId).int64(firstOffset);
    if (version >= 11) writer.int32(-1);
    writer.int32(log.length).raw(log);
    return writer.bytes.subarray(0, writer.at);
  }

  it('reads every version that kafkajs speaks', async () => {
    const log = batchIn(await writeProduceRequest(request([{ value: 'a' }]), never));
    for (let version = 4; version <= 11; version++) {
      const read = await readFetchResponse(answer(version, log), { ...decoding, version });
      expect(read).toMatchObject({ throttleTime: version < 8 ? 40 : 0, clientSideThrottleTime: version < 8 ? 0 : 40 });
      expect(read.responses).toMatchObject([
        {
          topicName: 't',
          partitions: [{ partition: 3, errorCode: 0, highWatermark: '100', preferredReadReplica: -1 }],
        },
      ]);
      expect(read.responses[0]?.partitions[0]?.messages).toMatchObject([{ offset: '0', isControlRecord: false }]);
    }
  });

  it('shows none of what was aborted, all of the rest, and goes past markers', async () => {
    const TX = 0x10;
    const data = batchIn(await writeProduceRequest(request([{ value: 'a' }]), never));
    const marker = (type: number): Buffer => Buffer.from([0, 0, 0, type]);
    const abort = batchIn(await writeProduceRequest(request([{ key: marker(0), value: 'm' }]), never));
    const commit = batchIn(await writeProduceRequest(request([{ key: marker(1), value: 'm' }]), never));
    const log = Buffer.concat([
      // The fetch begins in the middle of two aborted transactions.
      batchAt(10, 2, TX, data),
      batchAt(11, 1, TX, data),
      batchAt(12, 3, 0, data),
      batchAt(13, 1, TX | 0x20, abort),
      batchAt(14, 1, TX, data),
      batchAt(15, 2, TX | 0x20, abort),
      batchAt(16, 1, TX | 0x20, commit),
    ]);
    const aborted = [
      [2, 6],
      [1, 4],
    ] as const;
    const read = await readFetchResponse(answer(11, log, aborted), decoding);
    const shown = read.responses[0]?.partitions[0]?.messages.filter(({ isControlRecord }) => !isControlRecord);
    expect(shown?.map(({ offset }) => offset)).toEqual(['12', '14']);
    expect(read.responses[0]?.partitions[0]?.messages.at(-1)?.offset).toBe('16');
  });

  it('hands messages of before Kafka 0.11 to their own reader', async () => {
    const old = { offset: 5, timestampMs: 1, key: null, value: Buffer.from('old'), headers: {} };
    const log = Buffer.alloc(40);
    const read = await readFetchResponse(answer(11, log), {
      ...decoding,
      readOldMessages: () => Promise.resolve([old]),
    });
    expect(read.responses[0]?.partitions[0]?.messages).toEqual([
      { offset: '5', isControlRecord: false, records: [old] },
    ]);
  });
});
