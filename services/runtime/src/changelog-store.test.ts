// The model of the changelog: lives of a partition that overlap, stall and die between any two steps, over a log in memory.

import { catalogueIds } from '@watchkeeper/schemas';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { changelogStore } from './changelog-store.js';
import { commonSettings } from './common-settings.js';
import { systemClock } from './clock.js';
import type { Batch, Lane, Lease, LogAdapter, PartitionWorker } from './contract.js';
import { isFenced } from './errors.js';
import { KeyedEngine, type EngineOptions } from './keyed-engine.js';
import { silentLogger } from './log.js';
import { memoryLog, type MemoryLog } from './memory-log.js';
import { createMetrics } from './metrics.js';
import { perKey } from './per-key.js';
import { topic, type RoleContext } from './role.js';
import { sequenced, type SequencedState } from './sequenced.js';
import { countDetector, countInput, CountView, testEvent, testValue } from './testing.js';
import type { CountInput, CountOutput, CountState } from './testing.js';
import { eventTimeWatermark } from './watermark.js';

// Thousands of lives end without closing anything, as a killed process does; what they had open must not outlive them here.
vi.mock('./cold-file.js', () => ({
  ColdFile: class {
    readonly #blobs = new Map<number, Buffer>();
    #next = 0;
    put(blob: Buffer): number {
      this.#blobs.set(this.#next, Buffer.from(blob));
      return this.#next++;
    }
    get(position: number, length: number): Buffer {
      const blob = this.#blobs.get(position);
      if (blob?.length !== length) throw new Error('read what was not written');
      return Buffer.from(blob);
    }
    free(position: number): void {
      this.#blobs.delete(position);
    }
    close(): void {
      this.#blobs.clear();
    }
  },
}));

const ROLE = 'counter';
const SOURCE = 'agent.events';
const OUT = 'agent.detections';
const CHANGELOG = `${ROLE}.${SOURCE}.changelog`;

type Options = EngineOptions<SequencedState<CountState, CountInput>, CountInput, CountOutput>;
const timeOf = (input: CountInput): number => input.timeMicros;
const engineOptions: Options = {
  detector: sequenced(countDetector(2, 3_000_000), { seqOf: (input) => input.seq, timeOf }),
  watermark: eventTimeWatermark({ timeOf, latenessMicros: 1_000_000 }),
  timeOf,
  idleMs: 20_000,
  maxKeys: 3,
};

const metrics = createMetrics();
const schemas = catalogueIds();

/** A process of the role: `log` is the log as that process reaches it. */
async function laneOf(log: LogAdapter): Promise<Lane> {
  const producer = await log.producer();
  const context: RoleContext = {
    role: ROLE,
    settings: commonSettings.parse({ KAFKA_BROKERS: 'a:1', CHECKPOINT_MS: '60000', STATE_MEMORY_MB: '0.0004' }),
    clock: systemClock,
    logger: silentLogger,
    metrics,
    admin: await log.admin(),
    producer,
    deadLetters: { send: () => Promise.resolve(), note: () => undefined },
    states: changelogStore({ log, producer, logger: silentLogger }),
    schemas,
    writerTypeOf: schemas.writerTypeOf,
    encode: () => Buffer.alloc(0),
    signal: new AbortController().signal,
  };
  const processor = perKey({
    ...engineOptions,
    input: countInput,
    output: (out: CountOutput) => ({ key: null, value: Buffer.from(JSON.stringify(out)) }),
  });
  const [lane] = await processor.lanes(context, {
    reads: [topic(SOURCE, CountView)],
    writes: topic(OUT, 'Detection'),
  });
  return lane!;
}

type Gate = <T>(step: () => Promise<T>) => Promise<T>;

/** The log where every step passes `gate`. */
function gated(log: MemoryLog, gate: Gate): LogAdapter {
  return {
    ...log,
    producer: async () => {
      const producer = await log.producer();
      return { ...producer, send: (name, records) => gate(() => producer.send(name, records)) };
    },
    transactor: async (id) => {
      const transactor = await gate(() => log.transactor(id));
      return {
        transact: (name, chunks, done) => gate(() => transactor.transact(name, chunks, done)),
        appendTo: (appends) => gate(() => transactor.appendTo(appends)),
        settle: (topic, partition) => gate(() => transactor.settle(topic, partition)),
        close: () => transactor.close(),
      };
    },
    async *readToEnd(name, partition) {
      yield* await gate(async () => {
        const batches: Batch[] = [];
        for await (const batch of log.readToEnd(name, partition)) batches.push(batch);
        return batches;
      });
    },
  };
}

type Step =
  | { readonly kind: 'batch'; readonly records: number }
  | { readonly kind: 'checkpoint' }
  /** A rebalance that gives the partition back to the same process. */
  | { readonly kind: 'reopen' };

interface Life {
  readonly steps: readonly Step[];
  /** The gate at which it dies, before or after the step there takes effect. */
  readonly diesAt: number;
  readonly startsAfter: number;
}

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('batch' as const), records: fc.integer({ min: 1, max: 6 }) }),
    },
    { weight: 3, arbitrary: fc.constant({ kind: 'checkpoint' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
  ),
  { minLength: 1, maxLength: 12 },
);
const lives = fc.array(
  fc.record<Life>({ steps, diesAt: fc.integer({ min: 0, max: 60 }), startsAfter: fc.integer({ min: 0, max: 8 }) }),
  { minLength: 1, maxLength: 4 },
);
const events = fc.array(
  fc.record({
    session: fc.constantFrom('a', 'b', 'c', 'd'),
    seq: fc.integer({ min: 0, max: 14 }),
    second: fc.integer({ min: 0, max: 60 }),
  }),
  { minLength: 1, maxLength: 40 },
);

const lease: Lease = {
  commit: () => Promise.reject(new Error('only checkpoints commit')),
  heartbeat: () => Promise.resolve(),
  msSinceHeartbeat: () => 0,
  sessionTimeoutMs: 1,
  signal: new AbortController().signal,
};
const stopping: Lease = { ...lease, signal: AbortSignal.abort() };

async function open(log: MemoryLog, lane: Lane, gate: Gate) {
  const admin = await log.admin();
  const committed = await gate(async () => (await admin.committed(ROLE, SOURCE)).get(0));
  const life = await admin.lifeOf(SOURCE);
  const worker = await lane.open({ topic: SOURCE, partition: 0, partitions: 1, committed, life }, lease);
  return { worker, position: Math.max(committed?.offset ?? 0, worker.startOffset ?? 0) };
}

/** One life from its opening to its end, or to where it is fenced. */
async function live(log: MemoryLog, life: readonly Step[], gate: Gate): Promise<void> {
  const lane = await laneOf(gated(log, gate));
  const source = log.records(SOURCE, 0);
  let worker: PartitionWorker;
  let position: number;
  ({ worker, position } = await open(log, lane, gate));
  try {
    for (const step of life) {
      if (step.kind === 'checkpoint') await worker.onTick?.(stopping);
      else if (step.kind === 'reopen') {
        await worker.close();
        ({ worker, position } = await open(log, lane, gate));
      } else {
        const records = source.slice(position, position + step.records);
        position += records.length;
        await worker.onBatch(
          { topic: SOURCE, partition: 0, records, nextOffset: position, highWatermark: source.length },
          lease,
        );
      }
    }
  } catch (error) {
    if (!isFenced(error)) throw error;
  }
}

const textsOf = (log: MemoryLog, name: string): string[] => log.records(name, 0).map(({ value }) => String(value));

/** What an undisturbed reader says of the same source. */
function undisturbed(log: MemoryLog, given: readonly CountInput[]): Set<string> {
  const engine = new KeyedEngine(engineOptions);
  return new Set(
    log
      .records(SOURCE, 0)
      .flatMap(({ offset }) => engine.observe(given[offset]!, offset).map((out) => JSON.stringify(out))),
  );
}

/** Detections of a disturbed run beside those of an undisturbed one. `broken` takes something away from the log. */
async function compare(
  given: readonly { session: string; seq: number; second: number }[],
  plan: readonly Life[],
  scheduler: fc.Scheduler,
  broken: (log: MemoryLog) => MemoryLog = (log) => log,
): Promise<{ found: Set<string>; wanted: Set<string> }> {
  const log = broken(memoryLog({ topics: { [SOURCE]: 1, [OUT]: 1, [CHANGELOG]: 1 }, nowMs: () => 0 }));
  const sent = given.map(({ session, seq, second }) =>
    testEvent({ session_id: session, seq, occurred_at: second * 1_000_000 }),
  );
  log.append(
    SOURCE,
    sent.map((event) => ({ key: null, value: testValue(event), partition: 0 })),
  );
  let gates = 0;
  const started = plan.map(async ({ steps: life, diesAt, startsAfter }) => {
    for (let wait = 0; wait < startsAfter; wait++) await scheduler.schedule(Promise.resolve());
    let passed = 0;
    let die: () => void = () => undefined;
    const dead = new Promise<void>((resolve) => (die = resolve));
    const turn = async (): Promise<void> => {
      if (passed++ === diesAt) {
        die();
        await new Promise(() => undefined);
      }
      await scheduler.schedule(Promise.resolve(), `gate ${gates++}`);
    };
    const gate: Gate = async (step) => {
      await turn();
      const result = await step();
      await turn();
      return result;
    };
    await Promise.race([live(log, life, gate), dead]);
  });
  await scheduler.waitFor(Promise.all(started));
  const rest: Step[] = Array.from({ length: given.length }, () => ({ kind: 'batch', records: 7 }));
  await live(log, [...rest, { kind: 'checkpoint' }], (step) => step());
  return { found: new Set(textsOf(log, OUT)), wanted: undisturbed(log, sent.map(countInput)) };
}

describe('the changelog', () => {
  it('gives the detections of an undisturbed run, wherever lives overlap, stall and die', async () => {
    await fc.assert(
      fc.asyncProperty(events, lives, fc.scheduler(), async (given, plan, scheduler) => {
        const { found, wanted } = await compare(given, plan, scheduler);
        expect(found).toEqual(wanted);
      }),
      { numRuns: 2_000, endOnFailure: true },
    );
  }, 120_000);

  it.each([
    [
      'the fence',
      (log: MemoryLog): MemoryLog => {
        let ids = 0;
        return { ...log, transactor: (id) => log.transactor(`${id}-${ids++}`) };
      },
    ],
    [
      'the records of the transaction',
      (log: MemoryLog): MemoryLog => ({
        ...log,
        transactor: async (id) => {
          const transactor = await log.transactor(id);
          return { ...transactor, transact: (name, _chunks, done) => transactor.transact(name, [], done) };
        },
      }),
    ],
  ])(
    'would not without %s',
    async (_what, broken) => {
      const { failed } = await fc.check(
        fc.asyncProperty(events, lives, fc.scheduler(), async (given, plan, scheduler) => {
          const { found, wanted } = await compare(given, plan, scheduler, broken);
          expect(found).toEqual(wanted);
        }),
        { numRuns: 5_000, endOnFailure: true },
      );
      expect(failed).toBe(true);
    },
    120_000,
  );
});
