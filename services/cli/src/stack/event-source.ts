// What every command that sends events needs: a producer of a place, the schema's id, the clock.

import { retry, sleep, systemClock, type Clock, type LogProducer } from '@watchkeeper/runtime';
import { openSchemaIds } from '@watchkeeper/schemas';
import type { Place } from './environment.js';
import { logAt } from './log.js';

export interface EventSource {
  readonly producer: LogProducer;
  /** Of AgentEvent, from the registry at SCHEMA_REGISTRY_URL or the catalogue. */
  readonly schemaId: number;
  readonly clock: Clock;
  /** Resolves early when the signal is aborted. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** Opens a source, hands it to `work`, and closes it whatever happens. */
export async function withEventSource<T>(
  brokers: string,
  place: Place,
  signal: AbortSignal | undefined,
  work: (source: EventSource) => Promise<T>,
): Promise<T> {
  const registryUrl = process.env['SCHEMA_REGISTRY_URL'];
  const ids = await openSchemaIds(registryUrl === undefined ? {} : { registryUrl });
  const producer = await logAt(brokers, place).producer();
  try {
    return await work({
      producer: patient(producer, signal),
      schemaId: ids.idOf('AgentEvent'),
      clock: systemClock,
      sleep: (ms) => sleep(ms, signal),
    });
  } finally {
    await producer.close();
  }
}

/** A broker that restarts is waited for. What it had taken before its answer was lost lies there twice: the ledger's repeated events. */
function patient(producer: LogProducer, signal: AbortSignal | undefined): LogProducer {
  return {
    send: (topic, records) =>
      retry(() => producer.send(topic, records), {
        tries: 12,
        firstMs: 500,
        maxMs: 5_000,
        ...(signal === undefined ? {} : { signal }),
      }),
    partitionsOf: (topic) => producer.partitionsOf(topic),
    close: () => producer.close(),
  };
}
