// Finds what changes from one try to the next without meaning anything: stamps, UUIDs, folders under tmp. Text is lower-cased.

/** Bounds how far a look ahead goes, and with it the time: the tokeniser stays linear. */
const SEGMENT_CHARS = 128;

/** The end of a date-time (`2024-05-01t10:00[:00[.0]][z|+02:00]`) or time of day (`9:30[:00[.0]]`) that starts at `i`, or -1. */
export function stampEnd(text: string, i: number): number {
  if (text.charCodeAt(i + 4) === 45) {
    if (!digits(text, i, 4) || !digits(text, i + 5, 2) || text.charCodeAt(i + 7) !== 45 || !digits(text, i + 8, 2))
      return -1;
    const joint = text.charCodeAt(i + 10);
    if (joint !== 116 && joint !== 32) return -1;
    const end = clockEnd(text, i + 11, 2);
    return end < 0 ? -1 : zoneEnd(text, end);
  }
  const hourDigits = text.charCodeAt(i + 1) === 58 ? 1 : 2;
  const end = clockEnd(text, i, hourDigits);
  return end < 0 || isAlphanumeric(text.charCodeAt(end)) ? -1 : end;
}

/** The end of a UUID that starts at `i`, or -1. */
export function uuidEnd(text: string, i: number): number {
  if (
    text.charCodeAt(i + 8) !== 45 ||
    text.charCodeAt(i + 13) !== 45 ||
    text.charCodeAt(i + 18) !== 45 ||
    text.charCodeAt(i + 23) !== 45
  )
    return -1;
  for (let k = 0; k < 36; k++) {
    if (k === 8 || k === 13 || k === 18 || k === 23) continue;
    const unit = text.charCodeAt(i + k);
    if (!isDigit(unit) && !(unit >= 97 && unit <= 102)) return -1;
  }
  return isAlphanumeric(text.charCodeAt(i + 36)) ? -1 : i + 36;
}

/**
 * Where the word [start, end) is a folder of temporary files (`/tmp/`, `\temp\`, `/var/folders/`): the end of the made-up
 * segments that follow, or -1. A plain file name without digits (`/tmp/report`) is meant and stays.
 */
export function tempSegmentEnd(text: string, start: number, end: number): number {
  const length = end - start;
  if (!isSlash(text.charCodeAt(start - 1)) || !isSlash(text.charCodeAt(end))) return -1;
  if ((length === 3 && text.startsWith('tmp', start)) || (length === 4 && text.startsWith('temp', start)))
    return segmentEnd(text, end + 1);
  if (length === 7 && text.startsWith('/var/folders', start - 5)) {
    const first = segmentEnd(text, end + 1);
    return first < 0 || !isSlash(text.charCodeAt(first)) ? first : Math.max(first, segmentEnd(text, first + 1));
  }
  return -1;
}

function segmentEnd(text: string, from: number): number {
  let digit = false;
  const limit = Math.min(text.length, from + SEGMENT_CHARS);
  for (let i = from; i < limit; i++) {
    const unit = text.charCodeAt(i);
    if (isSlash(unit)) return i > from ? i : -1;
    if (isDigit(unit)) digit = true;
    else if (
      unit <= 32 ||
      unit === 34 ||
      unit === 39 ||
      unit === 44 ||
      unit === 59 ||
      unit === 41 ||
      unit === 93 ||
      unit === 96
    ) {
      return digit ? i : -1;
    }
  }
  return digit ? limit : -1;
}

function clockEnd(text: string, i: number, hourDigits: number): number {
  if (!digits(text, i, hourDigits) || text.charCodeAt(i + hourDigits) !== 58 || !digits(text, i + hourDigits + 1, 2))
    return -1;
  let end = i + hourDigits + 3;
  if (text.charCodeAt(end) !== 58 || !digits(text, end + 1, 2)) return end;
  end += 3;
  if (text.charCodeAt(end) !== 46 || !isDigit(text.charCodeAt(end + 1))) return end;
  end += 2;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}

function zoneEnd(text: string, i: number): number {
  const unit = text.charCodeAt(i);
  if (unit === 122) return i + 1;
  if ((unit !== 43 && unit !== 45) || !digits(text, i + 1, 2)) return i;
  const minutes = text.charCodeAt(i + 3) === 58 ? i + 4 : i + 3;
  return digits(text, minutes, 2) ? minutes + 2 : i;
}

function digits(text: string, i: number, count: number): boolean {
  for (let k = 0; k < count; k++) if (!isDigit(text.charCodeAt(i + k))) return false;
  return true;
}

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;
const isSlash = (unit: number): boolean => unit === 47 || unit === 92;
const isAlphanumeric = (unit: number): boolean => isDigit(unit) || (unit >= 97 && unit <= 122);
