import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateReader, StateWriter } from './state-bytes.js';

const VERSION = 3;

describe('StateWriter and StateReader', () => {
  it('give every value back in order', () => {
    const item = fc.record({
      whole: fc.maxSafeInteger(),
      real: fc.double({ noNaN: true }),
      word: fc.integer({ min: 0, max: 0xffffffff }),
      text: fc.string({ unit: 'grapheme' }),
      flag: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const writer = new StateWriter(VERSION, 1);
        writer.list(items, ({ whole, real, word, text, flag }) => {
          writer.int(whole).double(real).uint32(word).text(text).bool(flag);
        });
        const reader = new StateReader(writer.done(), [VERSION]);
        const back = reader.list(() => ({
          whole: reader.int(),
          real: reader.double(),
          word: reader.uint32(),
          text: reader.text(),
          flag: reader.bool(),
        }));
        expect(back).toEqual(items);
      }),
    );
  });

  it('refuses a version that it does not know, and bytes that end early', () => {
    const bytes = new StateWriter(VERSION).text('a longer text').done();
    expect(() => new StateReader(bytes, [1, 2])).toThrow(/version 3/);
    expect(() => new StateReader(bytes.subarray(0, 5), [VERSION]).text()).toThrow(/ends early/);
  });
});
