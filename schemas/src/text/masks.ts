// Finds what changes from one try to the next without meaning anything: stamps, UUIDs, folders under tmp. Text is lower-cased.

import { unitsOf, type Units } from './units.js';

/** Bounds how far a look ahead goes, and with it the time: the tokeniser stays linear. */
const SEGMENT_CHARS = 128;

const TMP = unitsOf('tmp');
const TEMP = unitsOf('temp');
const VAR_FOLDERS = unitsOf('/var/folders');

/** The end of a date-time (`2024-05-01t10:00[:00[.0]][z|+02:00]`) or time of day (`9:30[:00[.0]]`) that starts at `i`, or -1. */
export function stampEnd(text: Units, i: number): number {
  if (text[i + 4] === 45) {
    if (!digits(text, i, 4) || !digits(text, i + 5, 2) || text[i + 7] !== 45 || !digits(text, i + 8, 2)) return -1;
    const joint = text[i + 10];
    if (joint !== 116 && joint !== 32) return -1;
    const end = clockEnd(text, i + 11, 2);
    return end < 0 ? -1 : zoneEnd(text, end);
  }
  const hourDigits = text[i + 1] === 58 ? 1 : 2;
  const end = clockEnd(text, i, hourDigits);
  return end < 0 || isAlphanumeric(text[end]) ? -1 : end;
}

/** Few words get past this: it is to be asked before a call. */
export const mayBeUuid = (text: Units, i: number): boolean => text[i + 8] === 45;

/** The end of a UUID that starts at `i`, or -1. */
export function uuidEnd(text: Units, i: number): number {
  if (text[i + 8] !== 45 || text[i + 13] !== 45 || text[i + 18] !== 45 || text[i + 23] !== 45) return -1;
  for (let k = 0; k < 36; k++) {
    if (k === 8 || k === 13 || k === 18 || k === 23) continue;
    const unit = text[i + k] ?? 0;
    if (!isDigit(unit) && !(unit >= 97 && unit <= 102)) return -1;
  }
  return isAlphanumeric(text[i + 36]) ? -1 : i + 36;
}

/** The same for a word that ends at `end`. */
export const mayBeFolder = (text: Units, end: number): boolean => isSlash(text[end]);

/**
 * Where the word [start, end) of a text that ends at `length` is a folder of temporary files (`/tmp/`, `\temp\`, `/var/folders/`): the end of
 * the made-up segments that follow, or -1. A plain file name without digits (`/tmp/report`) is meant and stays.
 */
export function tempSegmentEnd(text: Units, start: number, end: number, length: number): number {
  if (start === 0 || !mayBeFolder(text, end) || !isSlash(text[start - 1])) return -1;
  const chars = end - start;
  if ((chars === 3 && says(text, start, TMP)) || (chars === 4 && says(text, start, TEMP)))
    return segmentEnd(text, end + 1, length);
  if (chars === 7 && start >= 5 && says(text, start - 5, VAR_FOLDERS)) {
    const first = segmentEnd(text, end + 1, length);
    return first < 0 || !isSlash(text[first]) ? first : Math.max(first, segmentEnd(text, first + 1, length));
  }
  return -1;
}

function segmentEnd(text: Units, from: number, length: number): number {
  let digit = false;
  const limit = Math.min(length, from + SEGMENT_CHARS);
  for (let i = from; i < limit; i++) {
    const unit = text[i] ?? 0;
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

function clockEnd(text: Units, i: number, hourDigits: number): number {
  if (text[i + hourDigits] !== 58 || !digits(text, i, hourDigits) || !digits(text, i + hourDigits + 1, 2)) return -1;
  let end = i + hourDigits + 3;
  if (text[end] !== 58 || !digits(text, end + 1, 2)) return end;
  end += 3;
  if (text[end] !== 46 || !isDigit(text[end + 1])) return end;
  end += 2;
  while (isDigit(text[end])) end++;
  return end;
}

function zoneEnd(text: Units, i: number): number {
  const unit = text[i];
  if (unit === 122) return i + 1;
  if ((unit !== 43 && unit !== 45) || !digits(text, i + 1, 2)) return i;
  const minutes = text[i + 3] === 58 ? i + 4 : i + 3;
  return digits(text, minutes, 2) ? minutes + 2 : i;
}

function digits(text: Units, i: number, count: number): boolean {
  for (let k = 0; k < count; k++) if (!isDigit(text[i + k])) return false;
  return true;
}

function says(text: Units, at: number, word: Units): boolean {
  for (let i = 0; i < word.length; i++) if (text[at + i] !== word[i]) return false;
  return true;
}

const isDigit = (unit = 0): boolean => unit >= 48 && unit <= 57;
const isSlash = (unit = 0): boolean => unit === 47 || unit === 92;
const isAlphanumeric = (unit = 0): boolean => isDigit(unit) || (unit >= 97 && unit <= 122);
