// Those who wait for a state of the outbox, each with a patience of its own.

interface Waiter {
  readonly until: () => boolean;
  readonly done: () => void;
}

export class Waiters {
  readonly #waiting = new Set<Waiter>();

  get size(): number {
    return this.#waiting.size;
  }

  /** True once {@link settle} finds `until` true, false after `ms`. While it waits it holds the process. */
  reached(until: () => boolean, ms?: number): Promise<boolean> {
    if (until()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (value: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiter);
        resolve(value);
      };
      const waiter: Waiter = { until, done: () => end(true) };
      const timer = ms === undefined ? undefined : setTimeout(() => end(false), ms);
      this.#waiting.add(waiter);
    });
  }

  /** The state has changed: lets go of those who have what they wait for. */
  settle(): void {
    for (const { until, done } of [...this.#waiting]) if (until()) done();
  }
}
