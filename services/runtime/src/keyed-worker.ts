// The worker of one partition of a perKey role: batch → engine → outputs acknowledged → checkpoint.

import type { View } from '@watchkeeper/schemas';
import { batchInput, sendOutputs } from './batch-input.js';
import type { Assignment, Lease, LogRecord, OutgoingRecord, PartitionWorker } from './contract.js';
import { KeyedEngine } from './keyed-engine.js';
import { outputPositions } from './output-position.js';
import type { InputPosition, PerKeyOptions } from './per-key-options.js';
import type { RoleContext, TopicWriter } from './role.js';

/** Engines of partitions given up, with the offset they have come to: kept over a rebalance where nothing happened in between. */
export type Kept<Engine> = Map<string, { readonly engine: Engine; readonly committed: number }>;

export interface KeyedWorkerParts<V, State, Input, Output> {
  readonly options: PerKeyOptions<V, State, Input, Output>;
  readonly context: RoleContext;
  readonly views: ReadonlyMap<string, View<V>>;
  readonly writes: TopicWriter | undefined;
  readonly kept: Kept<KeyedEngine<State, Input, Output>>;
}

/** Opens workers. Invariant: an engine is ahead of the committed offset only while a batch is at hand. */
export function keyedWorker<V, State, Input, Output>(
  parts: KeyedWorkerParts<V, State, Input, Output>,
): (assignment: Assignment) => Promise<PartitionWorker> {
  const { options, context, views, writes, kept } = parts;
  const { role, metrics, states } = context;

  async function engineOf(assignment: Assignment): Promise<KeyedEngine<State, Input, Output>> {
    const { topic, partition, committed } = assignment;
    const place = `${topic}/${partition}`;
    const known = kept.get(place);
    kept.delete(place);
    if (known && known.committed === committed?.offset) return known.engine;
    const engine = new KeyedEngine(options, { trackChanges: states.durable });
    const restored = await states.restore({ role, topic, partition }, committed);
    if (restored) engine.restore(restored);
    return engine;
  }

  return async function openKeyedWorker(assignment) {
    const { topic, partition, partitions } = assignment;
    const view = views.get(topic);
    if (!view) throw new TypeError(`${role} was given ${topic}, which it does not read`);
    const place = { role, topic, partition };
    const engine = await engineOf(assignment);
    const read = batchInput(context, assignment, view);
    const positionOf = outputPositions(
      context,
      assignment,
      writes,
      writes ? await context.producer.partitionsOf(writes.topic) : 0,
    );
    const counted = { evicted: engine.evicted, expired: engine.expired };
    let committed = assignment.committed?.offset;
    let ahead = false;
    let lastRecord: LogRecord | undefined;
    const at: InputPosition = {
      topic,
      partition,
      partitions,
      get watermarkMicros() {
        return engine.watermarkMicros;
      },
      skip(reason) {
        metrics.count('recordsSkipped', { role, topic, reason });
        return undefined;
      },
    };

    function report(): void {
      metrics.set('stateKeys', { role, partition }, engine.size);
      metrics.count('stateEvicted', { role }, engine.evicted - counted.evicted);
      metrics.count('stateExpired', { role }, engine.expired - counted.expired);
      counted.evicted = engine.evicted;
      counted.expired = engine.expired;
      if (lastRecord && engine.watermarkMicros > -Infinity) {
        metrics.set('watermarkLag', { role, partition }, lastRecord.timestampMs / 1000 - engine.watermarkMicros / 1e6);
      }
    }

    /** Outputs first, then the marks that promise them, then the offset: a crash in between repeats, and never skips. */
    async function settle(
      outputs: readonly OutgoingRecord[],
      answering: readonly number[],
      watermarkBefore: number,
      nextOffset: number | undefined,
      lease: Lease,
    ): Promise<void> {
      await sendOutputs(context, writes, outputs, answering);
      if (options.onWatermark && engine.watermarkMicros > watermarkBefore) {
        await sendOutputs(context, writes, options.onWatermark(engine.watermarkMicros, positionOf(lastRecord)));
      }
      if (nextOffset === undefined) return;
      const checkpoint = states.durable
        ? { changes: engine.takeChanges(), partition: engine.encodePartition() }
        : { changes: [], partition: Buffer.alloc(0) };
      await states.checkpoint(place, checkpoint, nextOffset, lease);
      committed = nextOffset;
      ahead = false;
    }

    return {
      async onBatch(batch, lease) {
        const wait = await read.prepare(batch);
        if (wait) return wait;
        const watermarkBefore = engine.watermarkMicros;
        const outputs: OutgoingRecord[] = [];
        const answering: number[] = [];
        ahead = true;
        await read.each(batch, lease, (value, record) => {
          lastRecord = record;
          const input = options.input(value, record, at);
          if (input === undefined) return;
          for (const out of engine.observe(input, record.offset)) {
            outputs.push(options.output(out, positionOf(record)));
            answering.push(record.timestampMs);
          }
        });
        await settle(outputs, answering, watermarkBefore, batch.nextOffset, lease);
        report();
        return { kind: 'done' };
      },

      async onIdle(lease) {
        const watermarkBefore = engine.watermarkMicros;
        const target = options.onLogEnd?.(watermarkBefore, positionOf(lastRecord));
        if (target === undefined) return;
        ahead = true;
        const outputs = engine.advance(target).map((out) => options.output(out, positionOf(lastRecord)));
        await settle(outputs, [], watermarkBefore, committed, lease);
        report();
      },

      async close() {
        if (!ahead && committed !== undefined) kept.set(`${topic}/${partition}`, { engine, committed });
        metrics.drop('stateKeys', { role, partition });
        metrics.drop('watermarkLag', { role, partition });
        await states.release(place);
      },
    };
  };
}
