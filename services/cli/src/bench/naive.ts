// The naive way into ClickHouse, as many write it: decode each record, write it as a line of JSON, insert 50,000 lines. For comparison alone.

import { createClient } from '@clickhouse/client';
import type { LogRecord, PartitionWorker } from '@watchkeeper/runtime';
import { catalogueIds, fullView, viewDecoder, type AgentEvent } from '@watchkeeper/schemas';
import { placeOf } from '../stack/environment.js';
import { logAt } from '../stack/log.js';
import { NAIVE_GROUP } from './landing-ways.js';

const MEBI = 1024 * 1024;

/** Reads agent.events of the place in `env` until it is told to stop; tells its parent when it has joined. */
export async function runNaive(env: NodeJS.ProcessEnv): Promise<void> {
  const place = placeOf(env);
  const client = createClient({ url: env['CLICKHOUSE_URL'] ?? '', database: place.database });
  const decode = viewDecoder(fullView('AgentEvent'), catalogueIds().writerTypeOf);

  function lineOf({ value, offset, timestampMs }: LogRecord, partition: number): string {
    const decoded = decode(value);
    if (decoded.kind === 'bad') throw new Error(`Offset ${offset} of partition ${partition}: ${decoded.error}`);
    return JSON.stringify({
      ...jsonOf(decoded.value),
      kafka_partition: partition,
      kafka_offset: offset,
      kafka_timestamp: timestampMs,
    });
  }

  function worker(partition: number): PartitionWorker {
    return {
      async onBatch(batch, lease) {
        const lines = batch.records.map((record) => lineOf(record, partition));
        await client.command({
          query: `INSERT INTO events FORMAT JSONEachRow\n${lines.join('\n')}`,
          clickhouse_settings: { async_insert: 0, date_time_input_format: 'basic' },
        });
        await lease.commit(batch.nextOffset);
        return { kind: 'done' };
      },
      close: () => Promise.resolve(),
    };
  }

  const consumption = await logAt(env['KAFKA_BROKERS'] ?? '', place).consume({
    group: NAIVE_GROUP,
    lane: {
      name: '',
      topics: ['agent.events'],
      // As landing fetches.
      fetch: { minBytes: 8 * MEBI, maxWaitMs: 2_000, maxBytesPerPartition: 28 * MEBI, partitionsAtOnce: 2 },
      open: ({ partition }) => Promise.resolve(worker(partition)),
    },
  });
  const stop = (): void => void consumption.stop();
  process.once('SIGTERM', stop);
  process.once('disconnect', stop);
  await Promise.race([consumption.joined, consumption.done]);
  process.send?.({ kind: 'ready' });
  await consumption.done;
  await client.close();
  if (process.connected) process.disconnect();
}

/** Bytes have no form in JSON that ClickHouse takes for a fixed string: left out, to the naive way's advantage. Microseconds as DateTime64(6) reads them. */
function jsonOf(event: AgentEvent): object {
  return {
    ...event,
    occurred_at: event.occurred_at,
    input_fingerprint: undefined,
    output_fingerprint: undefined,
    input_sketch: undefined,
    output_sketch: undefined,
    input_facets: undefined,
    output_facets: undefined,
  };
}
