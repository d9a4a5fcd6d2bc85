// A member of a group of the log in memory.

import type { Assignment, Batch, Commit, ConsumeOptions, Consumption, FetchSettings, LogRecord } from './contract.js';
import { deferred } from './deferred.js';
import { fenced, isFenced, isGivenUp } from './errors.js';
import { fetchSettings } from './fetch-settings.js';
import { startOffset } from './start-offset.js';
import { Seat } from './seat.js';
import { sleep } from './sleep.js';

/** One partition: records in offset order, the first at `begin`. */
export interface MemoryPartition {
  readonly records: LogRecord[];
  begin: number;
}

/** The group as its member sees it. */
export interface MemberGroup {
  partitionsOf(topic: string): readonly MemoryPartition[];
  lifeOf(topic: string): string | undefined;
  committed(topic: string, partition: number): Commit | undefined;
  commit(topic: string, partition: number, commit: Commit): void;
  has(member: MemoryMember): boolean;
  /** All is dealt anew, with this member whether it was put out or not. */
  rejoin(member: MemoryMember): Promise<void>;
  leave(member: MemoryMember): Promise<void>;
  /** Called when something was appended or committed. */
  readonly watchers: Set<() => void>;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly maxBatch: number;
}

export class MemoryMember implements Consumption {
  readonly id: string;
  readonly done: Promise<void>;
  readonly joined: Promise<void>;
  readonly #group: MemberGroup;
  readonly #consume: ConsumeOptions;
  readonly #fetch: FetchSettings;
  readonly #stopping = new AbortController();
  readonly #end = deferred<undefined>();
  readonly #firstAssignment = deferred<undefined>();
  #generation = new AbortController();
  #seats: Seat[] = [];
  #pumps: Promise<void>[] = [];
  #plan: ReadonlyMap<string, readonly number[]> = new Map();
  #heartbeatMs = performance.now();
  #fault: { readonly error: unknown } | undefined;

  constructor(id: string, group: MemberGroup, consume: ConsumeOptions) {
    this.id = id;
    this.#group = group;
    this.#consume = consume;
    this.#fetch = fetchSettings(consume.lane.fetch);
    this.done = this.#end.promise.then(() => undefined);
    this.done.catch(() => undefined);
    this.joined = this.#firstAssignment.promise.then(() => undefined);
  }

  get topics(): readonly string[] {
    return this.#consume.lane.topics;
  }

  /** The partition numbers it holds or held last. */
  get numbers(): readonly number[] {
    return [...new Set([...this.#plan.values()].flat())];
  }

  assigned(): ReadonlyMap<string, readonly number[]> {
    return this.#plan;
  }

  msSinceProgress(): number {
    return performance.now() - this.#heartbeatMs;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#generation.abort();
    await Promise.allSettled(this.#seats.map((seat) => seat.tick()));
    await this.#group.leave(this);
    await this.release();
    this.#plan = new Map();
    if (this.#fault) this.#end.reject(this.#fault.error);
    else this.#end.resolve(undefined);
  }

  /** Lets go of the generation's partitions: true where the work at hand ended before the rebalance timed out. */
  async release(): Promise<boolean> {
    this.#generation.abort();
    const seats = this.#seats;
    const pumps = this.#pumps;
    this.#seats = [];
    this.#pumps = [];
    const settled = Promise.all(pumps).then(() => true);
    const timeout = new AbortController();
    const late = sleep(this.#group.rebalanceTimeoutMs, timeout.signal).then(() => false);
    const inTime = await Promise.race([settled, late]);
    timeout.abort();
    for (const seat of seats) seat.fence();
    const closed = settled.then(() => Promise.all(seats.map((seat) => seat.lose())));
    if (inTime) await closed;
    else closed.catch((error: unknown) => this.#fail(error));
    return inTime;
  }

  /** A new generation's partitions. */
  async take(plan: ReadonlyMap<string, readonly number[]>): Promise<void> {
    this.#plan = plan;
    this.#heartbeatMs = performance.now();
    this.#firstAssignment.resolve(undefined);
    this.#consume.onAssigned?.();
    this.#generation = new AbortController();
    if (this.#stopping.signal.aborted) return;
    const { signal } = this.#generation;
    await Promise.resolve();
    for (const [topic, partitions] of plan) {
      for (const partition of partitions) this.#pumps.push(this.#run(topic, partition, signal));
    }
  }

  async #run(topic: string, partition: number, generation: AbortSignal): Promise<void> {
    try {
      const seat = this.#seatOf(topic, partition);
      this.#seats.push(seat);
      await seat.open();
      await this.#pump(seat, generation);
    } catch (error) {
      if (isGivenUp(error, this.#stopping.signal)) return;
      if (isFenced(error)) await this.#group.rejoin(this);
      else this.#fail(error);
    }
  }

  #seatOf(topic: string, partition: number): Seat {
    const partitions = this.#group.partitionsOf(topic);
    const { begin, records } = partitions[partition] ?? { begin: 0, records: [] };
    const committed = this.#group.committed(topic, partition);
    const life = this.#group.lifeOf(topic);
    const assignment: Assignment = { topic, partition, partitions: partitions.length, committed, life };
    const end = begin + records.length;
    return new Seat({
      lane: this.#consume.lane,
      assignment,
      startOffset: startOffset(assignment, { begin, end }, this.#consume.acceptGap ?? false),
      endOffset: end,
      idleMs: this.#fetch.idleMs,
      group: {
        sessionTimeoutMs: this.#group.sessionTimeoutMs,
        signal: this.#stopping.signal,
        msSinceHeartbeat: () => performance.now() - this.#heartbeatMs,
        heartbeat: async () => {
          await Promise.resolve();
          if (!this.#group.has(this)) throw fenced(`partition ${partition} of ${topic}`);
          this.#heartbeatMs = performance.now();
        },
        commit: async (ofTopic, ofPartition, commit) => {
          await Promise.resolve();
          this.#group.commit(ofTopic, ofPartition, commit);
        },
      },
    });
  }

  async #pump(seat: Seat, generation: AbortSignal): Promise<void> {
    while (!isAborted(generation)) {
      const batch = this.#read(seat);
      if (!batch) {
        await this.#somethingNew(seat, generation);
        this.#heartbeatMs = performance.now();
        if (!isAborted(generation)) {
          await seat.tick();
          await seat.tellIdle();
        }
        continue;
      }
      const { topic, partition, nextOffset, highWatermark } = batch;
      this.#consume.onFetched?.({ topic, partition, nextOffset, highWatermark });
      const outcome = await seat.deliver(batch);
      this.#heartbeatMs = performance.now();
      if (outcome.kind === 'again') await sleep(outcome.afterMs, generation);
      // Other partitions, timers and I/O go on between two batches.
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #read(seat: Seat): Batch | undefined {
    const { topic, partition, position } = seat;
    const log = this.#group.partitionsOf(topic)[partition];
    if (!log) return undefined;
    const from = position - log.begin;
    const records = log.records.slice(from, from + this.#group.maxBatch);
    if (records.length === 0) return undefined;
    return {
      topic,
      partition,
      records,
      nextOffset: position + records.length,
      highWatermark: log.begin + log.records.length,
    };
  }

  async #somethingNew(seat: Seat, generation: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const wake = (): void => waiting.abort();
    const look = (): void => {
      if (this.#read(seat)) wake();
    };
    this.#group.watchers.add(look);
    generation.addEventListener('abort', wake, { once: true });
    await sleep(Math.min(this.#fetch.idleMs, this.#fetch.maxWaitMs), waiting.signal);
    this.#group.watchers.delete(look);
    generation.removeEventListener('abort', wake);
  }

  #fail(error: unknown): void {
    this.#fault ??= { error };
    if (!this.#stopping.signal.aborted) void this.stop();
  }
}

// A function, for the compiler takes a signal once seen unaborted to stay so.
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
