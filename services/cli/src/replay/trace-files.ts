// Finds trace files and reads their lines, gzip or plain.

import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { WatchkeeperError } from '@watchkeeper/schemas';
import { noTraces, traceMalformed, traceUnreadable } from './errors.js';
import { type TraceLine, parseTraceLine } from './trace-line.js';

/** A file of traces; its set is the tenant. */
export interface TraceFile {
  readonly set: string;
  readonly path: string;
}

const EVENT_FILES = ['events.jsonl', 'events.jsonl.gz'];

/** The trace files at a path: the file itself, those of a folder, or those of its folders, by name. Throws WK_NO_TRACES. */
export function findTraces(path: string): TraceFile[] {
  if (!existsSync(path)) throw noTraces(path);
  const found = statSync(path).isDirectory() ? inFolder(path, 2) : [{ set: setOf(path), path }];
  if (found.length === 0) throw noTraces(path);
  return found;
}

function inFolder(folder: string, depth: number): TraceFile[] {
  const own = EVENT_FILES.map((name) => join(folder, name)).filter((path) => existsSync(path));
  if (own[0] !== undefined) return [{ set: setOf(own[0]), path: own[0] }];
  if (depth === 0) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => inFolder(join(folder, name), depth - 1));
}

/** The folder's name for events.jsonl, else the file's own. */
function setOf(path: string): string {
  const name = basename(path);
  return EVENT_FILES.includes(name)
    ? basename(dirname(resolve(path)))
    : name.replace(/\.gz$/, '').replace(/\.[^.]*$/, '');
}

/** The file's lines in order. Throws WK_TRACE_MALFORMED with file and line, WK_TRACE_UNREADABLE. */
export async function* readTrace(file: TraceFile): AsyncGenerator<TraceLine, void, void> {
  const source = createReadStream(file.path);
  const gunzip = file.path.endsWith('.gz') ? createGunzip() : undefined;
  // pipe() does not carry errors on.
  if (gunzip !== undefined) source.on('error', (error) => gunzip.destroy(error));
  const text = gunzip === undefined ? source : source.pipe(gunzip);
  const lines = createInterface({ input: text, crlfDelay: Infinity });
  // readline ends quietly where its source breaks off: the reason is kept and told after the last line.
  let failure: Error | undefined;
  text.on('error', (error: Error) => {
    failure = error;
    lines.close();
  });
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      if (line.trim() === '') continue;
      const parsed = parseTraceLine(line);
      if (parsed.kind === 'bad') throw traceMalformed(file.path, number, parsed.why);
      yield parsed.line;
    }
    throwIf(failure, file.path);
  } catch (error) {
    // Some versions of Node hand the source's error to whoever reads the lines.
    throw error instanceof WatchkeeperError ? error : traceUnreadable(file.path, error);
  } finally {
    source.destroy();
  }
}

function throwIf(failure: Error | undefined, path: string): void {
  if (failure !== undefined) throw traceUnreadable(path, failure);
}
