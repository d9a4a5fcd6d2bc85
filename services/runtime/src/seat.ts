// A seat: one partition while one member holds it. What an adapter must do alike, whatever the log: lease, order of calls, idleness.

import type { Assignment, Batch, BatchOutcome, Commit, Lane, Lease, PartitionWorker } from './contract.js';
import { commitBackwards, fenced, metadataTooLong } from './errors.js';
import { turns } from './turns.js';

/** Kafka's limit (offset.metadata.max.bytes). */
const METADATA_BYTES = 4096;

/** What a seat needs of its adapter. `commit` and `heartbeat` throw where the group refuses. */
export interface SeatGroup {
  commit(topic: string, partition: number, commit: Commit): Promise<void>;
  heartbeat(): Promise<void>;
  msSinceHeartbeat(): number;
  readonly sessionTimeoutMs: number;
  readonly signal: AbortSignal;
}

export interface SeatOptions {
  readonly lane: Lane;
  readonly assignment: Assignment;
  readonly group: SeatGroup;
  /** Where reading begins, and the log's end as of now. */
  readonly startOffset: number;
  readonly endOffset: number;
  readonly idleMs: number;
}

/** Invariant: calls of the worker never overlap, and none begins once the seat is lost. */
export class Seat {
  readonly topic: string;
  readonly partition: number;
  readonly #options: SeatOptions;
  readonly #lease: Lease;
  readonly #inTurn = turns();
  #worker: PartitionWorker | undefined;
  #held = true;
  #ticking: Promise<void> | undefined;
  #committed: number;
  #position: number;
  #end: number;
  /** When a record came last, or idleness was told last: from here the next idleMs count. */
  #idleSinceMs = performance.now();

  constructor(options: SeatOptions) {
    this.#options = options;
    this.topic = options.assignment.topic;
    this.partition = options.assignment.partition;
    this.#position = options.startOffset;
    this.#end = options.endOffset;
    this.#committed = options.assignment.committed?.offset ?? -1;
    this.#lease = this.#makeLease(options.group);
  }

  /** The next offset to read. */
  get position(): number {
    return this.#position;
  }

  get held(): boolean {
    return this.#held;
  }

  async open(): Promise<void> {
    const { lane, assignment } = this.#options;
    await this.#inTurn(async () => {
      this.#worker = await lane.open(assignment, this.#lease);
      this.#position = Math.max(this.#position, this.#worker.startOffset ?? 0);
    });
  }

  /** Hands a batch to the worker, after whatever it is at. */
  deliver(batch: Batch): Promise<BatchOutcome> {
    return this.#inTurn(async () => {
      if (!this.#held || !this.#worker) throw fenced(this.#name());
      this.#idleSinceMs = performance.now();
      const outcome = await this.#worker.onBatch(batch, this.#lease);
      this.#idleSinceMs = performance.now();
      if (outcome.kind === 'done') this.moveTo(batch.nextOffset, batch.highWatermark);
      return outcome;
    });
  }

  /** Reading went on without records for the worker (transaction markers). */
  moveTo(nextOffset: number, highWatermark: number): void {
    this.#position = Math.max(this.#position, nextOffset);
    this.#end = Math.max(this.#end, highWatermark);
  }

  /** Lets the worker do what has come due, after whatever it is at; one that waits already is enough. */
  tick(): Promise<void> {
    this.#ticking ??= this.#inTurn(async () => {
      this.#ticking = undefined;
      if (this.#held) await this.#worker?.onTick?.(this.#lease);
    });
    return this.#ticking;
  }

  /** Tells the worker that the log's end is reached and has been quiet for idleMs; again after each further idleMs, for event time goes on. */
  async tellIdle(): Promise<void> {
    if (!this.#isIdle()) return;
    await this.#inTurn(async () => {
      if (!this.#held || !this.#isIdle()) return;
      this.#idleSinceMs = performance.now();
      await this.#worker?.onIdle?.(this.#lease);
    });
  }

  /** From now on nothing is committed; resolves when the worker has closed. */
  async lose(): Promise<void> {
    this.#held = false;
    await this.#inTurn(async () => {
      const worker = this.#worker;
      this.#worker = undefined;
      await worker?.close();
    });
  }

  /** Fences at once, without waiting for the worker. */
  fence(): void {
    this.#held = false;
  }

  /** Waits for what the worker is at. */
  async settled(): Promise<void> {
    await this.#inTurn(() => Promise.resolve());
  }

  #isIdle(): boolean {
    return this.#position >= this.#end && performance.now() - this.#idleSinceMs >= this.#options.idleMs;
  }

  #name(): string {
    return `partition ${this.partition} of ${this.topic}`;
  }

  #makeLease(group: SeatGroup): Lease {
    const mustHold = (): void => {
      if (!this.#held) throw fenced(this.#name());
    };
    return {
      sessionTimeoutMs: group.sessionTimeoutMs,
      signal: group.signal,
      msSinceHeartbeat: () => {
        mustHold();
        return group.msSinceHeartbeat();
      },
      heartbeat: async () => {
        mustHold();
        await group.heartbeat();
        mustHold();
      },
      commit: async (nextOffset, metadata = '') => {
        mustHold();
        const bytes = Buffer.byteLength(metadata);
        if (bytes > METADATA_BYTES) throw metadataTooLong(bytes);
        if (nextOffset < this.#committed)
          throw commitBackwards(this.topic, this.partition, this.#committed, nextOffset);
        await group.commit(this.topic, this.partition, { offset: nextOffset, metadata });
        this.#committed = nextOffset;
      },
    };
  }
}
