// Reads what is on offer out of a text: named options and their figures, from JSON, tables and lines of "name: label: number".

import { ownCopy } from '@watchkeeper/schemas';
import { isUpper, unitAt } from '../text/characters.js';
import { digitIn, isAsciiWord, isDigit, isLetter, isSpace, numberIn, numberOf, standsAlone } from '../text/figures.js';
import { lowerHash } from '../text/hashing.js';
import { indexOf } from '../text/literal.js';
import { MAX_SCANNED_UNITS, loadUnits, units } from '../text/units.js';

/** A label and its number. */
type Figure = readonly [string, number];

/** An option: the hashes of its names (name, id, title), and its figures, each label once. */
export interface Offer {
  readonly names: readonly number[];
  readonly figures: readonly Figure[];
}

export const MAX_OFFERS = 32;
export const MAX_NAMES = 3;
const MAX_FIGURES = 6;
const MAX_NAME_UNITS = 60;
const MAX_LINE_UNITS = 400;
const MAX_LINES = 200;
const MAX_DEPTH = 5;
const MAX_LABEL_UNITS = 32;

/** Beyond these units from the first line's end nothing is looked for by {@link mayOffer}. */
const LOOK_AHEAD = 2000;
const FILLERS = new Set('the and for with from over about than per are was has its expected average'.split(' '));

/**
 * The options that a text lists, at most {@link MAX_OFFERS}; empty where it lists fewer than two lines or objects. Numbers may carry
 * signs, currency marks and thousands' commas. Never throws.
 */
export function offersOf(text: string): Offer[] {
  let head = text.trimStart();
  if (head.startsWith('"')) head = unquoted(head);
  if (head.startsWith('{') || head.startsWith('[')) {
    const parsed = parsedOf(head);
    if (parsed === undefined) return [];
    const offers: Offer[] = [];
    collect(parsed, '', 0, offers);
    return offers;
  }
  return head.includes('\n') ? offersOfLines(head) : [];
}

/** A cheap look whether {@link offersOf} could find several options: several lines or objects, and a digit behind the first. */
export function mayOffer(text: string): boolean {
  if (text.length < 24) return false;
  let first = text.indexOf('\n');
  const escaped = text.indexOf('\\n');
  if (escaped >= 0 && (first < 0 || escaped < first)) first = escaped;
  const object = objectEnd(text, first < 0 ? text.length : first);
  if (object >= 0) first = object;
  return first >= 0 && digitIn(text, first + 1, Math.min(text.length, first + LOOK_AHEAD)) >= 0;
}

/** Where an object ends that another follows (a brace and, behind spaces, a comma), before `end`; or -1. */
function objectEnd(text: string, end: number): number {
  for (let at = text.indexOf('}'); at >= 0 && at < end; at = text.indexOf('}', at + 1)) {
    let next = at + 1;
    while (next < text.length && isSpace(text.charCodeAt(next))) next++;
    if (unitAt(text, next) === COMMA) return at;
  }
  return -1;
}

/** A name as options and choices share it: without case, marks or spaces around it. */
export function nameHash(name: string): number {
  const bare = name.trim();
  return lowerHash(bare, 0, bare.length);
}

function unquoted(text: string): string {
  const parsed = parsedOf(text.trimEnd());
  return typeof parsed === 'string' ? parsed.trimStart() : text.replace(/\\n/gu, '\n');
}

function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function collect(value: unknown, key: string, depth: number, offers: Offer[]): void {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH || offers.length >= MAX_OFFERS) return;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, MAX_OFFERS)) collect(item, '', depth + 1, offers);
    return;
  }
  const names: string[] = key === '' ? [] : [key];
  const figures: Figure[] = [];
  const entries = Object.entries(value as Record<string, unknown>);
  for (const [field, inner] of entries) {
    if (typeof inner === 'number') put(figures, rememberedLabelOf(field), inner);
    else if (typeof inner === 'string') {
      const number = numberOf(inner);
      if (number !== undefined) put(figures, rememberedLabelOf(field), number);
      else if (inner.length <= MAX_NAME_UNITS) names.push(inner);
    } else collect(inner, field, depth + 1, offers);
  }
  // {"emissions": {"A": 3, "B": 4}}: the options are the keys, and the label stands above them.
  if (names.length === (key === '' ? 0 : 1) && key !== '' && figures.length >= 3 && figures.length === entries.length)
    for (const [name, inner] of Object.entries(value as Record<string, unknown>))
      push(offers, [name], [[rememberedLabelOf(key), Number(inner)]]);
  push(offers, names, figures);
}

function push(offers: Offer[], names: readonly string[], figures: readonly Figure[]): void {
  if (names.length === 0 || figures.length === 0 || offers.length >= MAX_OFFERS) return;
  offers.push({ names: names.slice(0, MAX_NAMES).map(nameHash), figures });
}

function put(figures: Figure[], label: string, value: number): void {
  if (label === '' || !Number.isFinite(value) || figures.length >= MAX_FIGURES) return;
  for (const [held] of figures) if (held === label) return;
  figures.push([label, value]);
}

const MAX_REMEMBERED = 1024;
// A memo of a pure function: the fields of a listing repeat from option to option.
const remembered = new Map<string, string>();

function rememberedLabelOf(key: string): string {
  const known = remembered.get(key);
  if (known !== undefined) return known;
  // Labels outlive their text, here and in state.
  const own = ownCopy(key);
  const label = labelOf(own);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  if (key.length <= MAX_NAME_UNITS) remembered.set(own, label);
  return label;
}

/** The last two words of letters: "deliveryTime" and "the delivery time" are "delivery time". */
function labelOf(text: string): string {
  let last = '';
  for (let end = text.length; end > 0;) {
    if (!isLetter(text.charCodeAt(end - 1))) {
      end--;
      continue;
    }
    let start = end - 1;
    while (start > 0 && isLetter(text.charCodeAt(start - 1)) && !beginsWord(text, start)) start--;
    const word = end - start < 3 ? '' : text.slice(start, end).toLowerCase();
    if (word !== '' && !FILLERS.has(word)) {
      if (last !== '') return `${word} ${last}`.slice(0, MAX_LABEL_UNITS);
      last = word;
    }
    end = start;
  }
  return last.slice(0, MAX_LABEL_UNITS);
}

/** In camel case: an upper-case letter behind a lower-case one. */
function beginsWord(text: string, at: number): boolean {
  return isUpper(text.charCodeAt(at)) && !isUpper(text.charCodeAt(at - 1));
}

// The lines of the text at hand: where each begins, what stands in it, and how many they are; none outlives the text.
const lineStarts = new Uint16Array(MAX_LINES + 1);
const lineSigns = new Uint8Array(MAX_LINES);
let lines = 0;

/** The lines of a text, each looked at unit by unit first: most are prose without a figure, or no row. Fewer than two that could be options list none. */
function offersOfLines(text: string): Offer[] {
  loadUnits(text);
  const length = Math.min(text.length, MAX_SCANNED_UNITS);
  if (readLines(length) < 2) return [];
  const offers: Offer[] = [];
  let columns: string[] = [];
  for (let line = 0; line < lines && offers.length < MAX_OFFERS; line++) {
    const signs = lineSigns[line] ?? 0;
    const start = lineStarts[line] ?? 0;
    const end = Math.min(length, (lineStarts[line + 1] ?? 0) - 1);
    if ((signs & DIGIT) === 0) {
      if ((signs & ROW) === 0) continue;
      const heads = text.slice(start, end);
      if (/\p{L}/u.test(heads)) columns = cellsOf(heads);
    } else if ((signs & ROW) !== 0) offerOfRow(cellsOf(text.slice(start, end)), columns, offers);
    else if ((signs & FIGURE) !== 0) offerOfLine(text, start, end, (signs & BOLD) !== 0, offers);
  }
  return offers;
}

/** Cuts the loaded units into lines; returns how many could be options. */
function readLines(length: number): number {
  lines = 0;
  let options = 0;
  let start = 0;
  while (lines < MAX_LINES && start <= length) {
    const end = indexOf(units, 10, start, length);
    const signs = end - start <= MAX_LINE_UNITS ? signsOf(start, end) : 0;
    if ((signs & FIGURE) !== 0 || (signs & (DIGIT | ROW)) === (DIGIT | ROW)) options++;
    lineStarts[lines] = start;
    lineSigns[lines++] = signs;
    start = end + 1;
  }
  lineStarts[lines] = start;
  return options;
}

const DIGIT = 1;
const ROW = 2;
/** Behind a colon, comma, semicolon or dash a number begins. */
const FIGURE = 4;
/** Two stars. */
const BOLD = 8;
const COMMA = 44;

/** What a unit is to {@link signsOf}; most are 0. */
const NUMERAL = 1;
const CELL_MARK = 2;
const CLAUSE_MARK = 3;
const STAR = 4;
const SIGN = new Uint8Array(0x10000);
for (let unit = 48; unit <= 57; unit++) SIGN[unit] = NUMERAL;
for (const unit of [9, 124]) SIGN[unit] = CELL_MARK;
for (const unit of [COMMA, 58, 59, 0x2013, 0x2014]) SIGN[unit] = CLAUSE_MARK;
SIGN[42] = STAR;

/** What stands in a line. */
function signsOf(start: number, end: number): number {
  let signs = 0;
  let inClause = false;
  for (let at = start; at < end; at++) {
    const sign = SIGN[units[at] ?? 0] ?? 0;
    if (sign === 0) continue;
    const before = at > start ? (units[at - 1] ?? 0) : 0;
    if (sign === NUMERAL) {
      signs |= DIGIT;
      if (inClause && !isAsciiWord(before) && standsAlone(units, at, end)) signs |= FIGURE;
    } else if (sign === CLAUSE_MARK) inClause = true;
    else if (sign === CELL_MARK) signs |= ROW;
    else if (before === 42) signs |= BOLD;
  }
  return signs;
}

function cellsOf(line: string): string[] {
  const cells = line.split(line.includes('|') ? '|' : '\t').map((cell) => cell.trim());
  if (cells[0] === '') cells.shift();
  return cells;
}

function offerOfRow(cells: readonly string[], columns: readonly string[], offers: Offer[]): void {
  const names: string[] = [];
  const figures: Figure[] = [];
  cells.forEach((cell, at) => {
    const number = numberOf(cell);
    if (number !== undefined) put(figures, rememberedLabelOf(columns[at] ?? ''), number);
    else if (cell !== '' && cell.length <= MAX_NAME_UNITS) names.push(cell);
  });
  push(offers, names, figures);
}

/** Space > * • # - */
function isMark(unit: number): boolean {
  return unit === 62 || unit === 42 || unit === 0x2022 || unit === 35 || unit === 45 || isSpace(unit);
}

// The clauses of the line at hand, each by where it begins and ends, and how many they are; none outlives the line.
const starts = new Uint16Array(MAX_LINE_UNITS + 1);
const ends = new Uint16Array(MAX_LINE_UNITS + 1);
let clauses = 0;

/** Cuts `line.slice(from, to)` at commas (not those between thousands), semicolons and dashes. */
function cutClauses(line: Uint16Array, from: number, to: number): void {
  clauses = 0;
  let start = from;
  for (let at = from; at < to; at++) {
    const unit = line[at] ?? 0;
    let next = at + 1;
    let cut = at;
    if (unit === COMMA || unit === 59) {
      if (thousandsAt(line, next, to)) continue;
      while (next < to && isSpace(line[next] ?? 0)) next++;
    } else if (unit === 0x2013 || unit === 0x2014) {
      if (at === start || next >= to || !isSpace(line[at - 1] ?? 0) || !isSpace(line[next] ?? 0)) continue;
      cut = at - 1;
      next++;
    } else continue;
    starts[clauses] = start;
    ends[clauses++] = cut;
    start = next;
    at = next - 1;
  }
  starts[clauses] = start;
  ends[clauses++] = to;
}

/** Three digits and no fourth. */
function thousandsAt(line: Uint16Array, at: number, end: number): boolean {
  for (let i = 0; i < 3; i++) if (at + i >= end || !isDigit(line[at + i] ?? 0)) return false;
  return at + 3 >= end || !isDigit(line[at + 3] ?? 0);
}

/** "- A (a-1): price: 3 EUR, growth 4", "Name: A, forecast: A grows by 1.6", "A: emissions: -2,000 t". */
function offerOfLine(text: string, start: number, end: number, isBold: boolean, offers: Offer[]): void {
  let from = start;
  // Without the marks of a list's item or a heading, and without stars for bold.
  while (from < end && isMark(units[from] ?? 0)) from++;
  if (!isBold) offerOfClauses(text, units, from, end, offers);
  else {
    const bare = text.slice(from, end).replaceAll('**', '');
    for (let at = 0; at < bare.length; at++) plainLine[at] = bare.charCodeAt(at);
    offerOfClauses(bare, plainLine, 0, bare.length, offers);
  }
}

const plainLine = new Uint16Array(MAX_LINE_UNITS);

/** Where the first letter stands in `line.slice(from, to)`, or -1. */
function letterIn(line: Uint16Array, from: number, to: number): number {
  for (let at = from; at < to; at++) if (isLetter(line[at] ?? 0)) return at;
  return -1;
}

/** `line` holds the text's units. */
function offerOfClauses(text: string, line: Uint16Array, from: number, to: number, offers: Offer[]): void {
  cutClauses(line, from, to);
  const firstEnd = ends[0] ?? from;
  const colon = indexOf(line, 58, from, firstEnd);
  if (colon === firstEnd && clauses === 1) return;
  let usable: string[] | undefined;
  const figures: Figure[] = [];
  for (let i = 0; i < clauses; i++) {
    const begins = i > 0 ? (starts[i] ?? 0) : Math.min(firstEnd, colon + 1);
    // A figure without a label is none: a key and its value, as most texts have them.
    const label = letterIn(line, begins, ends[i] ?? 0);
    const number = label < 0 ? undefined : numberIn(line, begins, ends[i] ?? 0);
    if (number === undefined || number.index < label) continue;
    usable ??= namesIn(
      text.slice(from, firstEnd),
      colon === firstEnd || numberIn(line, from, firstEnd) !== undefined ? colon - from : -1,
    );
    put(figures, rememberedLabelOf(without(usable, text.slice(begins, number.index))), number.value);
  }
  if (usable) push(offers, usable, figures);
}

/** The text with a space where each of the names stands first. */
function without(names: readonly string[], text: string): string {
  let rest = text;
  for (const name of names) if (rest.includes(name)) rest = rest.replace(name, ' ');
  return rest;
}

/** The names in a line's first clause: up to its first colon (or its end) where a number follows in it, else (-1) behind its last colon. */
function namesIn(first: string, upTo: number): string[] {
  const named = upTo >= 0 ? first.slice(0, upTo) : first.slice(first.lastIndexOf(':') + 1);
  const inside = /[([]/u.test(named) ? /^(.*?)\s*[([]([^)\]]+)[)\]]/u.exec(named) : null;
  const names: string[] = [];
  for (const part of inside ? inside.slice(1) : [named]) {
    const name = part.trim();
    if (name !== '' && name.length <= MAX_NAME_UNITS && numberOf(name) === undefined) names.push(name);
  }
  return names;
}
