// A gate to an echo server: what it does to bytes and connections.

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listening, openTcpGate, portOf, type TcpGate } from './tcp-gate.js';

let echo: Server;
let gate: TcpGate;
let client: Socket;

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  await listening(echo);
  gate = await openTcpGate(portOf(echo));
  client = connect(gate.port, '127.0.0.1').on('error', () => undefined);
  await once(client, 'connect');
});
afterEach(async () => {
  client.destroy();
  await gate.close();
  echo.close();
});

/** Sends and returns what comes back, once it is as long. */
async function sent(bytes: Buffer): Promise<Buffer> {
  const back: Buffer[] = [];
  let length = 0;
  client.write(bytes);
  while (length < bytes.length) {
    const [chunk] = (await once(client, 'data')) as [Buffer];
    back.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(back);
}

describe('a gate', () => {
  it('lets many bytes through as they are, both ways', async () => {
    const bytes = Buffer.alloc(5_000_000, 'the quick brown fox');
    expect((await sent(bytes)).equals(bytes)).toBe(true);
    expect(gate.touchedBytes).toBe(0);
  });

  it('delays bytes, and keeps their order when it grows quick again', async () => {
    gate.weather.delayMs = 100;
    const fromMs = performance.now();
    client.write('first ');
    while (gate.touchedBytes === 0) await new Promise((resolve) => setImmediate(resolve));
    gate.weather.delayMs = 0;
    client.write('second');
    let back = '';
    while (back.length < 'first second'.length) back += ((await once(client, 'data')) as [Buffer])[0].toString();
    expect(back).toBe('first second');
    expect(performance.now() - fromMs).toBeGreaterThanOrEqual(95);
  });

  it('swallows answers, and cuts', async () => {
    gate.weather.mute = true;
    client.write('nobody answers');
    const closed = new Promise((resolve) => client.once('close', resolve));
    while (gate.touchedBytes === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(gate.cut()).toBe(1);
    await closed;
    expect(client.bytesRead).toBe(0);
  });
});
