// kafkajs as this project uses it: codecs, repairs, quiet logs.

import { createRequire } from 'node:module';
import kafkajs, { type ISocketFactory, type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import type { KafkaAccess, KafkaLogin } from '../access-settings.js';
import type { Logger } from '../log.js';
import { explainAccess } from './access-faults.js';
import { registerCodecs } from './codecs.js';
import { repairKafkajs } from './repairs.js';

const makeSocketFactory = createRequire(import.meta.url)('kafkajs/src/network/socketFactory') as () => ISocketFactory;
const kafkajsSocket = makeSocketFactory();

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

export interface KafkaOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Stands before every topic and group. */
  readonly prefix: string;
  /** Of what is produced; default none. */
  readonly compression?: Compression;
  /** Default 15,000. */
  readonly sessionTimeoutMs?: number;
  /** How long a rebalance waits for a batch at hand; default 60,000. */
  readonly rebalanceTimeoutMs?: number;
  /** TLS and login; default neither. */
  readonly access?: KafkaAccess;
  readonly logger: Logger;
}

export function kafkaClient(options: KafkaOptions): Kafka {
  registerCodecs();
  repairKafkajs();
  return new kafkajs.Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    ...securityOf(options.access),
    socketFactory,
    connectionTimeout: 5_000,
    retry: { initialRetryTime: 100, maxRetryTime: 5_000, retries: 8 },
    // kafkajs logs at error level what it then retries: a fault that matters reaches us as an error.
    logLevel: kafkajs.logLevel.INFO,
    logCreator:
      () =>
      ({ namespace, level, log }) => {
        const { message, groupId, broker, error } = log as typeof log & {
          groupId?: string;
          broker?: string;
          error?: string;
        };
        const about = { kafkajs: namespace, groupId, broker, error };
        if (level === kafkajs.logLevel.ERROR) options.logger.info(about, message);
        else options.logger.debug(about, message);
      },
  });
}

/** kafkajs' own. It closes a lost connection again and again, each time with a listener more on its socket, and Node would warn of a leak. */
const socketFactory: ISocketFactory = (to) => kafkajsSocket(to).setMaxListeners(0);

/** Connects, or says in one sentence why not. Throws WK_KAFKA_AWAY, WK_KAFKA_LOGIN, WK_KAFKA_CERTIFICATE, WK_TOKEN_MODULE. */
export async function connect(
  what: { connect(): Promise<void>; disconnect(): Promise<void> },
  options: KafkaOptions,
): Promise<void> {
  try {
    await what.connect();
  } catch (error) {
    // What is half open would keep the process alive.
    await what.disconnect().catch(() => undefined);
    throw explainAccess(error, options);
  }
}

function securityOf({ tls, login }: KafkaAccess = {}): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  return {
    ...(tls && {
      ssl: { ...(tls.ca && { ca: [tls.ca] }), ...(tls.cert && { cert: tls.cert }), ...(tls.key && { key: tls.key }) },
    }),
    ...(login && { sasl: saslOf(login) }),
  };
}

function saslOf(login: KafkaLogin): SASLOptions {
  if (login.mechanism !== 'oauthbearer') return login;
  return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await login.token() }) };
}
