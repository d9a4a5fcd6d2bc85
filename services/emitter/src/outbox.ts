// The bounded buffer between the agent and the log, and the one loop that empties it. Invariants: events leave in the order in which they
// came; at most one send is under way; what is held never exceeds the bounds; nothing here throws into the agent.

import { rejectedBy } from './errors.js';
import type { EventRecord, Transport } from './transport.js';
import { Waiters } from './waiters.js';

/** Why an event was not delivered. */
export type DropReason = 'buffer_full' | 'too_large' | 'rejected' | 'unrecordable' | 'closed';

export interface OutboxOptions {
  readonly transport: Transport;
  /** Called on each record right before the first try, e.g. to set a schema id; it may wait. */
  readonly prepare: (records: readonly EventRecord[]) => Promise<void>;
  readonly maxEvents: number;
  readonly maxBytes: number;
  readonly maxEventBytes: number;
  readonly flushMs: number;
  readonly idleMs: number;
  /** The first pause after a failure; doubles up to 10 s, with jitter. */
  readonly retryMs: number;
  readonly notice: (text: string) => void;
}

export interface OutboxStats {
  readonly sent: number;
  readonly retries: number;
  readonly buffered: number;
  readonly bufferedBytes: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
}

const BATCH_EVENTS = 1_000;
const BATCH_BYTES = 1_000_000;
const MAX_RETRY_MS = 10_000;
/** A connection that does not close in this time is left to the process's end. */
const CLOSE_CONNECTION_MS = 2_000;

export class Outbox {
  readonly #options: OutboxOptions;
  #queue: EventRecord[] = [];
  #head = 0;
  #bytes = 0;
  #sent = 0;
  #retries = 0;
  #failures = 0;
  #saidFull = false;
  #closed = false;
  #running = false;
  #timer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #wakeUp: (() => void) | undefined;
  readonly #dropped: Record<DropReason, number> = {
    buffer_full: 0,
    too_large: 0,
    rejected: 0,
    unrecordable: 0,
    closed: 0,
  };
  readonly #waiters = new Waiters();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get stats(): OutboxStats {
    return {
      sent: this.#sent,
      retries: this.#retries,
      buffered: this.#size(),
      bufferedBytes: this.#bytes,
      dropped: { ...this.#dropped },
    };
  }

  /** Keeps the record for sending, or counts why not. */
  offer(record: EventRecord): void {
    const bytes = bytesOf(record);
    if (this.#closed) {
      this.drop('closed');
    } else if (bytes > this.#options.maxEventBytes) {
      this.drop('too_large');
    } else if (this.#size() >= this.#options.maxEvents || this.#bytes + bytes > this.#options.maxBytes) {
      this.drop('buffer_full');
      if (!this.#saidFull)
        this.#options.notice(
          `The buffer is full (${this.#size()} events, ${this.#bytes} bytes): new events are dropped and counted until the log takes some.`,
        );
      this.#saidFull = true;
    } else {
      this.#queue.push(record);
      this.#bytes += bytes;
      this.#schedule();
    }
  }

  drop(reason: DropReason, events = 1): void {
    this.#dropped[reason] += events;
  }

  /** Resolves to true when all that was offered before is delivered or dropped, to false when `ms` are over first. */
  async flush(ms: number): Promise<boolean> {
    const target = this.#sent + this.#lost() + this.#size();
    this.#wake();
    return this.#waiters.reached(() => this.#sent + this.#lost() >= target, ms);
  }

  /** Resolves when at most half of the bounds is used: for those who would rather wait than drop. */
  async room(): Promise<void> {
    const { maxEvents, maxBytes } = this.#options;
    const hasRoom = (): boolean => this.#closed || (this.#size() <= maxEvents / 2 && this.#bytes <= maxBytes / 2);
    if (!hasRoom()) this.#wake();
    await this.#waiters.reached(hasRoom);
  }

  /** Flushes for up to `ms`, then gives up the rest (counted) and the connection. */
  async close(ms: number): Promise<void> {
    if (this.#closed) return;
    await this.flush(ms);
    this.#closed = true;
    this.drop('closed', this.#size());
    this.#take(this.#size());
    clearTimeout(this.#idleTimer);
    this.#wake();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_CONNECTION_MS);
    });
    await Promise.race([this.#closeTransport(), patience]);
    clearTimeout(timer);
  }

  #size(): number {
    return this.#queue.length - this.#head;
  }

  /** Dropped after they were kept. */
  #lost(): number {
    return this.#dropped.rejected;
  }

  #schedule(): void {
    if (this.#running) return;
    if (this.#size() >= BATCH_EVENTS || this.#bytes >= BATCH_BYTES) {
      this.#wake();
    } else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => void this.#run(), this.#options.flushMs);
      // An agent that is done may exit; it has close() to wait for what is left.
      this.#timer.unref();
    }
  }

  /** Starts the loop now, or ends its pause. */
  #wake(): void {
    this.#wakeUp?.();
    if (!this.#running && this.#size() > 0) void this.#run();
  }

  /** The only one that sends. */
  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#idleTimer);
    this.#timer = undefined;
    // Let the agent's own turn end first.
    await Promise.resolve();
    while (this.#size() > 0 && !this.#closed) {
      const batch = this.#batch();
      if (await this.#deliver(batch)) this.#waiters.settle();
      else await this.#pause();
    }
    this.#running = false;
    if (this.#closed) return;
    // An open connection would keep an agent alive that forgot to call close().
    this.#idleTimer = setTimeout(() => void this.#closeTransport(), this.#options.idleMs);
    this.#idleTimer.unref();
  }

  /** True where the batch is dealt with, delivered or refused for good. */
  async #deliver(batch: readonly EventRecord[]): Promise<boolean> {
    let rejected = 0;
    try {
      await this.#options.prepare(batch);
      await this.#options.transport.send(batch);
    } catch (error) {
      rejected = rejectedBy(error) ?? 0;
      if (rejected === 0) {
        this.#failed(error);
        return false;
      }
      if (this.#dropped.rejected === 0) this.#options.notice(messageOf(error));
    }
    // What close() counted as lost while it was under way has been dealt with after all.
    if (this.#closed) this.#dropped.closed -= batch.length;
    this.#take(batch.length);
    this.drop('rejected', rejected);
    this.#sent += batch.length - rejected;
    this.#recovered();
    return true;
  }

  #take(records: number): void {
    for (let left = Math.min(records, this.#size()); left > 0; left--) {
      const record = this.#queue[this.#head++];
      if (record) this.#bytes -= bytesOf(record);
    }
    if (this.#head === this.#queue.length || this.#head > 10_000) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
  }

  #batch(): EventRecord[] {
    let bytes = 0;
    let end = this.#head;
    while (end < this.#queue.length && end - this.#head < BATCH_EVENTS) {
      const record = this.#queue[end];
      bytes += record ? bytesOf(record) : 0;
      if (bytes > BATCH_BYTES && end > this.#head) break;
      end++;
    }
    return this.#queue.slice(this.#head, end);
  }

  #failed(error: unknown): void {
    this.#failures++;
    this.#retries++;
    if (this.#failures > 1) return;
    this.#options.notice(
      `The log takes no events (${messageOf(error)}): up to ${this.#options.maxEvents} events or ${this.#options.maxBytes} bytes are kept, and sending is tried again until it works.`,
    );
  }

  #recovered(): void {
    if (this.#failures > 0) this.#options.notice(`The log takes events again, after ${this.#failures} failed tries.`);
    this.#failures = 0;
    this.#saidFull = false;
  }

  async #pause(): Promise<void> {
    const ms = Math.min(MAX_RETRY_MS, this.#options.retryMs * 2 ** Math.min(20, this.#failures - 1));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms / 2 + Math.random() * (ms / 2));
      if (this.#waiters.size === 0) timer.unref();
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wakeUp = undefined;
  }

  async #closeTransport(): Promise<void> {
    try {
      await this.#options.transport.close?.();
    } catch (error) {
      this.#options.notice(`The connection did not close in order (${messageOf(error)}).`);
    }
    this.#waiters.settle();
  }
}

function bytesOf(record: EventRecord): number {
  return record.key.length + record.value.length;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
