// /metrics, /healthz and /readyz over node:http.

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { portTaken } from './errors.js';
import type { Metrics } from './metrics.js';

/** One fault per line; none: all is well. */
export interface HealthPort {
  /** Alive: every lane has heard of its broker lately. */
  alive(): readonly string[];
  /** Ready: every lane has joined, and no stop is under way. */
  ready(): readonly string[];
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves on `host`:`port` (0: any free one). Throws WK_PORT_TAKEN. */
export async function serveHealth(options: {
  host: string;
  port: number;
  metrics: Metrics;
  health: HealthPort;
}): Promise<HealthServer> {
  const { host, port, metrics, health } = options;
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') reply(response, 405, 'Only GET is served here.\n');
    else if (path === '/healthz') verdict(response, health.alive());
    else if (path === '/readyz') verdict(response, health.ready());
    else if (path === '/metrics') {
      metrics.text().then(
        (text) => reply(response, 200, text, metrics.contentType),
        () => reply(response, 500, 'The metrics could not be collected.\n'),
      );
    } else reply(response, 404, 'Served here: /metrics, /healthz, /readyz.\n');
  });
  await listen(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(portTaken(host, port, error)));
    server.listen(port, host, () => resolve());
  });
}

function verdict(response: ServerResponse, faults: readonly string[]): void {
  if (faults.length === 0) reply(response, 200, 'ok\n');
  else reply(response, 503, faults.map((fault) => `${fault}\n`).join(''));
}

function reply(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
