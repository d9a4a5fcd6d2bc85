import { StateReader, StateWriter } from '@watchkeeper/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumber, readRepeated, writeNumber, writeRepeated } from './compact.js';

const read = (writer: StateWriter): StateReader => new StateReader(writer.done(), [1]);

describe('compact values', () => {
  it('come back exactly', () => {
    const number = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.integer().map((n) => n / 100),
      fc.constantFrom(-0, 0.1 + 0.2),
    );
    fc.assert(
      fc.property(fc.array(number), (numbers) => {
        const writer = new StateWriter(1);
        writeRepeated(writer, numbers, (one) => {
          writeNumber(writer, one);
        });
        for (const one of numbers) writeNumber(writer, one);
        const reader = read(writer);
        // A Map takes -0 for 0; no list that is written so has it.
        const whole = numbers.map((one) => (one === 0 ? 0 : one));
        expect(readRepeated(reader, () => readNumber(reader), 0).map((one) => (one === 0 ? 0 : one))).toEqual(whole);
        for (const one of numbers) expect(Object.is(readNumber(reader), one)).toBe(true);
      }),
    );
  });

  it('take few bytes where they are prices, and one each where they repeat', () => {
    const writer = new StateWriter(1);
    writeNumber(writer, 129.5);
    expect(writer.done().length - 1).toBeLessThanOrEqual(4);
    const repeated = new StateWriter(1);
    writeRepeated(repeated, new Array<number>(50).fill(1 / 3), (one) => {
      writeNumber(repeated, one);
    });
    expect(repeated.done().length - 1).toBeLessThanOrEqual(62);
  });
});
