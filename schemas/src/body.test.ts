// The walk agrees with a full decode on what is one record, never throws and never reads beyond the body.

import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyFault, bodyWalker, type BodyFault } from './body.js';
import { writerTypes } from './schema-files.js';
import { fullView, viewDecoder } from './view.js';

const ID = 1;
const decode = viewDecoder(fullView('AgentEvent'), () => writerTypes.AgentEvent);
const whole = writerTypes.AgentEvent.random();
const body = writerTypes.AgentEvent.toBuffer(whole);
const faultOf = (type: avro.Type, bytes: Uint8Array, start = 0): BodyFault | undefined =>
  bodyFault(bodyWalker(type)(bytes, start), bytes.length);
const check = (bytes: Uint8Array, start = 0): BodyFault | undefined => faultOf(writerTypes.AgentEvent, bytes, start);

describe('a body', () => {
  it.each(Object.entries(writerTypes))('that %s writes passes', (_, type) => {
    for (let i = 0; i < 50; i++) expect(faultOf(type, type.toBuffer(type.random()))).toBeUndefined();
  });

  it('cut short anywhere is refused, and so is everything behind one', () => {
    for (let end = 0; end < body.length; end++) expect(check(body.subarray(0, end))?.kind).toBe('undecodable');
    expect(check(Buffer.concat([body, Buffer.alloc(3)]))).toEqual({ kind: 'trailing_bytes', bytes: 3 });
  });

  it('begins where it is told', () => {
    expect(check(Buffer.concat([Buffer.alloc(5), body]), 5)).toBeUndefined();
  });

  it('never makes it throw, and what passes decodes to exactly its length', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.tuple(fc.nat(body.length - 1), fc.nat(255)).map(([at, byte]) => {
        const copy = Buffer.from(body);
        copy[at] = byte;
        return copy;
      }),
    );
    fc.assert(
      fc.property(bytes, (some) => {
        if (check(some) !== undefined) return;
        // By the view, for avsc's own long throws beyond 2^53, which is valid Avro.
        expect(decode(Buffer.concat([Buffer.from([0, 0, 0, 0, ID]), some])).kind).toBe('ok');
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('what is wrong is said', () => {
  const sized = avro.Type.forSchema('string');
  it.each<[string, avro.Schema, number[], RegExp]>([
    ['an int beyond 32 bits', 'int', [...avro.Type.forSchema('long').toBuffer(2 ** 31)], /int beyond 32 bits/],
    ['a varint of eleven bytes', 'long', Array<number>(11).fill(255), /more than ten bytes/],
    ['a negative length', 'string', [1], /negative/],
    ['a length past the end', 'string', [...sized.toBuffer('word')].slice(0, -1), /past its end/],
    ['an unknown symbol', { type: 'enum', name: 'E', symbols: ['A'] }, [2], /index/],
    ['an unknown branch', ['null', 'long'], [4, 0], /index/],
    ['a boolean of 2', 'boolean', [2], /boolean/],
    ['a forged count', { type: 'array', items: 'long' }, [0xfe, 0xff, 0xff, 0xff, 0x0f, 1], /length/],
  ])('%s', (_, schema, bytes, why) => {
    const fault = faultOf(avro.Type.forSchema(schema), Uint8Array.from(bytes));
    expect(fault).toMatchObject({ kind: 'undecodable', why: expect.stringMatching(why) as unknown });
  });

  it.each<[string, avro.Schema, number[]]>([
    ['the smallest int', 'int', [...avro.Type.forSchema('int').toBuffer(-(2 ** 31))]],
    ['a long of 64 bits', 'long', [255, 255, 255, 255, 255, 255, 255, 255, 255, 1]],
    // A negative count is followed by the block's size in bytes.
    ['a block with its size', { type: 'array', items: { type: 'fixed', name: 'F', size: 2 } }, [3, 8, 1, 2, 3, 4, 0]],
  ])('nothing of %s', (_, schema, bytes) => {
    expect(faultOf(avro.Type.forSchema(schema), Uint8Array.from(bytes))).toBeUndefined();
  });
});
