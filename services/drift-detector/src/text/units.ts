// The units of the text at hand: a typed array is read several times faster than a string.

/** Of a text, this many UTF-16 units are read. */
export const MAX_SCANNED_UNITS = 16_384;

/** What a look ahead may see beyond them. */
const BEYOND = 8;

/** UTF-16 units as {@link loadUnits} left them; those of one text alone, until the next. */
export const units = new Uint16Array(MAX_SCANNED_UNITS + 2 * BEYOND);

const bytes = Buffer.from(units.buffer);
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
/** A call into the engine costs as much as so many units one by one. */
const SHORT = 32;

/** Puts the text's first units into {@link units}, and zeros behind its end. */
export function loadUnits(text: string): void {
  const count = Math.min(text.length, MAX_SCANNED_UNITS + BEYOND);
  if (count > SHORT && isLittleEndian) bytes.write(text, 0, count * 2, 'utf16le');
  else for (let i = 0; i < count; i++) units[i] = text.charCodeAt(i);
  // Eight stores; fill would be a call.
  for (let i = count; i < count + BEYOND; i++) units[i] = 0;
}
