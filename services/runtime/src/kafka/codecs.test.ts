import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import * as snappy from 'snappy';
import { registerCodecs } from './codecs.js';

registerCodecs();
const codecs = kafkajs.CompressionCodecs as unknown as Record<
  number,
  () => { compress(encoder: { buffer: Buffer }): Promise<Buffer>; decompress(buffer: Buffer): Promise<Buffer> }
>;
const { Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes;
const text = Buffer.from('the same words again and again, '.repeat(5_000));

describe('codecs', () => {
  it.each([
    ['snappy', Snappy],
    ['lz4', LZ4],
    ['zstd', ZSTD],
  ])('%s gives back what it took, and takes less room', async (_name, type) => {
    const codec = codecs[type]!();
    const small = await codec.compress({ buffer: text });
    expect(small.length).toBeLessThan(text.length / 5);
    expect(await codec.decompress(small)).toEqual(text);
  });

  it("reads snappy-java's stream of chunks, as Java producers write it", async () => {
    const chunks = [text.subarray(0, 32_768), text.subarray(32_768)].map((part) => snappy.compressSync(part));
    const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
    const sized = chunks.map((chunk) => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(chunk.length);
      return Buffer.concat([length, chunk]);
    });
    expect(await codecs[Snappy]!().decompress(Buffer.concat([header, ...sized]))).toEqual(text);
  });
});
