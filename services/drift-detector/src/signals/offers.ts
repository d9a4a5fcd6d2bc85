// Reads what is on offer out of a text: named options and their figures, from JSON, tables and lines of "name: label: number".

import { lowerHash, stemEnd } from '../text/hashing.js';

/** An option: the hashes of its names (name, id, title), and its figures by label. */
export interface Offer {
  readonly names: readonly number[];
  readonly figures: ReadonlyMap<string, number>;
}

export const MAX_OFFERS = 32;
export const MAX_NAMES = 3;
const MAX_FIGURES = 6;
const MAX_NAME_UNITS = 60;
const MAX_LINE_UNITS = 400;
const MAX_LINES = 200;
const MAX_DEPTH = 5;
const MAX_LABEL_UNITS = 32;

// A number that stands alone: no part of a word, an id, a date or a time.
const NUMBER = /(?<![\p{L}\d./_-]|\d[,:])[-+−]?[$€£¥]?\d[\d,]*(?:\.\d+)?(?![\p{L}\d:/_]|-\d)/u;
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

/** A cheap look whether {@link offersOf} could find several options: several lines or objects, and a digit. */
export function mayOffer(text: string): boolean {
  if (text.length < 24) return false;
  const first = text.search(/\\n|\n|\}\s*,/u);
  return first >= 0 && /(?:\\n|\n|\}\s*,)[^\n]*\d/u.test(text.slice(first, first + 2000));
}

/** A name as options and choices share it: without case, marks or spaces around it. */
export function nameHash(name: string): number {
  const bare = name.trim();
  return lowerHash(bare, 0, bare.length);
}

/** Hashes of the stems of a label's or a goal's words of three letters and more. */
export function stemsOf(text: string, most: number): number[] {
  const stems: number[] = [];
  for (const { 0: word, index } of text.matchAll(/\p{L}{3,}/gu)) {
    if (stems.length >= most) break;
    stems.push(lowerHash(text, index, stemEnd(text, index, index + word.length)));
  }
  return stems;
}

/** The number that a text is, without currency and commas; undefined where it is none. */
export function numberOf(text: string): number | undefined {
  const bare = text.trim().replace(/[$€£¥,%\s]/gu, '');
  if (bare === '' || !/^[-+−]?\d+(?:\.\d+)?$/u.test(bare)) return undefined;
  return Number(bare.replace('−', '-'));
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
  const figures = new Map<string, number>();
  const entries = Object.entries(value as Record<string, unknown>);
  for (const [field, inner] of entries) {
    if (typeof inner === 'number') put(figures, labelOf(field), inner);
    else if (typeof inner === 'string') {
      const number = numberOf(inner);
      if (number !== undefined) put(figures, labelOf(field), number);
      else if (inner.length <= MAX_NAME_UNITS) names.push(inner);
    } else collect(inner, field, depth + 1, offers);
  }
  // {"emissions": {"A": 3, "B": 4}}: the options are the keys, and the label stands above them.
  if (names.length === (key === '' ? 0 : 1) && key !== '' && figures.size >= 3 && figures.size === entries.length)
    for (const [name, inner] of Object.entries(value as Record<string, unknown>))
      push(offers, [name], new Map([[labelOf(key), Number(inner)]]));
  push(offers, names, figures);
}

function push(offers: Offer[], names: readonly string[], figures: Map<string, number>): void {
  if (names.length === 0 || figures.size === 0 || offers.length >= MAX_OFFERS) return;
  offers.push({ names: names.slice(0, MAX_NAMES).map(nameHash), figures });
}

function put(figures: Map<string, number>, label: string, value: number): void {
  if (label !== '' && Number.isFinite(value) && !figures.has(label) && figures.size < MAX_FIGURES)
    figures.set(label, value);
}

/** The last two words of letters: "deliveryTime" and "the delivery time" are "delivery time". */
function labelOf(text: string): string {
  const spaced = text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase();
  const words = (spaced.match(/\p{L}{3,}/gu) ?? []).filter((word) => !FILLERS.has(word));
  return words.slice(-2).join(' ').slice(0, MAX_LABEL_UNITS);
}

function offersOfLines(text: string): Offer[] {
  const offers: Offer[] = [];
  let columns: string[] = [];
  for (const line of text.split('\n', MAX_LINES)) {
    if (line.length > MAX_LINE_UNITS || offers.length >= MAX_OFFERS) continue;
    const isRow = line.includes('|') || line.includes('\t');
    if (!/\d/u.test(line)) {
      if (isRow && /\p{L}/u.test(line)) columns = cellsOf(line);
      continue;
    }
    if (isRow) offerOfRow(cellsOf(line), columns, offers);
    else offerOfLine(line, offers);
  }
  return offers;
}

function cellsOf(line: string): string[] {
  const cells = line.split(line.includes('|') ? '|' : '\t').map((cell) => cell.trim());
  if (cells[0] === '') cells.shift();
  return cells;
}

function offerOfRow(cells: readonly string[], columns: readonly string[], offers: Offer[]): void {
  const names: string[] = [];
  const figures = new Map<string, number>();
  cells.forEach((cell, at) => {
    const number = numberOf(cell);
    if (number !== undefined) put(figures, labelOf(columns[at] ?? ''), number);
    else if (cell !== '' && cell.length <= MAX_NAME_UNITS) names.push(cell);
  });
  push(offers, names, figures);
}

/** "- A (a-1): price: 3 EUR, growth 4", "Name: A, forecast: A grows by 1.6", "A: emissions: -2,000 t". */
function offerOfLine(line: string, offers: Offer[]): void {
  const clauses = line.replace(/^[\s>*•#-]+|\*\*/gu, '').split(/[,;](?!\d{3}(?!\d))\s*|\s[–—]\s/u);
  const [first = '', ...others] = clauses;
  const parts = first.split(':');
  const named = NUMBER.test(first) || parts.length === 1 ? (parts[0] ?? '') : (parts[parts.length - 1] ?? '');
  if (parts.length === 1 && others.length === 0) return;
  const inside = /^(.*?)\s*[([]([^)\]]+)[)\]]/u.exec(named);
  const names = (inside ? [inside[1] ?? '', inside[2] ?? ''] : [named]).map((name) => name.trim());
  const usable = names.filter((name) => name !== '' && name.length <= MAX_NAME_UNITS && numberOf(name) === undefined);
  const figures = new Map<string, number>();
  for (const clause of [parts.slice(1).join(':'), ...others]) {
    const found = NUMBER.exec(clause);
    const number = found ? numberOf(found[0]) : undefined;
    if (!found || number === undefined) continue;
    const before = usable.reduce((text, name) => text.replace(name, ' '), clause.slice(0, found.index));
    put(figures, labelOf(before), number);
  }
  push(offers, usable, figures);
}
