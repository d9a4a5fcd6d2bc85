// A way through to ClickHouse that can refuse, wait, or break a request off at any point: what stands between the roles and the database.

import type { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { sleep } from '@watchkeeper/runtime';
import { listening, portOf } from './tcp-gate.js';

/** One request that has come, and what may be done with it. */
export interface Exchange {
  /** It brings a block of rows. */
  readonly isInsert: boolean;
  /** Hands it on, and the answer back. Resolves when the answer has gone; the answer's status and, of an error, its text. */
  pass(): Promise<{ status: number; text: string }>;
  /** Takes all of it, keeps it for so long, and hands it on whether anybody still waits for the answer or not. */
  passLate(ms: number): Promise<{ status: number; text: string }>;
  /** Hands it on, waits for the whole answer, and ends the connection without it. True where the server said that all went well. */
  loseAnswer(): Promise<boolean>;
  /** Hands on a part of its body and ends both connections. */
  breakOff(): Promise<void>;
  /** Answers in the server's place. */
  answer(status: number, code: number, text: string): void;
  /** Ends the connection before a byte is read. */
  reset(): void;
}

export interface ClickHouseGate {
  readonly url: string;
  /** What is done with each request; set to undefined, it passes. */
  behave: ((exchange: Exchange) => Promise<unknown>) | undefined;
  close(): Promise<void>;
}

/** Opens a gate to a port of the loopback address that may change; what is asked for there is `rewriteUrl` of what was asked for here. */
export async function openClickHouseGate(
  upstreamPort: () => number,
  rewriteUrl: (url: string) => string = (url) => url,
): Promise<ClickHouseGate> {
  const agent = new Agent({ keepAlive: true });

  const server = createServer({ maxHeaderSize: 2 << 20, requestTimeout: 0 }, (incoming, response) => {
    // The request forgets it when it is destroyed.
    const { socket } = incoming;
    response.on('error', () => undefined);
    incoming.on('error', () => undefined);
    const exchange = exchangeOf(incoming, response, socket);
    const work = gate.behave === undefined ? exchange.pass() : gate.behave(exchange);
    work.catch(() => socket.destroy());
  });

  function exchangeOf(incoming: IncomingMessage, response: ServerResponse, socket: Socket): Exchange {
    const isInsert = incoming.method === 'POST' && /[?&]query=[^&]*INSERT/i.test(incoming.url ?? '');
    const upstream = (): ReturnType<typeof request> =>
      request({
        agent,
        host: '127.0.0.1',
        port: upstreamPort(),
        method: incoming.method,
        path: rewriteUrl(incoming.url ?? '/'),
        headers: incoming.headers,
      });
    const handedOn = (body?: Buffer): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        const onward = upstream();
        onward.once('response', resolve);
        onward.once('error', reject);
        if (body !== undefined) {
          onward.end(body);
          return;
        }
        incoming.once('close', () => {
          if (!incoming.complete) onward.destroy();
        });
        incoming.pipe(onward);
      });
    async function handBack(answer: IncomingMessage): Promise<{ status: number; text: string }> {
      const status = answer.statusCode ?? 502;
      response.writeHead(status, answer.headers);
      let text = '';
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        if (status >= 400 && text.length < 1_000) text += chunk.toString();
        response.write(chunk);
      }
      response.end();
      return { status, text };
    }
    return {
      isInsert,
      pass: async () => handBack(await handedOn()),
      async passLate(ms) {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
        await sleep(ms);
        return handBack(await handedOn(Buffer.concat(chunks)));
      },
      async loseAnswer() {
        const answer = await handedOn();
        await finished(answer.resume());
        socket.destroy();
        return answer.statusCode === 200;
      },
      async breakOff() {
        const onward = upstream();
        onward.on('error', () => undefined);
        const length = Number(incoming.headers['content-length'] ?? 0);
        let sent = 0;
        for await (const chunk of incoming as AsyncIterable<Buffer>) {
          const half = chunk.subarray(0, Math.ceil(chunk.length / 2));
          onward.write(half);
          sent += half.length;
          if (half.length < chunk.length || sent < length) break;
        }
        await sleep(50);
        onward.destroy();
        socket.destroy();
      },
      answer(status, code, text) {
        incoming.resume();
        response.writeHead(status, { 'X-ClickHouse-Exception-Code': String(code) });
        response.end(`Code: ${code}. DB::Exception: ${text}\n`);
      },
      reset() {
        socket.resetAndDestroy();
      },
    };
  }

  await listening(server);
  const gate: ClickHouseGate = {
    url: `http://127.0.0.1:${portOf(server)}`,
    behave: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
  return gate;
}
