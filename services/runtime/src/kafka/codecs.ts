// The compression codecs that kafkajs lacks. Without them one snappy batch of a foreign producer crashes a consumer (kafkajs #910, #1475).

import { Decoder, Encoder } from '@toondepauw/node-zstd';
import kafkajs from 'kafkajs';
import * as lz4 from 'lz4-napi';
import * as snappy from 'snappy';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const ZSTD_LEVEL = 3;
/** snappy-java's stream: this magic, two int32 versions, then chunks of (int32 length, block). Java producers write it. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

const snappyCodec: Codec = {
  compress: ({ buffer }) => snappy.compress(buffer),
  async decompress(buffer) {
    if (!buffer.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return unsnap(buffer);
    const chunks: Buffer[] = [];
    for (let at = XERIAL_HEADER_BYTES; at < buffer.length;) {
      const length = buffer.readInt32BE(at);
      chunks.push(await unsnap(buffer.subarray(at + 4, at + 4 + length)));
      at += 4 + length;
    }
    return Buffer.concat(chunks);
  },
};

const lz4Codec: Codec = {
  compress: ({ buffer }) => lz4.compressFrame(buffer),
  decompress: (buffer) => lz4.decompressFrame(buffer),
};

const zstdCodec: Codec = {
  compress: ({ buffer }) => new Encoder(ZSTD_LEVEL).encode(buffer),
  decompress: (buffer) => new Decoder().decode(buffer),
};

async function unsnap(block: Buffer): Promise<Buffer> {
  const bytes = await snappy.uncompress(block, { asBuffer: true });
  return typeof bytes === 'string' ? Buffer.from(bytes, 'binary') : bytes;
}

/** Teaches kafkajs snappy, lz4 and zstd; once per process is enough, more does no harm. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = () => snappyCodec;
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4Codec;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstdCodec;
}
