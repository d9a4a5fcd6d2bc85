import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedText } from './shared-text.js';

const schema = { type: 'array' as const, items: 'string' as const };
const plain = avro.Type.forSchema(schema);
const shared = avro.Type.forSchema(schema, { registry: { string: sharedText } });

describe('sharedText', () => {
  it('reads every text that avsc reads, again and again, texts of the same slot too', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.string({ unit: fc.constantFrom('a', 'b', 'ä', '\0'), maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 50 }), (texts) => {
        const bytes = plain.toBuffer([...texts, ...texts]);
        expect(shared.fromBuffer(bytes)).toEqual(plain.fromBuffer(bytes));
      }),
    );
  });

  it('reads bytes that are no UTF-8 as avsc does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (given) => {
        const bytes = Buffer.concat([Buffer.from([2]), avro.Type.forSchema('bytes').toBuffer(Buffer.from(given))]);
        const whole = Buffer.concat([bytes, Buffer.from([0])]);
        expect([shared.fromBuffer(whole), shared.fromBuffer(whole)]).toEqual([
          plain.fromBuffer(whole),
          plain.fromBuffer(whole),
        ]);
      }),
    );
  });

  it('does not go beyond the end of the bytes', () => {
    const bytes = plain.toBuffer(['known']);
    shared.fromBuffer(bytes);
    for (let end = 0; end < bytes.length; end++) expect(() => void shared.fromBuffer(bytes.subarray(0, end))).toThrow();
  });
});
