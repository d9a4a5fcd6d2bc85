import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { fenced, unreachable } from '../errors.js';
import { isOutage, isSequenceLost, restart } from './faults.js';

type Retrier = (options: object) => (attempt: () => Promise<unknown>) => Promise<unknown>;
const retrier = createRequire(import.meta.url)('kafkajs/src/retry') as Retrier;
const brief = { retries: 1, initialRetryTime: 1, maxRetryTime: 1 };

/** What kafkajs makes of an error that comes from within two of its retriers. */
function retriedTwice(error: Error): Promise<unknown> {
  const fail = (): Promise<never> => Promise.reject(error);
  return retrier(brief)(() => retrier(brief)(fail)).catch((fault: unknown) => fault);
}

describe('an outage', () => {
  it('is what a lost connection comes to, however often kafkajs has wrapped it', async () => {
    const lost = new kafkajs.KafkaJSConnectionError('read ECONNRESET', {});
    expect(isOutage(lost)).toBe(true);
    const wrapped = await retriedTwice(lost);
    expect(wrapped).toBeInstanceOf(kafkajs.KafkaJSNonRetriableError);
    expect(isOutage(wrapped)).toBe(true);
  });

  it('is what we say of a broker out of reach', () => {
    expect(isOutage(unreachable(['b:1'], new kafkajs.KafkaJSConnectionError('read ECONNRESET', {})))).toBe(true);
    expect(isOutage(fenced('a partition', new kafkajs.KafkaJSConnectionError('read ECONNRESET', {})))).toBe(false);
  });

  it('is where kafkajs trips over what the lost connection took away', () => {
    const at = (file: string): TypeError =>
      Object.assign(new TypeError("reading 'release'"), {
        stack: `TypeError: reading 'release'\n    at f (${file}:1:1)`,
      });
    expect(isOutage(at('/a/node_modules/kafkajs/src/producer/eosManager/index.js'))).toBe(true);
    expect(isOutage(at('/a/services/loop-detector/dist/detector.js'))).toBe(false);
  });

  it("is what is made of a producer's numbers that a lost connection has put out of order", () => {
    const lost = Object.assign(new kafkajs.KafkaJSNonRetriableError('out of order'), {
      type: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    });
    expect(isSequenceLost(lost)).toBe(true);
    expect(isOutage(lost), 'a transaction is fenced by it').toBe(false);
    expect(isOutage(restart(lost))).toBe(true);
    expect(isSequenceLost(new kafkajs.KafkaJSError('another'))).toBe(false);
  });

  it('is not what no other try can mend', async () => {
    const final = new kafkajs.KafkaJSNonRetriableError('the topic is not authorised');
    expect(isOutage(final)).toBe(false);
    expect(isOutage(await retriedTwice(final))).toBe(false);
    expect(isOutage(new TypeError('a fault of ours'))).toBe(false);
    expect(isOutage(undefined)).toBe(false);
  });
});
