// Numbers and texts of which a state holds the same ones many times, in few bytes and exactly.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';

const INTEGER = 0;
const HUNDREDTHS = 1;
const DOUBLE = 2;
const MOST = 2 ** 31;

/** A double: whole numbers and hundredths, which most are, take two to six bytes. */
export function writeNumber(writer: StateWriter, value: number): void {
  const hundredths = Math.round(value * 100);
  if (Object.is(value, -0) || !(Math.abs(hundredths) < MOST)) writer.byte(DOUBLE).double(value);
  else if (Number.isInteger(value)) writer.byte(INTEGER).int(value);
  else if (hundredths / 100 === value) writer.byte(HUNDREDTHS).int(hundredths);
  else writer.byte(DOUBLE).double(value);
}

/** What {@link writeNumber} wrote. */
export function readNumber(reader: StateReader): number {
  const form = reader.byte();
  return form === DOUBLE ? reader.double() : form === INTEGER ? reader.int() : reader.int() / 100;
}

/** A list of few different values: each once, then which of them. `write` writes one. */
export function writeRepeated<T>(writer: StateWriter, values: readonly T[], write: (value: T) => void): void {
  const numbers = new Map<T, number>();
  for (const value of values) if (!numbers.has(value)) numbers.set(value, numbers.size);
  writer.list([...numbers.keys()], write).list(values, (value) => writer.int(numbers.get(value) ?? 0));
}

/** What {@link writeRepeated} wrote; one that is not there reads as `none`. */
export function readRepeated<T>(reader: StateReader, read: () => T, none: T): T[] {
  const known = reader.list(read);
  return reader.list(() => known[reader.int()] ?? none);
}
