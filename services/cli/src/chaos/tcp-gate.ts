// A way through to a TCP server that can be slow, cut, or swallow answers: what stands between the roles and the broker.

import { connect, createServer, type Server, type Socket } from 'node:net';

/** Bytes that wait in a gate before it stops reading. */
const MOST_WAITING = 1 << 20;

/** What a gate does to the bytes that pass; settable at any time. */
export interface GateWeather {
  /** Every byte arrives so much later, milliseconds. */
  delayMs: number;
  /** What the server answers goes nowhere. */
  mute: boolean;
}

export interface TcpGate {
  readonly port: number;
  readonly weather: GateWeather;
  /** Bytes that were delayed or swallowed so far. */
  readonly touchedBytes: number;
  /** Ends every connection by a reset; says how many there were. */
  cut(): number;
  close(): Promise<void>;
}

/** Opens a gate to a port of the loopback address, on a port of its own. */
export async function openTcpGate(upstreamPort: number): Promise<TcpGate> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const weather: GateWeather = { delayMs: 0, mute: false };
  let touchedBytes = 0;

  const server = createServer((client) => {
    const upstream = connect(upstreamPort, '127.0.0.1');
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = (): void => {
      if (!pairs.delete(pair)) return;
      client.resetAndDestroy();
      upstream.destroy();
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    carry(client, upstream, () => false);
    carry(upstream, client, () => weather.mute);
  });

  /** Moves bytes from one socket to another, as the weather of their arrival says; a connection's bytes keep their order. */
  function carry(from: Socket, to: Socket, swallow: () => boolean): void {
    const queue: { chunk: Buffer; dueMs: number }[] = [];
    let waiting = 0;
    const flow = (): void => {
      if (waiting > MOST_WAITING || to.writableNeedDrain) from.pause();
      else from.resume();
    };
    to.on('drain', flow);
    const pump = (): void => {
      while (queue[0] !== undefined && queue[0].dueMs <= performance.now()) {
        const { chunk } = queue[0];
        queue.shift();
        waiting -= chunk.length;
        if (!to.destroyed) to.write(chunk);
      }
      flow();
      const next = queue[0];
      if (next !== undefined) setTimeout(pump, Math.max(1, next.dueMs - performance.now()));
    };
    from.on('data', (chunk: Buffer) => {
      if (swallow() || weather.delayMs > 0) touchedBytes += chunk.length;
      if (swallow()) return;
      queue.push({ chunk, dueMs: Math.max(queue.at(-1)?.dueMs ?? 0, performance.now() + weather.delayMs) });
      waiting += chunk.length;
      if (queue.length === 1) pump();
      else flow();
    });
  }

  await listening(server);
  return {
    port: portOf(server),
    weather,
    get touchedBytes() {
      return touchedBytes;
    },
    cut() {
      const open = [...pairs];
      for (const [client] of open) client.resetAndDestroy();
      return open.length;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const [client, upstream] of pairs) {
          client.destroy();
          upstream.destroy();
        }
      }),
  };
}

export function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => resolve());
  });
}

export function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('a gate listens on no port');
  return address.port;
}
