// The chDB engine behind the server: one data folder, a fresh connection for each request.
import { drainPending, Session } from 'chdb';

/** A result held in memory. */
export interface EngineResult {
  readonly bytes: Uint8Array;
  /** Of the result; the engine counts neither rows read nor rows written. */
  readonly rows: number;
}

/** A connection with a request's settings, used for one statement. */
export interface Connection {
  run(sql: string, format: string): Promise<EngineResult>;
  /** Pieces as the engine makes them; breaking off the loop cancels the query. */
  stream(sql: string, format: string): AsyncGenerator<Uint8Array>;
}

/** The engine; it holds the data folder's lock for as long as it is open. */
export interface Engine {
  readonly version: string;
  readonly timezone: string;
  /** Runs the work on a connection of its own, brought into state by the setup statements. */
  withConnection<T>(setup: readonly string[], work: (connection: Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens a data folder.
 *
 * A connection costs 0.25 ms, so each request has its own and none sees another's settings, parameters or database.
 *
 * @throws the engine's error, code 76, when another process has the folder open.
 */
export function openEngine(dataDir: string, configFile: string): Engine {
  const connect = (): Session => new Session(dataDir, { connectionArgs: [`--config-file=${configFile}`] });
  // The engine lives as long as one connection does.
  const keeper = connect();
  const [version = '', timezone = ''] = keeper.query('SELECT version(), timezone()', 'TSVRaw').trimEnd().split('\t');
  return {
    version,
    timezone,
    async withConnection(setup, work) {
      const session = connect();
      try {
        if (setup.length > 0) await session.queryAsync(setup.join(';\n'));
        return await work(connectionOf(session));
      } finally {
        session.close();
      }
    },
    async close() {
      await drainPending();
      keeper.close();
      await drainPending();
    },
  };
}

function connectionOf(session: Session): Connection {
  return {
    async run(sql, format) {
      const result = await session.queryAsync(sql, { format });
      return { bytes: result.bytes(), rows: result.rowsRead };
    },
    async *stream(sql, format) {
      for await (const chunk of session.queryStream(sql, { format })) yield chunk.raw();
    },
  };
}
