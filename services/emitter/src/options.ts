// What createEmitter takes, and what it makes of it.

import type { KafkaAccess } from '@watchkeeper/runtime';
import type { ContentLevel, SchemaIds } from '@watchkeeper/schemas';
import type { Redact } from './content.js';
import { wrongOptions } from './errors.js';
import { kafkaTransport, type KafkaTransportOptions } from './kafka-transport.js';
import type { Transport } from './transport.js';

export interface EmitterOptions {
  /** Kafka's addresses, as a list or separated by commas; or give a `transport`. */
  readonly brokers?: string | readonly string[] | undefined;
  readonly transport?: Transport | undefined;
  /** TLS and login; default neither. `tls: {}` believes whom Node believes. */
  readonly tls?: KafkaAccess['tls'] | undefined;
  readonly login?: KafkaAccess['login'] | undefined;
  readonly tenantId: string;
  readonly agentId: string;
  readonly agentVersion?: string | undefined;
  /** FULL unless set. */
  readonly contentLevel?: ContentLevel | undefined;
  /** Needed for REDACTED. */
  readonly redact?: Redact | undefined;
  /** Input and output are each cut to this many bytes of UTF-8; 65,536 unless set, at most 2 MiB. */
  readonly maxContentBytes?: number | undefined;
  /** The key of the sketches; the tenant's id unless set. Keep it secret where contents must not be guessed from their words. */
  readonly sketchKey?: string | undefined;
  /** What is kept while the log is slow or away: 50,000 events or 64 MiB unless set. */
  readonly bufferEvents?: number | undefined;
  readonly bufferBytes?: number | undefined;
  /** How long an event waits for company, 100 ms unless set. */
  readonly flushMs?: number | undefined;
  /** The connection is given up after this time without events, 10 s unless set. */
  readonly idleMs?: number | undefined;
  /** The first pause after a failed send, 250 ms unless set. */
  readonly retryMs?: number | undefined;
  readonly topicPrefix?: string | undefined;
  readonly compression?: KafkaTransportOptions['compression'] | undefined;
  /** A Confluent registry; without it the ids of catalogue.json are used. */
  readonly registryUrl?: string | undefined;
  /** Instead of `registryUrl`. */
  readonly schemaIds?: SchemaIds | undefined;
  /** Hears what a person should know, each thing once: the log is away, the buffer is full. A process warning unless set. */
  readonly onNotice?: ((notice: string) => void) | undefined;
  /** Microseconds since 1970; for tests. */
  readonly nowMicros?: (() => number) | undefined;
}

const CONTENT_LEVELS: readonly ContentLevel[] = ['NONE', 'HASHED', 'REDACTED', 'FULL'];
const MAX_CONTENT_BYTES = 2 * 1024 * 1024;

/** The content level; WK_EMITTER_OPTIONS where it is unknown, or REDACTED without a redaction: nothing may leave by mistake. */
export function contentLevelOf({ contentLevel = 'FULL', redact }: EmitterOptions): ContentLevel {
  if (!CONTENT_LEVELS.includes(contentLevel))
    throw wrongOptions(`contentLevel is none of ${CONTENT_LEVELS.join(', ')}`);
  if (contentLevel === 'REDACTED' && typeof redact !== 'function')
    throw wrongOptions('contentLevel REDACTED needs a redact function');
  return contentLevel;
}

/** The transport given, or one over Kafka. */
export function transportOf(options: EmitterOptions): Transport {
  if (options.transport) return options.transport;
  const given = typeof options.brokers === 'string' ? options.brokers.split(',') : (options.brokers ?? []);
  const brokers = given.map((broker) => broker.trim()).filter((broker) => broker !== '');
  if (brokers.length === 0) throw wrongOptions('it needs brokers, e.g. process.env.KAFKA_BROKERS, or a transport');
  return kafkaTransport({
    brokers,
    topicPrefix: options.topicPrefix ?? '',
    clientId: `emitter-${options.agentId}`,
    access: { ...(options.tls && { tls: options.tls }), ...(options.login && { login: options.login }) },
    ...(options.compression && { compression: options.compression }),
  });
}

/** A positive number, or the default; never a NaN that would switch a bound off. */
export function bound(value: number | undefined, otherwise: number, max = Number.MAX_SAFE_INTEGER): number {
  return typeof value === 'number' && value >= 0 ? Math.min(value, max) : otherwise;
}

export const maxContentBytesOf = (options: EmitterOptions): number =>
  bound(options.maxContentBytes, 65_536, MAX_CONTENT_BYTES);
