import { createRequire } from 'node:module';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { isOutage } from './faults.js';
import { repairKafkajs } from './repairs.js';

const require = createRequire(import.meta.url);

interface Cluster {
  findGroupCoordinatorMetadata(group: object): Promise<unknown>;
}

const { prototype: cluster } = require('kafkajs/src/cluster') as { prototype: Cluster };

it('takes a coordinator that no broker names for an outage, which passes', async () => {
  repairKafkajs();
  // What kafkajs gets of a pool whose every connection was reset.
  const unreachable = { brokerPool: { withBroker: () => Promise.resolve(undefined) } };
  const fault: unknown = await cluster.findGroupCoordinatorMetadata
    .call(unreachable as unknown as Cluster, { groupId: 'g' })
    .catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Error);
  expect(isOutage(fault)).toBe(true);
});

interface Connection {
  connect(): Promise<unknown>;
  send(exchange: object): Promise<string>;
  disconnect(): Promise<unknown>;
}

const ConnectionOf = require('kafkajs/src/network/connection') as new (options: object) => Connection;
const Encoder = require('kafkajs/src/protocol/encoder') as new () => object;
const socketFactory = (require('kafkajs/src/network/socketFactory') as () => unknown)();

/** A request whose answer is a text. */
const question = {
  request: { apiKey: 1, apiVersion: 0, apiName: 'Question', encode: () => Promise.resolve(new Encoder()) },
  response: {
    decode: (payload: Buffer) => Promise.resolve({ text: payload.toString() }),
    parse: ({ text }: { text: string }) => Promise.resolve(text),
  },
};

/** A server's answer to a request, as Kafka frames it: length, the request's number, the text. */
function answerTo(request: Buffer, text: string): Buffer {
  const answer = Buffer.alloc(8 + text.length);
  answer.writeInt32BE(4 + text.length, 0);
  answer.writeInt32BE(request.readInt32BE(8), 4);
  answer.write(text, 8);
  return answer;
}

it('reads whole answers again on the connection after one that was lost amid an answer', async () => {
  repairKafkajs();
  let connections = 0;
  const server = createServer((socket: Socket) => {
    const isFirst = ++connections === 1;
    socket.on('error', () => undefined);
    socket.on('data', (request) => {
      const answer = answerTo(request, 'a whole answer');
      if (isFirst) socket.end(answer.subarray(0, 10));
      else socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const silent = { debug: () => undefined, error: () => undefined, warn: () => undefined };
  const logger = { namespace: () => silent };
  const connection = new ConnectionOf({
    host: '127.0.0.1',
    port,
    logger,
    socketFactory,
    requestTimeout: 1_000,
    connectionTimeout: 1_000,
  });
  await connection.connect();
  await expect(connection.send(question)).rejects.toThrow();
  await connection.connect();
  await expect(connection.send(question)).resolves.toBe('a whole answer');
  await connection.disconnect();
  server.close();
});
