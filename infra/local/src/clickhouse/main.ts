// The server's process: `node main.js --data-dir DIR --port N [--host ADDRESS]`. ensureClickHouse starts it; it ends on SIGTERM.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openEngine } from './engine.js';
import { writeEngineConfig } from './engine-config.js';
import { readerFrom } from './reader-settings.js';
import { createClickHouseServer } from './server.js';
import { serverName } from './server-name.js';
import { openSpool } from './spool.js';

const stopDeadlineMs = 20_000;

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string' },
    port: { type: 'string' },
    // The default user has no password: only a container, whose ports are published one by one, listens on all addresses.
    host: { type: 'string', default: '127.0.0.1' },
  },
});
const dataDir = values['data-dir'] ?? '.watchkeeper/clickhouse';
mkdirSync(dataDir, { recursive: true });
const name = serverName(dataDir);
const configFile = writeEngineConfig(dataDir, fileURLToPath(new URL('../../../clickhouse/config.d', import.meta.url)));
const engine = await openEngine(join(dataDir, 'data'), configFile);
const spool = openSpool(dataDir, name);
const server = createClickHouseServer({ engine, spool, reader: readerFrom(process.env), displayName: name });

server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen({ port: Number(values.port ?? 18123), host: values.host }, () =>
  console.log(`ready on port ${values.port ?? '18123'}`),
);

/** Answers what is under way, then lets go of the data. */
function stop(): void {
  setTimeout(() => process.exit(1), stopDeadlineMs).unref();
  server.close(() => {
    engine.close();
    spool.close();
    process.exit(0);
  });
  // A connection falls idle when its last answer has left, and would wait for another request.
  setInterval(() => server.closeIdleConnections(), 20).unref();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
