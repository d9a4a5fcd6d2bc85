// chDB's native binding, beneath its Session class.
//
// Session.close() waits for every operation of the process, and for every close that waits already: with one slow query under way,
// thousands of closed sessions wait for one another (measured: 20 s of load froze the server for 45 s and took 1.6 GB).
// A connection of ours is closed when its own last operation has ended, which is all that the engine asks for.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A connection or a stream inside the engine. */
export type NativeHandle = object;

/** The functions of the addon that the engine uses; all promises settle when the engine is done, also with errors. */
export interface ChdbNative {
  CreateConnection(dataDir: string, args: readonly string[]): NativeHandle;
  CloseConnection(connection: NativeHandle): void;
  QueryAsyncConnection(
    connection: NativeHandle,
    sql: string,
    format: string,
  ): Promise<{ bytes: Uint8Array; rowsRead: number }>;
  /** Runs `sql` followed by `data`, and counts what is written, views included. */
  InsertRawAsyncConnection(
    connection: NativeHandle,
    sql: string,
    data: Buffer,
    countLines: boolean,
  ): Promise<{ rowsWritten: number; bytesWritten: number }>;
  StreamQuery(connection: NativeHandle, sql: string, format: string): NativeHandle;
  StreamFetch(stream: NativeHandle): Promise<{ done: boolean; bytes: Uint8Array }>;
  /** Frees the stream; never while a fetch runs. */
  StreamCancel(stream: NativeHandle): void;
}

/** Loads the addon for this platform. @throws chdb's own error where there is none. */
export function loadChdbNative(): ChdbNative {
  const require = createRequire(import.meta.url);
  const loader = join(dirname(require.resolve('chdb/package.json')), 'dist', 'loader.js');
  return (require(loader) as { loadNative(): ChdbNative }).loadNative();
}
