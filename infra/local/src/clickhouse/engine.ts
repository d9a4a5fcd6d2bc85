// The chDB engine behind the server: one data folder, a fresh connection for each request.
import { loadChdbNative, type ChdbNative, type NativeHandle } from './chdb-native.js';

/** A connection with a request's settings, used for one statement. */
export interface Connection {
  /** The result, held in memory, and its number of rows. */
  run(sql: string, format: string): Promise<{ bytes: Uint8Array; rows: number }>;
  /** Runs an insert that has no result; counts rows into views too, as ClickHouse does. */
  insert(sql: string): Promise<{ writtenRows: number; writtenBytes: number }>;
  /** Pieces as the engine makes them; breaking off the loop cancels the query. */
  stream(sql: string, format: string): AsyncGenerator<Uint8Array>;
}

/** The engine; it holds the data folder's lock for as long as it is open. */
export interface Engine {
  readonly version: string;
  readonly timezone: string;
  /** Runs the work on a connection of its own, brought into state by the setup statements. */
  withConnection<T>(setup: readonly string[], work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Call when no work is under way. */
  close(): void;
}

/**
 * Opens a data folder.
 *
 * A connection costs 0.25 ms, so each request has its own and none sees another's settings, parameters or database.
 *
 * @throws the engine's error, code 76, when another process has the folder open.
 */
export async function openEngine(dataDir: string, configFile: string): Promise<Engine> {
  const native = loadChdbNative();
  const connect = (): NativeHandle => native.CreateConnection(dataDir, [`--config-file=${configFile}`]);
  // The engine lives as long as one connection does.
  const keeper = connect();
  const about = await native.QueryAsyncConnection(keeper, 'SELECT version(), timezone()', 'TSVRaw');
  const [version = '', timezone = ''] = Buffer.from(about.bytes).toString().trimEnd().split('\t');
  let queries = 0;
  /** True if a query was found, and will end soon. */
  const kill = async (tag: string): Promise<boolean> => {
    const connection = connect();
    try {
      const sql = `KILL QUERY WHERE Settings['log_comment'] = '${tag}' ASYNC`;
      return (await native.QueryAsyncConnection(connection, sql, 'TSV')).bytes.length > 0;
    } finally {
      native.CloseConnection(connection);
    }
  };
  return {
    version,
    timezone,
    async withConnection(setup, work) {
      const connection = connect();
      // The comment is what finds the query again, to end it; `readonly` would forbid setting it later.
      const tag = `watchkeeper-${(queries += 1)}`;
      try {
        await native.QueryAsyncConnection(connection, [`SET log_comment = '${tag}'`, ...setup].join(';\n'), 'Null');
        return await work(connectionOf(native, connection, () => kill(tag)));
      } finally {
        native.CloseConnection(connection);
      }
    },
    close: () => native.CloseConnection(keeper),
  };
}

function connectionOf(native: ChdbNative, connection: NativeHandle, kill: () => Promise<boolean>): Connection {
  return {
    async run(sql, format) {
      const { bytes, rowsRead } = await native.QueryAsyncConnection(connection, sql, format);
      return { bytes, rows: rowsRead };
    },
    async insert(sql) {
      const { rowsWritten, bytesWritten } = await native.InsertRawAsyncConnection(
        connection,
        sql,
        Buffer.from('\n'),
        false,
      );
      return { writtenRows: rowsWritten, writtenBytes: bytesWritten };
    },
    async *stream(sql, format) {
      const stream = native.StreamQuery(connection, sql, format);
      const state = { over: false };
      const fetch = async (): Promise<Uint8Array | undefined> => {
        state.over = true; // also if it throws
        const piece = await native.StreamFetch(stream);
        state.over = piece.done;
        return piece.done ? undefined : piece.bytes;
      };
      try {
        for (let piece = await fetch(); piece; piece = await fetch()) yield piece;
      } finally {
        // Cancelling a running query blocks this thread until its pipeline has stopped (measured: 30 to 140 ms, for all clients):
        // so it is killed first, and what is left of it fetched, both on other threads.
        if (!state.over && (await kill())) await untilFailure(async () => (await fetch()) !== undefined);
        native.StreamCancel(stream);
      }
    },
  };
}

/** Repeats the step until it says no or throws; a killed query ends by throwing. */
async function untilFailure(step: () => Promise<boolean>): Promise<void> {
  try {
    while (await step());
  } catch {
    // Code 394, QUERY_WAS_CANCELLED: as wished.
  }
}
