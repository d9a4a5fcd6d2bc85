// A text as lower-cased UTF-16 units in one piece of memory: looking at a string's units one by one costs several times as much.

/** Lower-cased units, with at least {@link PAD} zeros behind them: a look ahead stays inside. */
export type Units = Uint16Array;

/** No mask looks further ahead than a UUID and what follows it. */
const PAD = 40;
const FIRST_UNITS = 16_384;

/** Memory for one text at a time. */
export class LowerText {
  units: Units = new Uint16Array(FIRST_UNITS + PAD);
  /** Units of the text; what lies behind is padding. */
  length = 0;
  #bytes = Buffer.from(this.units.buffer);

  /** Takes the first `maxChars` units of a text, lower-cased (which may make them more). */
  take(text: string, maxChars: number): this {
    const lower = (text.length > maxChars ? text.slice(0, maxChars) : text).toLowerCase();
    const { length } = lower;
    if (length + PAD > this.units.length) {
      this.units = new Uint16Array(2 * length + PAD);
      this.#bytes = Buffer.from(this.units.buffer);
    }
    const { units } = this;
    // A native call costs as much as fifty units.
    if (length < 48) for (let i = 0; i < length; i++) units[i] = lower.charCodeAt(i);
    else this.#bytes.write(lower, 0, 2 * length, 'utf16le');
    for (let i = length; i < length + PAD; i++) units[i] = 0;
    this.length = length;
    return this;
  }

  /** The units [start, end) as a string. */
  slice(start: number, end: number): string {
    return this.#bytes.toString('utf16le', 2 * start, 2 * end);
  }
}

/** An ASCII text's units. */
export const unitsOf = (text: string): Units => Uint16Array.from(text, (character) => character.charCodeAt(0));
