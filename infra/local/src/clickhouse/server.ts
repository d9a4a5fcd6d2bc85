// ClickHouse's HTTP interface over the engine, as far as its client, curl and our inserts use it.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { checkStatement, grantedSettings, type Reader } from './access.js';
import { readIncoming, unpacked } from './body.js';
import type { Engine } from './engine.js';
import { codes, exceptionBody, QueryError, statusOf, toQueryError } from './exceptions.js';
import { isStreamable } from './formats.js';
import { isOn, readRequest, setupStatements, type QueryRequest } from './request.js';
import { sendResult, sendText, type Counts } from './response.js';
import type { Spool } from './spool.js';
import { insertFromFile } from './statement.js';

/** What the server serves. */
export interface ServerParts {
  readonly engine: Engine;
  readonly spool: Spool;
  readonly reader: Reader;
  /** Of X-ClickHouse-Server-Display-Name: tells this data folder's server from any other. */
  readonly displayName: string;
}

/** … and the ids of the queries that are at work. */
interface Serving extends ServerParts {
  readonly running: Set<string>;
}

/** As ClickHouse's http_max_uri_size, and the headers: an insert's statement stands in the URL, its structure too. */
const longestUrlBytes = (1 << 20) + (64 << 10);

/** The server, not yet listening. */
export function createClickHouseServer(parts: ServerParts): Server {
  const serving: Serving = { ...parts, running: new Set() };
  const server = createServer(
    { keepAliveTimeout: 30_000, requestTimeout: 0, maxHeaderSize: longestUrlBytes },
    (request, response) => {
      void handle(serving, request, response);
    },
  );
  // A peer that resets its connection is its own affair.
  server.on('clientError', (_, socket) => socket.destroy());
  return server;
}

async function handle(parts: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('X-ClickHouse-Server-Display-Name', parts.displayName);
  response.setHeader('X-ClickHouse-Timezone', parts.engine.timezone);
  response.on('error', () => undefined);
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/ping' || url.pathname === '/replicas_status') sendText(response, 200, 'Ok.\n');
    else if (url.pathname !== '/') sendText(response, 404, `There is no handle ${url.pathname}\n`);
    else await answer(parts, request, response, url);
  } catch (error) {
    fail(parts, request, response, toQueryError(error));
  }
}

async function answer(parts: Serving, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const asked = readRequest(url, request.headers);
  const queryId = asked.queryId ?? randomUUID();
  response.setHeader('X-ClickHouse-Query-Id', queryId);
  if (parts.running.has(queryId))
    throw new QueryError(
      codes.queryWithSameIdIsAlreadyRunning,
      `Query with id = ${queryId} is already running. (QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING)`,
    );
  parts.running.add(queryId);
  try {
    await execute(parts, asked, request, response, url);
  } finally {
    parts.running.delete(queryId);
  }
}

async function execute(
  parts: ServerParts,
  asked: QueryRequest,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const begun = process.hrtime.bigint();
  if (asked.sessionId !== undefined)
    throw new QueryError(codes.badArguments, 'Sessions (session_id) are not kept here: put the settings into the URL.');
  const settings = grantedSettings(asked, request.method ?? 'GET', parts.reader);
  if (asked.query === '' && request.method !== 'POST') {
    sendText(response, 200, 'Ok.\n');
    return;
  }
  const incoming = await readIncoming(asked.query, unpacked(request));
  const { statement } = incoming;
  checkStatement(statement, settings);
  const setup = setupStatements(asked, settings);
  const packing = isOn(settings.get('enable_http_compression')) ? request.headers['accept-encoding'] : undefined;
  const send = (format: string, pieces: AsyncIterable<Uint8Array>, counts: Counts = {}): Promise<void> =>
    sendResult(response, { format, pieces, packing, counts, begun });
  if (statement.kind === 'insert-data') {
    const counts = await parts.spool.withFile(incoming.first, incoming.rest, ({ path, bytes }) =>
      parts.engine.withConnection(setup, (connection) => {
        if (bytes === 0) throw new QueryError(codes.noDataToInsert, 'No data to insert. (NO_DATA_TO_INSERT)');
        return connection.insert(insertFromFile(statement, path));
      }),
    );
    return send(asked.defaultFormat, none(), counts);
  }
  const format = statement.format ?? asked.defaultFormat;
  return parts.engine.withConnection(setup, async (connection) => {
    if (statement.verb === 'INSERT') return send(format, none(), await connection.insert(incoming.sql));
    if (mayStream(statement.verb, format, url))
      return send(format, connection.stream(incoming.sql, asked.defaultFormat));
    const { bytes, rows } = await connection.run(incoming.sql, asked.defaultFormat);
    return send(format, once(bytes), { resultRows: rows });
  });
}

function mayStream(verb: string, format: string, url: URL): boolean {
  return (
    (verb === 'SELECT' || verb === 'WITH') && isStreamable(format) && !isOn(url.searchParams.get('wait_end_of_query'))
  );
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

const none = (): AsyncGenerator<Uint8Array> => once(new Uint8Array(0));

/** As ClickHouse does: code header, status, text. Where a part of the result has left, only the broken connection can tell. */
function fail(parts: ServerParts, request: IncomingMessage, response: ServerResponse, error: QueryError): void {
  if (response.destroyed || request.socket.destroyed) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.setHeader('X-ClickHouse-Exception-Code', String(error.clickhouseCode));
  const text = exceptionBody(error, parts.engine.version);
  if (request.complete) {
    sendText(response, statusOf(error.clickhouseCode), text);
    return;
  }
  // A client that still uploads hears of the error only after its last byte, and the connection lives on.
  request.once('end', () => sendText(response, statusOf(error.clickhouseCode), text));
  request.resume();
}
