// What a UTF-16 unit is to the scanner, and how it is lower-cased without making a string.

export const LETTER = 1;
export const DIGIT = 2;
/** Stands inside a literal (`a.b@c-d.org`), never at its end. */
export const JOINER = 3;
/** Stands inside a literal once it looks like a link. */
export const LINK_JOINER = 4;
/** A script without spaces between words: cut into pairs. */
export const SPACELESS = 5;

const ascii = new Uint8Array(128);
for (let unit = 48; unit <= 57; unit++) ascii[unit] = DIGIT;
for (let unit = 97; unit <= 122; unit++) {
  ascii[unit] = LETTER;
  ascii[unit - 32] = LETTER;
}
for (const unit of Buffer.from('._-@')) ascii[unit] = JOINER;
for (const unit of Buffer.from('/:?=&%#~+,')) ascii[unit] = LINK_JOINER;

/** One of the constants above, 0 for everything that separates. */
export function characterClass(unit: number): number {
  if (unit < 128) return ascii[unit] ?? 0;
  if (unit < 0xc0 || unit === 0xd7 || unit === 0xf7) return 0;
  if (unit < 0x0e00) return LETTER;
  if (unit <= 0x0e7f) return SPACELESS;
  if (unit >= 0x2000 && unit <= 0x2bff) return 0;
  if (unit >= 0x3000 && unit <= 0x3020) return 0;
  if (unit >= 0x3040 && unit <= 0x9fff) return SPACELESS;
  if (unit >= 0xac00 && unit <= 0xd7af) return SPACELESS;
  if (unit >= 0xd800 && unit <= 0xf8ff) return 0;
  if (unit >= 0xff00) return 0;
  return LETTER;
}

/** Lower case of the scripts that have it in one unit: ASCII, Latin-1, Greek, Cyrillic; others as they are. */
export function lowerUnit(unit: number): number {
  if (unit < 0x80) return unit >= 65 && unit <= 90 ? unit + 32 : unit;
  if (unit <= 0xde) return unit >= 0xc0 && unit !== 0xd7 ? unit + 32 : unit;
  if (unit >= 0x391 && unit <= 0x3a9) return unit + 32;
  if (unit >= 0x410 && unit <= 0x42f) return unit + 32;
  if (unit >= 0x400 && unit <= 0x40f) return unit + 80;
  return unit;
}

/** {@link characterClass} of every UTF-16 unit, for loops over a text's units. */
export const CLASS = Uint8Array.from({ length: 0x10000 }, (_, unit) => characterClass(unit));

/** {@link lowerUnit} of every UTF-16 unit. */
export const LOWER = Uint16Array.from({ length: 0x10000 }, (_, unit) => lowerUnit(unit));

/** {@link LOWER} of letters, 0 for every other unit: one look says both. */
export const LETTERS = Uint16Array.from({ length: 0x10000 }, (_, unit) =>
  characterClass(unit) === LETTER ? lowerUnit(unit) : 0,
);

/** Whether the unit is an upper-case letter of those scripts. */
export function isUpper(unit: number): boolean {
  return lowerUnit(unit) !== unit;
}

/** The unit at `at`, 0 behind the end: a look beyond the end with charCodeAt makes every later one slow (V8 then calls out). */
export function unitAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : 0;
}
