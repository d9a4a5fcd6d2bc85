// The worker of one partition of a perKey role: batch → engine → outputs acknowledged → checkpoint.

import type { View } from '@watchkeeper/schemas';
import { batchInput, sendOutputs } from './batch-input.js';
import type { CheckpointPace } from './checkpoint-pace.js';
import type { Assignment, Lease, LogRecord, OutgoingRecord, PartitionWorker } from './contract.js';
import { fenced } from './errors.js';
import { KeptEngine } from './kept-engine.js';
import { outputPositions } from './output-position.js';
import type { InputPosition, PerKeyOptions } from './per-key-options.js';
import type { RoleContext, TopicWriter } from './role.js';
import type { StateMemory } from './state-memory.js';

/** Engines of partitions that were given up in the last rebalance, by topic/partition: whoever gets them back first may go on. */
export type Kept<State, Input, Output> = Map<string, KeptEngine<State, Input, Output>>;

export interface KeyedWorkerParts<V, State, Input, Output> {
  readonly options: PerKeyOptions<V, State, Input, Output>;
  readonly context: RoleContext;
  readonly views: ReadonlyMap<string, View<V>>;
  readonly writes: TopicWriter | undefined;
  readonly kept: Kept<State, Input, Output>;
  readonly pace: CheckpointPace;
  readonly memory: StateMemory;
}

/** Timers that fire in one go: one that closes a key reads its state from disk, a tenth of a millisecond. */
const TIMERS_AT_ONCE = 256;

/** Opens workers. */
export function keyedWorker<V, State, Input, Output>(
  parts: KeyedWorkerParts<V, State, Input, Output>,
): (assignment: Assignment, lease: Lease) => Promise<PartitionWorker> {
  const { options, context, views, writes, kept, pace, memory } = parts;
  const { role, metrics, states } = context;

  async function engineOf(assignment: Assignment): Promise<KeptEngine<State, Input, Output>> {
    const place = placeOf(assignment);
    const known = kept.get(place);
    kept.delete(place);
    const isOurs = known?.committed === assignment.committed?.offset && known?.life === assignment.life;
    if (known && isOurs) return known;
    await known?.close();
    const startMs = performance.now();
    const opened = await KeptEngine.open(options, context, assignment, memory);
    if (states.durable) metrics.observe('restoreSeconds', { role }, (performance.now() - startMs) / 1000);
    return opened;
  }

  return async function openKeyedWorker(assignment, { signal }) {
    const { topic, partition, partitions } = assignment;
    const view = views.get(topic);
    if (!view) throw new TypeError(`${role} was given ${topic}, which it does not read`);
    const state = await engineOf(assignment);
    const { engine } = state;
    const tempo = pace.partition(placeOf(assignment), performance.now(), (partition + 1) / partitions);
    const read = batchInput(context, assignment, view);
    const positionOf = outputPositions(
      context,
      assignment,
      writes,
      writes ? await context.producer.partitionsOf(writes.topic) : 0,
    );
    const counted = { evicted: engine.evicted, expired: engine.expired, repeated: engine.repeated, ...engine.moved };
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

    let isFull = false;
    function report(): void {
      if (!isFull && engine.evicted > counted.evicted) {
        isFull = true;
        context.logger.warn(
          { topic, partition, keys: engine.size },
          'no more keys may be held: the idlest are closed early, and judged anew when they come back (raise …_MAX_SESSIONS or …_MAX_KEYS)',
        );
      }
      metrics.set('stateKeys', { role, partition }, engine.size);
      const { spilled, loaded } = engine.moved;
      metrics.set('stateColdKeys', { role, partition }, engine.coldKeys);
      metrics.count('stateSpilled', { role }, spilled - counted.spilled);
      metrics.count('stateLoaded', { role }, loaded - counted.loaded);
      metrics.count('stateEvicted', { role }, engine.evicted - counted.evicted);
      metrics.count('stateExpired', { role }, engine.expired - counted.expired);
      metrics.count('recordsSkipped', { role, topic, reason: 'repeated' }, engine.repeated - counted.repeated);
      Object.assign(counted, {
        evicted: engine.evicted,
        expired: engine.expired,
        repeated: engine.repeated,
        spilled,
        loaded,
      });
      if (state.lastSeen && engine.watermarkMicros > -Infinity) {
        metrics.set(
          'watermarkLag',
          { role, partition },
          state.lastSeen.timestampMs / 1000 - engine.watermarkMicros / 1e6,
        );
      }
    }

    report();

    /** Outputs and behind them the marks that promise them, in one request: on each partition both are there or neither. */
    async function append(
      outputs: readonly OutgoingRecord[],
      answering: readonly number[],
      watermarkBefore: number,
      nextOffset: number | undefined,
    ): Promise<void> {
      const { watermarkMicros } = engine;
      const marks =
        watermarkMicros > watermarkBefore ? options.onWatermark?.(watermarkMicros, positionOf(state.lastSeen)) : [];
      await sendOutputs(context, writes, [...outputs, ...(marks ?? [])], answering);
      state.moveTo(nextOffset);
    }

    /** What is due beyond a slice: thousands of keys that expire at one record must not keep heartbeats, other lanes and /healthz waiting. */
    async function fireRest(lease: Lease, take: (outputs: readonly Output[]) => void): Promise<void> {
      while (engine.hasDue) {
        await new Promise((resolve) => setImmediate(resolve));
        await lease.heartbeat();
        take(engine.fireDue(TIMERS_AT_ONCE));
      }
    }

    async function checkpoint(lease: Lease): Promise<void> {
      const startMs = performance.now();
      const { bytes, threadMs } = await state.checkpoint(lease);
      const nowMs = performance.now();
      tempo.took(threadMs, nowMs);
      if (!states.durable) return;
      metrics.observe('checkpointSeconds', { role }, (nowMs - startMs) / 1000);
      metrics.count('checkpointBytes', { role }, bytes);
    }

    /** Whoever ticks was opened with all others of its generation: what they did not take back is someone else's now. */
    async function dropKept(): Promise<void> {
      const others = [...kept.values()];
      kept.clear();
      for (const other of others) await other.close();
    }

    return {
      async onBatch(batch, lease) {
        if (!state.isSound) throw fenced(`the state of partition ${partition} of ${topic}`);
        const wait = await read.prepare(batch);
        if (wait) return wait;
        const watermarkBefore = engine.watermarkMicros;
        const outputs: OutgoingRecord[] = [];
        const answering: number[] = [];
        const take = (found: readonly Output[], record: LogRecord): void => {
          for (const out of found) {
            outputs.push(options.output(out, positionOf(record)));
            answering.push(record.timestampMs);
          }
        };
        state.isSound = false;
        await read.each(batch, lease, (value, record) => {
          const input = options.input(value, record, at);
          if (input === undefined) return undefined;
          take(engine.observe(input, record.offset, TIMERS_AT_ONCE), record);
          return engine.hasDue ? fireRest(lease, (found) => take(found, record)) : undefined;
        });
        const last = batch.records.at(-1);
        if (last) state.lastSeen = { offset: last.offset, timestampMs: last.timestampMs };
        await append(outputs, answering, watermarkBefore, batch.nextOffset);
        const nowMs = performance.now();
        tempo.gotInput(nowMs, batch.nextOffset >= batch.highWatermark);
        // Without a store a checkpoint is a commit, and as cheap.
        if (!states.durable || tempo.isDue(nowMs)) await checkpoint(lease);
        report();
        return { kind: 'done' };
      },

      async onTick(lease) {
        await dropKept();
        const isDue = state.isAhead && (lease.signal.aborted || tempo.isDue(performance.now()));
        if (state.isSound && isDue) await checkpoint(lease);
      },

      async onIdle(lease) {
        const watermarkBefore = engine.watermarkMicros;
        const target = state.isSound ? options.onLogEnd?.(watermarkBefore, positionOf(state.lastSeen)) : undefined;
        if (target === undefined) return;
        // All else that a zombie writes is what its successor writes, too, for it follows from the log. This does not: who slept must not decide.
        await lease.heartbeat();
        if (lease.msSinceHeartbeat() >= lease.sessionTimeoutMs) throw fenced(`partition ${partition} of ${topic}`);
        state.isSound = false;
        const outputs: OutgoingRecord[] = [];
        const take = (found: readonly Output[]): void => {
          for (const out of found) outputs.push(options.output(out, positionOf(state.lastSeen)));
        };
        take(engine.advance(target, TIMERS_AT_ONCE));
        await fireRest(lease, take);
        await append(outputs, [], watermarkBefore, state.position);
        if (state.lastSeen) state.lastSeen = { ...state.lastSeen, timestampMs: context.clock.nowMs() };
        // What idleness decided is not in the source: it is kept at once.
        if (state.isAhead) await checkpoint(lease);
        report();
      },

      async close() {
        tempo.end();
        metrics.drop('stateKeys', { role, partition });
        metrics.drop('stateColdKeys', { role, partition });
        metrics.drop('watermarkLag', { role, partition });
        // What idleness decides is not in the log: another holder may have decided it meanwhile, without moving any offset.
        const isOfLogAlone = options.onLogEnd === undefined;
        if (state.isSound && isOfLogAlone && !signal.aborted) kept.set(placeOf(assignment), state);
        else await state.close();
      },

      startOffset: state.position,
    };
  };
}

const placeOf = ({ topic, partition }: Assignment): string => `${topic}/${partition}`;
