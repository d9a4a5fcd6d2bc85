import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rememberedKeys, tupleKey, tupleParts } from './keys.js';

describe('tupleKey', () => {
  it('gives every tuple a key of its own, and the tuple back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (parts) => {
        expect(tupleParts(tupleKey(...parts))).toEqual(parts);
      }),
    );
  });

  it('keeps apart what joined strings would mix up', () => {
    expect(tupleKey('a', 'b:c')).not.toBe(tupleKey('a:b', 'c'));
    expect(tupleKey('ab', '')).not.toBe(tupleKey('a', 'b'));
  });

  it.each(['x', '3:ab', '-1:', '1a:b', ':'])('knows that %j is none', (text) => {
    expect(tupleParts(text)).toBeUndefined();
  });
});

describe('rememberedKeys', () => {
  it('gives what tupleKey gives, whatever was asked for before', () => {
    const keyOf = rememberedKeys();
    const part = fc.oneof(fc.constantFrom('a', 'b', ''), fc.string({ unit: 'grapheme' }), fc.constant('x'.repeat(300)));
    fc.assert(
      fc.property(fc.array(fc.tuple(part, part)), (pairs) => {
        for (const [first, second] of pairs) expect(keyOf(first, second)).toBe(tupleKey(first, second));
      }),
    );
  });
});
