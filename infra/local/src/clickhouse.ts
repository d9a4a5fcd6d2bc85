// One ClickHouse on this machine: the chDB engine behind a server that speaks ClickHouse's HTTP interface.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDaemon, type Daemon, type Log } from './daemon.js';
import { serverName } from './clickhouse/server-name.js';
import { notBuilt } from './errors.js';

// The server runs from compiled code also where this file runs from source, in tests.
const entry = fileURLToPath(new URL('../dist/clickhouse/main.js', import.meta.url));

/** A server that answers. */
export interface RunningClickHouse {
  /** As CLICKHOUSE_URL takes it. */
  readonly url: string;
  readonly pid: number;
  /** False if it ran already. */
  readonly started: boolean;
}

/**
 * The ClickHouse of this data folder, started if it does not run.
 *
 * @throws WK_LOCAL_NOT_BUILT, WK_LOCAL_START, WK_LOCAL_LOCK.
 */
export async function ensureClickHouse(options: {
  dataDir: string;
  log?: Log;
  preferredPort?: number;
}): Promise<RunningClickHouse> {
  const running = await ensureDaemon(clickhouseDaemon(options), options.log ?? (() => undefined));
  return { url: `http://127.0.0.1:${running.port}`, pid: running.pid, started: running.started };
}

/** How the server of a data folder is started, found and stopped. */
export function clickhouseDaemon(options: { dataDir: string; preferredPort?: number }): Daemon {
  const dir = join(resolve(options.dataDir), 'clickhouse');
  return {
    name: 'ClickHouse',
    dir,
    preferredPort: options.preferredPort ?? 18123,
    startTimeoutMs: 60_000,
    stopTimeoutMs: 25_000,
    prepare: (port, log) => {
      if (!existsSync(entry)) return Promise.reject(notBuilt());
      log(`starting ClickHouse (chDB) on port ${port}`);
      return Promise.resolve({
        command: process.execPath,
        args: [entry, '--data-dir', dir, '--port', String(port)],
        // Each statement under way holds a thread of libuv's pool; with its default of 4, four inserts would stop all reads.
        env: { ...process.env, UV_THREADPOOL_SIZE: '64', NODE_OPTIONS: '' },
      });
    },
    answers: async (port) => (await displayNameAt(port)) === serverName(dir),
  };
}

async function displayNameAt(port: number): Promise<string> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/ping`, { signal: AbortSignal.timeout(3_000) });
    await answer.text();
    return answer.headers.get('x-clickhouse-server-display-name') ?? '';
  } catch {
    return '';
  }
}
