// Splits ClickHouse SQL into tokens, just far enough to find keywords, brackets and ends of statements.

/** A piece of a statement; blanks and comments are left out. `depth` counts the open brackets around it. */
export interface SqlToken {
  readonly kind: 'word' | 'number' | 'string' | 'quoted' | 'symbol';
  /** As written, quotes included. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

const word = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*/y;
const number = /\d[A-Za-z0-9_.]*/y;
const heredoc = /\$[A-Za-z0-9_]*\$/y;
const blank = /[\s\0\ufeff]+/y;

/**
 * The tokens of a statement, lazily: data that follows an INSERT's format is never looked at by a caller that stops there.
 *
 * An unclosed string, comment or heredoc reaches to the end, as the engine's own lexer sees it before it refuses.
 */
export function* sqlTokens(sql: string): Generator<SqlToken> {
  let depth = 0;
  let at = 0;
  while (at < sql.length) {
    const skipped = afterBlank(sql, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const [kind, end] = tokenAt(sql, at);
    const text = sql.slice(at, end);
    if (text === ')' || text === ']' || text === '}') depth -= 1;
    yield { kind, text, start: at, end, depth };
    if (text === '(' || text === '[' || text === '{') depth += 1;
    at = end;
  }
}

/** True if the token is this keyword; keywords are written in capitals here. */
export function isKeyword(token: SqlToken | undefined, keyword: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === keyword;
}

/** A SQL string literal for any text. */
export function sqlString(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}

function tokenAt(sql: string, at: number): [SqlToken['kind'], number] {
  const first = sql.charAt(at);
  if (first === "'") return ['string', afterQuoted(sql, at, first)];
  if (first === '"' || first === '`') return ['quoted', afterQuoted(sql, at, first)];
  const tag = match(heredoc, sql, at);
  if (tag > at) {
    const close = sql.indexOf(sql.slice(at, tag), tag);
    return ['string', close < 0 ? sql.length : close + tag - at];
  }
  const wordEnd = match(word, sql, at);
  if (wordEnd > at) return ['word', wordEnd];
  const numberEnd = match(number, sql, at);
  if (numberEnd > at) return ['number', numberEnd];
  return ['symbol', at + 1];
}

/** A quote inside is escaped by a backslash or written twice. */
function afterQuoted(sql: string, at: number, quote: string): number {
  for (let i = at + 1; i < sql.length; i += 1) {
    const character = sql[i];
    if (character === '\\') i += 1;
    else if (character === quote) {
      if (sql[i + 1] !== quote) return i + 1;
      i += 1;
    }
  }
  return sql.length;
}

/** Past blanks and comments: `-- `, `# ` and `#!` to the line's end, and nested block comments. */
function afterBlank(sql: string, at: number): number {
  const afterSpace = match(blank, sql, at);
  if (afterSpace > at) return afterSpace;
  if (sql.startsWith('--', at) || sql.startsWith('# ', at) || sql.startsWith('#!', at)) {
    const line = sql.indexOf('\n', at);
    return line < 0 ? sql.length : line + 1;
  }
  if (!sql.startsWith('/*', at)) return at;
  let open = 1;
  let i = at + 2;
  for (; i < sql.length && open > 0; i += 1) {
    if (sql.startsWith('*/', i)) {
      open -= 1;
      i += 1;
    } else if (sql.startsWith('/*', i)) {
      open += 1;
      i += 1;
    }
  }
  return i;
}

function match(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : at;
}
