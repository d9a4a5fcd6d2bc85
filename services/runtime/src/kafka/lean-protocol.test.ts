import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { useLeanProtocol } from './lean-protocol.js';
import type { ProduceRequest } from './produce-request.js';

const require = createRequire(import.meta.url);

interface Call {
  readonly request: { readonly apiKey: number; readonly apiVersion: number; encode(): Promise<unknown> };
}

interface Apis {
  readonly requests: { readonly Produce: { protocol(of: { version: number }): (options: ProduceRequest) => Call } };
}

const { requests } = require('kafkajs/src/protocol/requests') as Apis;
const { Types } = require('kafkajs/src/protocol/message/compression') as { Types: Record<string, number> };
const onTheWire = require('kafkajs/src/protocol/request') as (
  of: Pick<Call, 'request'> & { correlationId: number; clientId: string },
) => Promise<{ buffer: Buffer }>;

const produce = (value: string, of: Partial<ProduceRequest> = {}): Call =>
  requests.Produce.protocol({ version: 7 })({
    acks: -1,
    timeout: 30_000,
    compression: Types['None'] ?? 0,
    producerId: '1',
    producerEpoch: 0,
    topicData: [
      { topic: 't', partitions: [{ partition: 0, messages: [{ key: 'k', value, timestamp: '1500000000000' }] }] },
    ],
    ...of,
  });

describe('useLeanProtocol', () => {
  const clientIds = ['short', 'long'.repeat(200)];
  let before: Buffer[] = [];

  const requestsOf = (of: Partial<ProduceRequest> = {}): Promise<Buffer[]> =>
    Promise.all(
      clientIds.map(async (clientId) => {
        const { request } = produce('value '.repeat(1_000), of);
        return (await onTheWire({ correlationId: 7, clientId, request })).buffer;
      }),
    );

  beforeAll(async () => {
    before = await requestsOf();
    useLeanProtocol();
  });

  it('puts the bytes on the wire that kafkajs would, whether there is room for its header or not', async () => {
    expect(await requestsOf()).toEqual(before);
  });

  it('packs records with the codecs that kafkajs has', async () => {
    const [packed] = await requestsOf({ compression: Types['GZIP'] ?? 0 });
    expect(packed?.length).toBeLessThan((before[0]?.length ?? 0) / 10);
  });

  it('refuses brokers that know no record batches', () => {
    expect(() => requests.Produce.protocol({ version: 2 })).toThrow(/older than Kafka 0\.11/);
  });
});
