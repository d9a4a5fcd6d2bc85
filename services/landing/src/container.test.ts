// The container's bytes: golden, read back by another Avro reader, and safe in whatever a body holds.

import { Readable } from 'node:stream';
import avro, { type Schema } from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildContainer, compositeSchema, containerHeader, type RawRow } from './container.js';
import { longBytes, writeLong } from './varint.js';

const schema: Schema = { type: 'record', name: 'Small', fields: [{ name: 'text', type: 'string' }] };
const type = avro.Type.forSchema(schema);
const row = (offset: number, text: string): RawRow => ({
  offset,
  timestampMs: 1_700_000_000_000 + offset,
  value: Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), type.toBuffer({ text })]),
  bodyStart: 5,
});

async function readBack(container: Buffer): Promise<unknown[]> {
  const decoder = new avro.streams.BlockDecoder({
    parseHook: (found) => avro.Type.forSchema(found, { wrapUnions: 'never' }),
  });
  const rows: unknown[] = [];
  for await (const one of Readable.from([container]).pipe(decoder)) rows.push({ ...(one as object) });
  return rows;
}

describe('writeLong', () => {
  it('writes what avsc writes, for every whole number within 2^52', () => {
    const long = avro.Type.forSchema('long');
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), (value) => {
        const bytes = Buffer.alloc(10);
        expect(bytes.subarray(0, writeLong(bytes, 0, value))).toEqual(long.toBuffer(value));
        expect(longBytes(value)).toBe(long.toBuffer(value).length);
      }),
    );
  });
});

describe('buildContainer', () => {
  it('keeps its bytes', () => {
    const header = containerHeader(schema);
    const container = buildContainer(header, 3, [row(7, 'hi'), row(300, '')]);
    expect(container.subarray(header.length).toString('hex')).toBe(
      '02' +
        '18' +
        '06' +
        '0e' +
        '8ea0abfef962' +
        '046869' +
        '0e' +
        Buffer.from('watchkeeper-sync').toString('hex') +
        '02' +
        '18' +
        '06' +
        'd804' +
        'd8a4abfef962' +
        '00' +
        'd804' +
        Buffer.from('watchkeeper-sync').toString('hex'),
    );
  });

  it('reads back as the rows it was made of, whatever the bodies hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.nat(2 ** 40),
            fc.string({ unit: 'binary' }).map((text) => Buffer.from(text).toString()),
          ),
        ),
        async (rows) => {
          const container = buildContainer(
            containerHeader(schema),
            11,
            rows.map(([offset, text]) => row(offset, text)),
          );
          expect(await readBack(container)).toEqual(
            rows.map(([offset, text]) => ({
              kafka_partition: 11,
              kafka_offset: offset,
              kafka_timestamp: 1_700_000_000_000 + offset,
              text,
              offset_again: offset,
            })),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('keeps a body that forges the marker within its own row', async () => {
    const forged = row(1, 'watchkeeper-sync'.repeat(3));
    expect(
      await readBack(buildContainer(containerHeader(schema), 0, [row(0, 'a'), forged, row(2, 'b')])),
    ).toMatchObject([{ text: 'a', offset_again: 0 }, { offset_again: 1 }, { text: 'b', offset_again: 2 }]);
  });

  it('refuses a schema that is no record', () => {
    expect(() => compositeSchema('string')).toThrow('must be a record');
  });
});
