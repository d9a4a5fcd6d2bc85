// Laws of reading: what was written comes back, foreign bytes are named and never thrown, longs of all 64 bits are read.

import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyWalker } from './body.js';
import { SCHEMA_NAMES, avroOptions, schemaFiles, writerTypes, type SchemaName } from './schema-files.js';
import { arbitraryRecord } from './testing/arbitrary-record.js';
import { fullView, view, viewDecoder } from './view.js';
import { encodeWire } from './wire.js';

const decoders = Object.fromEntries(
  SCHEMA_NAMES.map((name) => [name, viewDecoder(fullView(name), (id) => (id === 1 ? writerTypes[name] : undefined))]),
) as unknown as Record<SchemaName, (value: Buffer | null) => { kind: string; reason?: string; value?: unknown }>;

describe.each(SCHEMA_NAMES)('%s', (name) => {
  const records = arbitraryRecord(schemaFiles[name]);

  it('reads what was written, all fields', () => {
    fc.assert(
      fc.property(records, (record) => {
        const decoded = decoders[name](encodeWire(1, writerTypes[name], record));
        expect(decoded).toMatchObject({ kind: 'ok' });
        expect({ ...(decoded.value as object) }).toEqual(record);
      }),
    );
  });

  it('walks exactly to the end of a body, and finds every shortened one', () => {
    const walk = bodyWalker(writerTypes[name]);
    fc.assert(
      fc.property(records, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (record, share) => {
        const body = writerTypes[name].toBuffer(record);
        expect(walk(body, 0)).toBe(body.length);
        expect(walk(Buffer.concat([body, Buffer.from([0])]), 0)).toBe(body.length);
        expect(walk(body.subarray(0, Math.floor(share * body.length)), 0)).toBeLessThan(0);
      }),
    );
  });

  it('answers to mutated bytes at once, and never throws', () => {
    const mutation = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(records, fc.array(mutation, { minLength: 1, maxLength: 6 }), (record, mutations) => {
        const value = encodeWire(1, writerTypes[name], record);
        for (const { at, byte } of mutations) value[5 + (at % (value.length - 5))] = byte;
        expect(['ok', 'bad']).toContain(decoders[name](value).kind);
      }),
      { numRuns: 500 },
    );
  });

  it('takes no bytes at all for a record', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(['ok', 'bad']).toContain(decoders[name](Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), noise])).kind);
      }),
      { numRuns: 300 },
    );
  });
});

describe('viewDecoder', () => {
  const decode = decoders.AgentEvent;

  it('names what is not of the wire format', () => {
    for (const value of [null, Buffer.alloc(0), Buffer.from([0, 0, 0, 1]), Buffer.from([1, 0, 0, 0, 1, 2])]) {
      expect(decode(value)).toMatchObject({ kind: 'bad', reason: 'not_confluent' });
    }
    expect(decode(Buffer.from([0, 0, 0, 0, 9, 0]))).toMatchObject({ kind: 'bad', reason: 'unknown_schema' });
  });

  it('names trailing bytes and another schema', () => {
    const control = encodeWire(1, writerTypes.Control, fc.sample(arbitraryRecord(schemaFiles.Control), 1)[0]);
    const decoder = viewDecoder(fullView('Control'), (id) => (id === 1 ? writerTypes.Control : writerTypes.Measure));
    expect(decoder(Buffer.concat([control, Buffer.from([7])]))).toMatchObject({ reason: 'trailing_bytes' });
    control.writeUInt32BE(2, 1);
    expect(decoder(control)).toMatchObject({ reason: 'unknown_schema' });
  });

  it('asks again for an id that was unknown', () => {
    let known = false;
    const decoder = viewDecoder(fullView('Control'), () => (known ? writerTypes.Control : undefined));
    const value = encodeWire(1, writerTypes.Control, fc.sample(arbitraryRecord(schemaFiles.Control), 1)[0]);
    expect(decoder(value)).toMatchObject({ reason: 'unknown_schema' });
    known = true;
    expect(decoder(value)).toMatchObject({ kind: 'ok' });
  });

  it.each([
    ['array', { type: 'array', items: 'long' }],
    // Items without a byte of their own: only the count could end them.
    ['array of null', { type: 'array', items: 'null' }],
    ['map', { type: 'map', values: 'long' }],
    ['string', 'string'],
    ['bytes', 'bytes'],
  ])('is not kept busy by a forged length of %s', (_what, field) => {
    const forged = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]); // 2^62 - 1
    const probe = { type: 'record', name: 'Probe', fields: [{ name: 'value', type: field }] };
    const type = avro.Type.forSchema(probe as never, avroOptions());
    expect(bodyWalker(type)(forged, 0)).toBeLessThan(0);
    expect(bodyWalker(type)(Buffer.concat([forged, Buffer.alloc(50)]), 0)).toBeLessThan(0);
  });

  it('reads every long of 64 bits, in unions too', () => {
    // The same body with other varints: written as bytes of length, for avsc writes no long beyond 2^53.
    const probe = (long: bigint): Buffer => {
      const parts: number[] = [];
      let rest = BigInt.asUintN(64, (long << 1n) ^ (long >> 63n));
      do {
        parts.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
        rest >>= 7n;
      } while (rest > 0n);
      return Buffer.from(parts);
    };
    const writer = avro.Type.forSchema(
      {
        type: 'record',
        name: 'AgentEvent',
        namespace: 'watchkeeper',
        fields: [
          { name: 'seq', type: 'long' },
          { name: 'duration_ms', type: ['null', 'long'] },
        ],
      },
      avroOptions(),
    );
    const decoder = viewDecoder(view('AgentEvent', ['seq', 'duration_ms']), () => writer);
    const edge = 2n ** 52n;
    const longs = [
      2n ** 53n,
      -(2n ** 53n) - 2n,
      2n ** 63n - 1n,
      -(2n ** 63n),
      edge,
      edge - 1n,
      -edge,
      -edge - 1n,
      0n,
      -1n,
    ];
    for (const long of longs) {
      const value = Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), probe(long), Buffer.from([2]), probe(long)]);
      expect(decoder(value)).toMatchObject({ kind: 'ok', value: { seq: Number(long), duration_ms: Number(long) } });
    }
  });

  it('decodes the fields of the view alone', () => {
    const decoder = viewDecoder(
      view('AgentEvent', ['seq', 'attributes', 'output_fingerprint', 'kind']),
      () => writerTypes.AgentEvent,
    );
    fc.assert(
      fc.property(arbitraryRecord(schemaFiles.AgentEvent), (record) => {
        const { seq, attributes, output_fingerprint, kind } = record;
        const decoded = decoder(encodeWire(1, writerTypes.AgentEvent, record));
        expect({ ...(decoded as { value: object }).value }).toEqual({ seq, attributes, output_fingerprint, kind });
      }),
    );
  });
});
