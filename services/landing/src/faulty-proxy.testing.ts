// ClickHouse behind a proxy that does to its requests what networks and overload do: for tests of landing's retries on the real engine.

import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What happens to a request. */
export type Fault =
  /** The engine has it and has answered; the answer is lost. */
  | { readonly kind: 'cut before the reply' }
  /** Half of it arrives. */
  | { readonly kind: 'cut mid-insert' }
  /** Somebody in between answers. */
  | { readonly kind: 'status'; readonly status: number }
  /** The engine answers by itself, with these settings changed. */
  | { readonly kind: 'settings'; readonly settings: Readonly<Record<string, string>> }
  /** The engine says so. */
  | { readonly kind: 'exception'; readonly code: number; readonly name: string }
  /** It goes on to the engine, and the answer comes when the test lets it. */
  | { readonly kind: 'slow'; readonly until: Promise<unknown> };

export interface FaultyProxy {
  readonly url: string;
  /** Faults of the next inserts, one each; undefined: none. Other requests go through. */
  readonly inserts: (Fault | undefined)[];
  /** Requests that a fault has hit. */
  readonly hit: string[];
  /** Requests are taken and never answered, until it is down or up again. */
  hang(): void;
  /** Nothing listens: connections are refused. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

/** A proxy in front of `target` on a port of its own. */
export async function faultyProxy(target: string): Promise<FaultyProxy> {
  const inserts: (Fault | undefined)[] = [];
  const hit: string[] = [];
  let port = 0;
  let hangs = false;
  let server = serve();

  function serve() {
    return createServer((from, to) => {
      // A peer that is gone needs no answer.
      void pass(from, to).catch(() => to.destroy());
    });
  }

  async function pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const url = new URL(from.url ?? '/', target);
    const body = await buffer(from);
    if (hangs) return;
    const statement = url.searchParams.get('query') ?? body.toString('latin1', 0, 20);
    const fault = statement.startsWith('INSERT') ? inserts.shift() : undefined;
    if (fault !== undefined) hit.push(fault.kind);
    if (fault?.kind === 'status') {
      to.writeHead(fault.status, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>');
      return;
    }
    if (fault?.kind === 'exception') {
      to.writeHead(500, { 'X-ClickHouse-Exception-Code': String(fault.code) });
      to.end(`Code: ${fault.code}. DB::Exception: A test says so. (${fault.name}) (version 26.7.2.1)\n`);
      return;
    }
    if (fault?.kind === 'settings')
      for (const [name, value] of Object.entries(fault.settings)) url.searchParams.set(name, value);
    const onward = ask(url, { method: from.method, headers: { ...from.headers, host: url.host } });
    if (fault?.kind === 'cut mid-insert') {
      onward.on('error', () => undefined);
      onward.write(body.subarray(0, body.length >> 1), () => {
        onward.destroy();
        from.socket.destroy();
      });
      return;
    }
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    const content = await buffer(answer);
    if (fault?.kind === 'cut before the reply') {
      from.socket.destroy();
      return;
    }
    if (fault?.kind === 'slow') await fault.until;
    to.writeHead(answer.statusCode ?? 500, { ...answer.headers, 'content-length': content.length });
    to.end(content);
  }

  async function up(): Promise<void> {
    hangs = false;
    if (server.listening) return;
    server = serve();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }

  async function down(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  await up();
  return { url: `http://127.0.0.1:${port}`, inserts, hit, hang: () => (hangs = true), down, up, close: down };
}
