// Finds loopback ports that nobody listens on.
import { createServer } from 'node:net';

/** The first of the preferred ports that is free, else any free one; 0 stands for any. */
export async function freePort(...preferred: number[]): Promise<number> {
  for (const port of preferred) {
    const free = await listenOnce(port).catch(() => undefined);
    if (free !== undefined) return free;
  }
  return listenOnce(0);
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const got = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(got));
    });
  });
}
