// Reads a request of ClickHouse's HTTP interface: who asks, for what, with which settings and parameters.
import type { IncomingHttpHeaders } from 'node:http';
import { codes, QueryError } from './exceptions.js';
import { sqlString } from './sql-tokens.js';

/** One request, without its body. */
export interface QueryRequest {
  /** From the URL; the body is appended to it. */
  readonly query: string;
  readonly queryId: string | undefined;
  readonly user: string;
  readonly password: string;
  readonly database: string | undefined;
  readonly defaultFormat: string;
  /** What goes to the engine, by name. */
  readonly settings: ReadonlyMap<string, string>;
  /** `param_x` as x: text in ClickHouse's escaped form. */
  readonly params: ReadonlyMap<string, string>;
  readonly sessionId: string | undefined;
}

/** Names of the URL that speak to the server, not to the engine. */
const reserved = new Set(
  'query query_id database default_format user password quota_key stacktrace compress decompress buffer_size wait_end_of_query session_id session_timeout session_check role client_protocol_version http_method'.split(
    ' ',
  ),
);
const settingName = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/;
const paramName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * What a request asks for.
 *
 * @throws QueryError for a name that is no setting's, for the engine's native compression, and for credentials in two places that disagree.
 */
export function readRequest(url: URL, headers: IncomingHttpHeaders): QueryRequest {
  const settings = new Map<string, string>();
  const params = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    if (name === '' || reserved.has(name)) continue;
    if (name.startsWith('param_')) params.set(checked(paramName, name.slice(6)), value);
    else settings.set(checked(settingName, name), value);
  }
  for (const name of ['compress', 'decompress'])
    if (isOn(url.searchParams.get(name)))
      throw new QueryError(
        codes.badArguments,
        `The native compression of '${name}' is not spoken here: use Content-Encoding and Accept-Encoding.`,
      );
  return {
    query: url.searchParams.get('query') ?? '',
    queryId: url.searchParams.get('query_id') ?? one(headers['x-clickhouse-query-id']),
    ...credentials(url, headers),
    database: url.searchParams.get('database') ?? one(headers['x-clickhouse-database']),
    defaultFormat: url.searchParams.get('default_format') ?? one(headers['x-clickhouse-format']) ?? 'TabSeparated',
    settings,
    params,
    sessionId: url.searchParams.get('session_id') ?? undefined,
  };
}

/**
 * The statements that bring a fresh connection into the state a request asks for.
 *
 * Values are string literals and names are checked, so nothing of a URL is ever read as SQL.
 */
export function setupStatements(
  request: Pick<QueryRequest, 'database' | 'params'>,
  settings: ReadonlyMap<string, string>,
): string[] {
  const statements: string[] = [];
  if (request.database !== undefined && request.database !== '') statements.push(`USE ${quotedName(request.database)}`);
  const params = [...request.params].map(([name, value]) => `param_${name} = ${sqlString(value)}`);
  if (params.length > 0) statements.push(`SET ${params.join(', ')}`);
  // readonly locks all others, so it comes last.
  const others = [...settings]
    .filter(([name]) => name !== 'readonly')
    .map(([name, value]) => `${name} = ${sqlString(value)}`);
  if (others.length > 0) statements.push(`SET ${others.join(', ')}`);
  const readonly = settings.get('readonly');
  if (readonly !== undefined) statements.push(`SET readonly = ${sqlString(readonly)}`);
  return statements;
}

/** True for what ClickHouse reads as a switched-on flag. */
export function isOn(value: string | null | undefined): boolean {
  return value === '1' || value === 'true';
}

function quotedName(name: string): string {
  return `\`${name.replace(/[\\`]/g, (character) => `\\${character}`)}\``;
}

function checked(pattern: RegExp, name: string): string {
  if (pattern.test(name)) return name;
  throw new QueryError(
    codes.unknownSetting,
    `Setting ${JSON.stringify(name)} is neither a valid name nor known. (UNKNOWN_SETTING)`,
  );
}

function credentials(url: URL, headers: IncomingHttpHeaders): { user: string; password: string } {
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return colon < 0 ? { user: text, password: '' } : { user: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  return {
    user: one(headers['x-clickhouse-user']) ?? url.searchParams.get('user') ?? 'default',
    password: one(headers['x-clickhouse-key']) ?? url.searchParams.get('password') ?? '',
  };
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
