// The plain numbers of a text: what moves when work goes on, as against stamps and ids, which move by themselves.

import { DIGIT, WORD, classOf } from './characters.js';
import { mayBeUuid, stampEnd, uuidEnd } from './masks.js';
import { LowerText } from './units.js';

/** Longer runs of digits are ids (the tokeniser masks them, too). */
const MAX_DIGITS = 8;

const lower = new LowerText();

/**
 * The first `most` whole numbers among the first `maxChars` units, in order; digits inside a stamp, a UUID or a word are none, and
 * `1,234.50` is three. Time linear in the text.
 */
export function plainNumbers(original: string, most: number, maxChars: number): number[] {
  const { units: text, length } = lower.take(original, maxChars);
  const numbers: number[] = [];
  let i = 0;
  while (i < length && numbers.length < most) {
    const flags = classOf(text[i] ?? 0);
    if ((flags & WORD) === 0) {
      i++;
      continue;
    }
    const masked = Math.max(mayBeUuid(text, i) ? uuidEnd(text, i) : -1, (flags & DIGIT) === 0 ? -1 : stampEnd(text, i));
    if (masked > 0) {
      i = masked;
      continue;
    }
    let value = 0;
    let digits = 0;
    const start = i;
    for (; i < length; i++) {
      const unit = text[i] ?? 0;
      if ((classOf(unit) & WORD) === 0) break;
      if (unit >= 48 && unit <= 57 && digits === i - start && digits <= MAX_DIGITS) {
        value = value * 10 + unit - 48;
        digits++;
      }
    }
    if (digits === i - start && digits <= MAX_DIGITS) numbers.push(value);
  }
  return numbers;
}
