// The walk agrees with a full decode on what is one record, never throws and never reads beyond the body.

import { fullView, viewDecoder, writerTypes } from '@watchkeeper/schemas';
import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyCheckOf } from './body-check.js';
import { anEvent, idOf, writerTypeOf } from './test-support.js';

const decode = viewDecoder(fullView('AgentEvent'), writerTypeOf);
const check = bodyCheckOf(writerTypes.AgentEvent);
const body = writerTypes.AgentEvent.toBuffer(
  anEvent(1, { input: 'x'.repeat(300), score: 0.5, attributes: { a: '1', b: '2' } }),
);

describe('bodyCheckOf', () => {
  it.each(Object.entries(writerTypes))('passes whatever %s writes', (_, type) => {
    const checkType = bodyCheckOf(type);
    for (let i = 0; i < 50; i++) expect(checkType(type.toBuffer(type.random()), 0)).toBeUndefined();
  });

  it('refuses every proper beginning of a body, and everything behind one', () => {
    for (let end = 0; end < body.length; end++) expect(check(body.subarray(0, end), 0)?.kind).toBe('undecodable');
    expect(check(Buffer.concat([body, Buffer.alloc(3)]), 0)).toEqual({ kind: 'trailing_bytes', bytes: 3 });
  });

  it('begins where it is told', () => {
    expect(check(Buffer.concat([Buffer.alloc(5), body]), 5)).toBeUndefined();
  });

  it('never throws, and whatever it passes decodes to exactly its length', () => {
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
        const value = Buffer.from(some);
        if (check(value, 0) !== undefined) return;
        // By the view, for avsc's own long throws beyond 2^53, which is valid Avro.
        expect(decode(Buffer.concat([Buffer.from([0, 0, 0, 0, idOf('AgentEvent')]), value])).kind).toBe('ok');
      }),
      { numRuns: 3_000 },
    );
  });

  it('walks logical types, fixed, unions and negative block counts', () => {
    const type = avro.Type.forSchema({ type: 'array', items: { type: 'fixed', name: 'F', size: 2 } });
    const checkArray = bodyCheckOf(type);
    expect(checkArray(Buffer.from([0x03, 0x08, 1, 2, 3, 4, 0x00]), 0)).toBeUndefined();
    expect(checkArray(Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f, 1]), 0)?.kind).toBe('undecodable');
  });

  it('refuses an int beyond 32 bits, and passes a long of any size', () => {
    const wide = avro.Type.forSchema('long').toBuffer(2 ** 31);
    expect(bodyCheckOf(avro.Type.forSchema('int'))(wide, 0)?.kind).toBe('undecodable');
    expect(bodyCheckOf(avro.Type.forSchema('int'))(avro.Type.forSchema('int').toBuffer(-(2 ** 31)), 0)).toBeUndefined();
    expect(
      bodyCheckOf(avro.Type.forSchema('long'))(Buffer.from([255, 255, 255, 255, 255, 255, 255, 255, 255, 1]), 0),
    ).toBeUndefined();
  });
});
