// Sends a looped fleet's events at a pace that may change while it sends.

import { sleep, type LogProducer } from '@watchkeeper/runtime';
import type { LoopedFleet, Shape } from './looped-fleet.js';

const TICK_MS = 50;
/** Records of one request. */
const MOST_AT_ONCE = 5_000;

export interface Pace {
  readonly eventsPerSecond: number;
  readonly shape: Shape;
}

export class Load {
  readonly #producer: LogProducer;
  readonly #fleet: LoopedFleet;
  readonly #over = new AbortController();
  #pace: Pace = { eventsPerSecond: 0, shape: (event) => event };
  /** Events that the present pace has asked for since it was set, and those of them that were sent. */
  #due = 0;
  #done = 0;
  #sent = 0;

  constructor(producer: LogProducer, fleet: LoopedFleet) {
    this.#producer = producer;
    this.#fleet = fleet;
  }

  /** Acknowledged so far. */
  get sent(): number {
    return this.#sent;
  }

  /** From now on; what the last pace asked for and was not sent is forgotten. */
  set pace(pace: Pace) {
    this.#pace = pace;
    this.#due = 0;
    this.#done = 0;
  }

  /** Sends until it is stopped. Throws what the producer throws. */
  async run(): Promise<void> {
    let lookedMs = performance.now();
    while (!this.#over.signal.aborted) {
      const nowMs = performance.now();
      const pace = this.#pace;
      this.#due += ((nowMs - lookedMs) * pace.eventsPerSecond) / 1_000;
      lookedMs = nowMs;
      const count = Math.min(Math.floor(this.#due) - this.#done, MOST_AT_ONCE);
      this.#done += count;
      await this.#put(count, Date.now() * 1_000, pace.shape);
      if (this.#done >= Math.floor(this.#due)) await sleep(TICK_MS, this.#over.signal);
    }
  }

  stop(): void {
    this.#over.abort();
  }

  /** As fast as it goes, all as of one moment. */
  async fill(count: number, micros: number, shape: Shape): Promise<void> {
    for (let done = 0; done < count; done += MOST_AT_ONCE)
      await this.#put(Math.min(MOST_AT_ONCE, count - done), micros, shape);
  }

  async #put(count: number, micros: number, shape: Shape): Promise<void> {
    if (count === 0) return;
    await this.#producer.send('agent.events', this.#fleet.next(count, micros, shape));
    this.#sent += count;
  }
}
