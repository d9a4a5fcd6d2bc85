// Sends a result: packed if asked, piece by piece, the summary in its header.
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import { contentType } from './formats.js';

/** What the engine counted of a request. */
export interface Counts {
  readonly resultRows?: number;
  readonly writtenRows?: number;
  readonly writtenBytes?: number;
}

/** A result on its way. */
export interface Outgoing {
  readonly format: string;
  readonly pieces: AsyncIterable<Uint8Array>;
  /** The Accept-Encoding header, if packing was asked for. */
  readonly packing: string | string[] | undefined;
  readonly counts: Counts;
  /** Of process.hrtime, when the request came. */
  readonly begun: bigint;
}

/** Sends plain text at once. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=UTF-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

/**
 * Sends a result.
 *
 * The first piece is fetched before the header leaves: an error until then has a status. The client's pace holds the engine back.
 */
export async function sendResult(response: ServerResponse, outgoing: Outgoing): Promise<void> {
  const iterator = outgoing.pieces[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    // Nobody waits any more: the query ends here, not with its last row.
    if (response.destroyed) return;
    // A second piece is looked for too, so that a short result has a length.
    const second = first.done === true ? first : await iterator.next();
    response.setHeader('X-ClickHouse-Format', outgoing.format);
    response.setHeader('Content-Type', contentType(outgoing.format));
    response.setHeader('X-ClickHouse-Summary', summaryHeader(outgoing));
    const packing = choosePacking(outgoing.packing);
    if (second.done === true && !packing) {
      const bytes = first.done === true ? new Uint8Array(0) : first.value;
      response.setHeader('Content-Length', bytes.length);
      response.end(bytes);
      return;
    }
    const source = Readable.from(allOf(first, second, iterator), { objectMode: false });
    if (packing) {
      response.setHeader('Content-Encoding', packing.name);
      await pipeline(source, packing.make(), response);
    } else await pipeline(source, response);
  } finally {
    // Whoever breaks off, the engine's stream ends before its connection does: else its memory is freed under it.
    await iterator.return?.();
  }
}

async function* allOf(
  first: IteratorResult<Uint8Array>,
  second: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (first.done !== true && first.value.length > 0) yield first.value;
  for (let piece = second; piece.done !== true; piece = await rest.next())
    if (piece.value.length > 0) yield piece.value;
}

const packings = [
  // Level 3 as ClickHouse's http_zlib_compression_level.
  { name: 'gzip', make: () => createGzip({ level: 3 }) },
  { name: 'deflate', make: () => createDeflate({ level: 3 }) },
  { name: 'br', make: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }) },
];

function choosePacking(accepted: string | string[] | undefined): (typeof packings)[number] | undefined {
  const names = String(accepted ?? '')
    .split(',')
    .map((part) => part.split(';')[0]?.trim().toLowerCase());
  return packings.find(({ name }) => names.includes(name));
}

/** Numbers as text, as ClickHouse writes them; what the engine does not count (rows read) is left out, not guessed. */
function summaryHeader({ counts, begun }: Outgoing): string {
  const { resultRows, writtenRows, writtenBytes } = counts;
  return JSON.stringify({
    ...(writtenRows !== undefined && { written_rows: String(writtenRows) }),
    ...(writtenBytes !== undefined && { written_bytes: String(writtenBytes) }),
    ...(resultRows !== undefined && { result_rows: String(resultRows) }),
    elapsed_ns: String(process.hrtime.bigint() - begun),
  });
}
