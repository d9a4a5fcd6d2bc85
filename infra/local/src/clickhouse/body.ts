// A request's body: unpacked, and split into the statement's text and the rows behind it.
import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { codes, QueryError } from './exceptions.js';
import { readStatement, type Statement } from './statement.js';

/** As ClickHouse's max_query_size: a statement with rows behind it ends within this much. */
const headBytes = 256 << 10;
/** Of a statement whose rows are text inside it (VALUES). */
const textBytes = 64 << 20;

/** A statement, and the rows that follow it. */
export interface Incoming {
  readonly sql: string;
  readonly statement: Statement;
  /** Bytes of the rows that came with the statement's text. */
  readonly first: Uint8Array;
  readonly rest: Readable;
}

/** The body as sent before it was packed. @throws QueryError for a packing that is not spoken here. */
export function unpacked(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const unpacker = {
    identity: undefined,
    '': undefined,
    gzip: createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  }[encoding];
  if (encoding === 'identity' || encoding === '') return request;
  if (!unpacker)
    throw new QueryError(codes.badArguments, `Unknown HTTP content encoding: ${encoding}. Use gzip, deflate or br.`);
  const stream = unpacker();
  request.on('error', (error) => stream.destroy(error));
  request.on('close', () => {
    if (!request.complete) stream.destroy(new Error('The client broke off.'));
  });
  return request.pipe(stream);
}

/**
 * Reads the statement: from the URL, and from the body as far as it reaches.
 *
 * @throws QueryError for a statement too long to be one.
 */
export async function readIncoming(urlQuery: string, body: Readable): Promise<Incoming> {
  const fromUrl = urlQuery === '' ? undefined : readStatement(urlQuery);
  if (fromUrl?.kind === 'insert-data')
    return { sql: urlQuery, statement: fromUrl, first: Buffer.from(urlQuery.slice(fromUrl.dataStart)), rest: body };
  const chunks: Buffer[] = urlQuery === '' ? [] : [Buffer.from(`${urlQuery}\n`)];
  let length = 0;
  let looked = false;
  const iterator = body.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) break;
    chunks.push(next.value);
    length += next.value.length;
    if (!looked && length >= headBytes) {
      looked = true;
      const insert = insertIn(Buffer.concat(chunks));
      if (insert) return { ...insert, rest: remaining(iterator) };
    }
    if (length > textBytes)
      throw new QueryError(
        codes.queryIsTooLarge,
        `The statement is longer than ${textBytes} bytes. (QUERY_IS_TOO_LARGE)`,
      );
  }
  const whole = Buffer.concat(chunks);
  const insert = insertIn(whole);
  if (insert) return { ...insert, rest: Readable.from([]) };
  const sql = whole.toString('utf8');
  return { sql, statement: readStatement(sql), first: new Uint8Array(0), rest: Readable.from([]) };
}

/** Looks for `INSERT … FORMAT x` byte by byte (latin1), since the rows need not be text. */
function insertIn(bytes: Buffer): Omit<Incoming, 'rest'> | undefined {
  const text = bytes.toString('latin1', 0, headBytes);
  const found = readStatement(text);
  if (found.kind !== 'insert-data') return undefined;
  const sql = bytes.subarray(0, found.dataStart).toString('utf8');
  const statement = readStatement(sql);
  return statement.kind === 'insert-data' ? { sql, statement, first: bytes.subarray(found.dataStart) } : undefined;
}

function remaining(iterator: AsyncIterableIterator<Buffer>): Readable {
  return Readable.from(iterator, { objectMode: false }).pipe(new PassThrough());
}
