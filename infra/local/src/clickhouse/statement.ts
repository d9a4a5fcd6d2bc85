// Reads of a statement what the server must know: is it an insert with data, in which format, and is it alone.
import { isKeyword, sqlString, sqlTokens, type SqlToken } from './sql-tokens.js';

/** What a statement is to the server. */
export type Statement =
  | {
      /** `INSERT … FORMAT x`, whose rows come as bytes behind it. */
      readonly kind: 'insert-data';
      readonly format: string;
      /** The statement before FORMAT. */
      readonly head: string;
      /** Where `input('structure')` stands in head, if it does. */
      readonly input:
        { readonly start: number; readonly end: number; readonly structure: string | undefined } | undefined;
      /** Where the rows begin in the text. */
      readonly dataStart: number;
    }
  | {
      readonly kind: 'plain';
      /** The first keyword in capitals; an opening bracket counts for SELECT. Empty for an empty text. */
      readonly verb: string;
      /** Of a FORMAT clause at its end. */
      readonly format: string | undefined;
      readonly intoOutfile: boolean;
      /** More than one statement stands in the text. */
      readonly many: boolean;
    };

/** Reads a statement. Never throws: what the engine cannot parse, the engine refuses. */
export function readStatement(sql: string): Statement {
  const tokens = sqlTokens(sql);
  const first = tokens.next();
  if (first.done === true) return { kind: 'plain', verb: '', format: undefined, intoOutfile: false, many: false };
  const verb =
    first.value.text === '('
      ? 'SELECT'
      : first.value.kind === 'word'
        ? first.value.text.toUpperCase()
        : first.value.text;
  const seen: SqlToken[] = [first.value];
  let format: string | undefined;
  let intoOutfile = false;
  let ended = false;
  for (const token of tokens) {
    if (ended && token.text !== ';') return { kind: 'plain', verb, format, intoOutfile, many: true };
    const keyword = seen.at(-1);
    if (token.depth === 0) {
      if (token.text === ';') ended = true;
      else if (keyword && token.kind === 'word' && isFormatClause(seen.at(-2), keyword)) {
        if (verb === 'INSERT' && takesData(seen)) {
          if (!isKeyword(token, 'VALUES')) return insertData(sql, seen, keyword, token);
        } else format = token.text;
      } else if (isKeyword(keyword, 'INTO') && isKeyword(token, 'OUTFILE')) intoOutfile = true;
      // Rows of VALUES can hold anything, also what looks like a keyword; the engine reads them as text.
      if (verb === 'INSERT' && isKeyword(token, 'VALUES') && isFree(keyword)) break;
    }
    seen.push(token);
  }
  return { kind: 'plain', verb, format, intoOutfile, many: false };
}

/**
 * The same insert, reading its rows from a file instead of from the request.
 *
 * The engine takes the file's structure from the target's columns, as it does for rows in a request, DEFAULTs included.
 */
export function insertFromFile(statement: Extract<Statement, { kind: 'insert-data' }>, path: string): string {
  const { head, input, format } = statement;
  const source = (structure?: string): string =>
    `file(${[path, format].map(sqlString).join(', ')}${structure === undefined ? '' : `, ${structure}`})`;
  if (!input) return `${head} SELECT * FROM ${source()}`;
  return `${head.slice(0, input.start)}${source(input.structure)}${head.slice(input.end)}`;
}

/** Words after which `format` or `values` is somebody's name, not a keyword. */
const namesFollow = new Set(
  'INTO TABLE FUNCTION FROM JOIN SELECT DISTINCT BY WHERE PREWHERE HAVING AND OR NOT AS WHEN THEN ELSE ON USING CASE'.split(
    ' ',
  ),
);

function isFree(before: SqlToken | undefined): boolean {
  if (!before) return false;
  if (before.kind === 'symbol') return [')', ']', '}', '*'].includes(before.text);
  return before.kind !== 'word' || !namesFollow.has(before.text.toUpperCase());
}

function isFormatClause(before: SqlToken | undefined, keyword: SqlToken): boolean {
  return isKeyword(keyword, 'FORMAT') && isFree(before);
}

/** An insert that selects from tables takes no rows from the request; one that selects from input() does. */
function takesData(seen: readonly SqlToken[]): boolean {
  const selects = seen.some((token) => token.depth === 0 && (isKeyword(token, 'SELECT') || isKeyword(token, 'WITH')));
  return !selects || seen.some((_, i) => isInput(seen, i));
}

function isInput(seen: readonly SqlToken[], i: number): boolean {
  return isKeyword(seen[i], 'INPUT') && seen[i + 1]?.text === '(' && isKeyword(seen[i - 1], 'FROM');
}

function insertData(sql: string, seen: readonly SqlToken[], format: SqlToken, name: SqlToken): Statement {
  return {
    kind: 'insert-data',
    format: name.text,
    head: sql.slice(0, format.start),
    input: findInput(sql, seen),
    dataStart: dataStart(sql, name.end),
  };
}

/** Between the format's name and its rows: blanks, at most one line end, and a semicolon that a client may add to the statement. */
function dataStart(sql: string, at: number): number {
  let i = at;
  while (sql[i] === ' ' || sql[i] === '\t' || sql[i] === '\r') i += 1;
  if (sql[i] === ';') i += 1;
  while (sql[i] === ' ' || sql[i] === '\t' || sql[i] === '\r') i += 1;
  return sql[i] === '\n' ? i + 1 : i;
}

function findInput(sql: string, seen: readonly SqlToken[]): Extract<Statement, { kind: 'insert-data' }>['input'] {
  for (const [i, token] of seen.entries()) {
    const open = seen[i + 1];
    if (!open || !isInput(seen, i)) continue;
    const close = seen.find((other) => other.start > open.start && other.depth === open.depth && other.text === ')');
    if (!close) continue;
    const structure = sql.slice(open.end, close.start).trim();
    return { start: token.start, end: close.end, structure: structure === '' ? undefined : structure };
  }
  return undefined;
}
