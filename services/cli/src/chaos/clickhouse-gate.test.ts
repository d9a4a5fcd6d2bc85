// A gate to a server that counts what it gets: each thing that can be done with a request.

import { createServer, request, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClickHouseGate, type ClickHouseGate } from './clickhouse-gate.js';
import { listening, portOf } from './tcp-gate.js';

const ROWS = Buffer.alloc(300_000, 7);
let server: Server;
let gate: ClickHouseGate;
/** Whole bodies that have arrived, and the URLs they came with. */
let arrived: { bytes: number; url: string }[];

beforeEach(async () => {
  arrived = [];
  server = createServer((incoming, response) => {
    let bytes = 0;
    incoming.on('error', () => undefined);
    incoming.on('data', (chunk: Buffer) => (bytes += chunk.length));
    incoming.on('end', () => {
      arrived.push({ bytes, url: incoming.url ?? '' });
      response.setHeader('X-Told', 'yes');
      response.end('done');
    });
  });
  await listening(server);
  gate = await openClickHouseGate(
    () => portOf(server),
    (url) => url.replace('token=a', 'token=b'),
  );
});
afterEach(async () => {
  await gate.close();
  server.close();
});

/** The status and text of an answer, or undefined where the connection ended without one. */
function insert(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(`${gate.url}/?token=a&query=INSERT%20INTO%20t`, { method: 'POST' }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve(`${String(answer.statusCode)} ${text} ${String(answer.headers['x-told'])}`));
      answer.on('error', () => resolve(undefined));
    });
    outgoing.on('error', () => resolve(undefined));
    outgoing.end(ROWS);
  });
}

describe('a gate to ClickHouse', () => {
  it('passes a request whole, by another URL where it is told one, and its answer back', async () => {
    expect(await insert()).toBe('200 done yes');
    expect(arrived).toEqual([{ bytes: ROWS.length, url: '/?token=b&query=INSERT%20INTO%20t' }]);
  });

  it('loses an answer after all was done', async () => {
    const done = new Promise((resolve) => (gate.behave = async (exchange) => resolve(await exchange.loseAnswer())));
    expect(await insert()).toBeUndefined();
    expect(await done).toBe(true);
    expect(arrived).toHaveLength(1);
  });

  it('breaks off in the middle: the server never has the whole', async () => {
    gate.behave = (exchange) => exchange.breakOff();
    expect(await insert()).toBeUndefined();
    expect(arrived).toEqual([]);
  });

  it('hands on what nobody waits for any more', async () => {
    const late = new Promise((resolve) => {
      gate.behave = async (exchange) => resolve(await exchange.passLate(30).catch(() => 'late'));
    });
    const outgoing = request(`${gate.url}/?query=INSERT`, { method: 'POST' }).on('error', () => undefined);
    outgoing.end(ROWS, () => setTimeout(() => outgoing.destroy(), 10));
    await late;
    expect(arrived.map(({ bytes }) => bytes)).toEqual([ROWS.length]);
  });

  it('answers in its place, or resets', async () => {
    gate.behave = async (exchange) => {
      await Promise.resolve();
      exchange.answer(500, 202, 'Too many.');
    };
    expect(await insert()).toContain('500 Code: 202. DB::Exception: Too many.');
    gate.behave = async (exchange) => {
      await Promise.resolve();
      exchange.reset();
    };
    expect(await insert()).toBeUndefined();
    expect(arrived).toEqual([]);
  });
});
