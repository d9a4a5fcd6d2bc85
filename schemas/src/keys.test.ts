import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tupleKey, tupleParts } from './keys.js';

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
