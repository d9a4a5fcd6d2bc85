// Who may do what: the default user everything, the reader only to read, within limits that no query loosens.
import { timingSafeEqual } from 'node:crypto';
import { codes, QueryError } from './exceptions.js';
import type { Statement } from './statement.js';

/** The read-only user; its limits are upper bounds by setting name. */
export interface Reader {
  readonly name: string;
  /** Empty: none is asked for. */
  readonly password: string;
  readonly limits: ReadonlyMap<string, number>;
}

/** Under readonly the engine itself refuses every write; KILL, SET and USE it lets pass. */
const readVerbs = new Set([
  'SELECT',
  'WITH',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXPLAIN',
  'EXISTS',
  'FROM',
  'VALUES',
  'CHECK',
]);

/**
 * The settings that a request really gets.
 *
 * A reader's own limit counts only where it is tighter. `readonly = 1` lets no statement change a setting, so what is set here holds.
 *
 * @throws QueryError (516) for an unknown user or a wrong password.
 */
export function grantedSettings(
  request: { user: string; password: string; settings: ReadonlyMap<string, string> },
  method: string,
  reader: Reader,
): Map<string, string> {
  const settings = new Map(request.settings);
  if (request.user === reader.name) {
    if (!sameText(request.password, reader.password)) throw refused(request.user);
    for (const [name, limit] of reader.limits) settings.set(name, String(tighter(settings.get(name), limit)));
    // A result that breaks off without a word would look whole.
    for (const name of settings.keys()) if (name.endsWith('_overflow_mode')) settings.set(name, 'throw');
    settings.set('readonly', '1');
    return settings;
  }
  if (request.user !== 'default' && request.user !== '') throw refused(request.user);
  // As in ClickHouse: GET never changes data.
  if (method !== 'POST' && !isReadonly(settings)) settings.set('readonly', '2');
  return settings;
}

/** @throws QueryError for what may not run: statements joined, writing the server's files, and under readonly whatever does not read. */
export function checkStatement(statement: Statement, settings: ReadonlyMap<string, string>): void {
  if (statement.kind === 'insert-data') {
    if (isReadonly(settings)) throw new QueryError(codes.readonly, 'Cannot execute query in readonly mode. (READONLY)');
    return;
  }
  if (statement.many)
    throw new QueryError(codes.syntaxError, 'Syntax error (Multi-statements are not allowed). (SYNTAX_ERROR)');
  if (statement.verb === '') throw new QueryError(codes.syntaxError, 'Syntax error: Empty query. (SYNTAX_ERROR)');
  if (statement.intoOutfile)
    throw new QueryError(codes.intoOutfileNotAllowed, 'INTO OUTFILE is not allowed. (INTO_OUTFILE_NOT_ALLOWED)');
  if (isReadonly(settings) && !readVerbs.has(statement.verb))
    throw new QueryError(
      codes.readonly,
      `Cannot execute query in readonly mode: ${statement.verb} does not read. (READONLY)`,
    );
}

function isReadonly(settings: ReadonlyMap<string, string>): boolean {
  const value = settings.get('readonly');
  return value !== undefined && value !== '0';
}

/** 0 means "without limit" to the engine; what is no plain number is not tighter. */
function tighter(asked: string | undefined, limit: number): number {
  if (asked === undefined || !/^\d+(\.\d+)?$/.test(asked)) return limit;
  const value = Number(asked);
  return value > 0 && value < limit ? value : limit;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function refused(user: string): QueryError {
  return new QueryError(
    codes.authenticationFailed,
    `${user}: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)`,
  );
}
