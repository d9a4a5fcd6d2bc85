// A binary heap of timers, in the order of due time, then key: the same timers always fire in the same order.

/** What a timer wakes: `key` breaks ties. */
export interface Timed {
  readonly key: string;
}

interface Timer<T> {
  readonly dueMicros: number;
  readonly of: T;
}

/** Timers are never removed: the owner skips those that no longer hold, and {@link TimerHeap.rebuild} drops them. */
export class TimerHeap<T extends Timed> {
  #heap: Timer<T>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest due time; Infinity where there is none. */
  get nextMicros(): number {
    return this.#heap[0]?.dueMicros ?? Infinity;
  }

  push(dueMicros: number, of: T): void {
    const timer = { dueMicros, of };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(timer, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = timer;
  }

  pop(): Timer<T> | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return top;
  }

  /** Keeps only the timers given. */
  rebuild(timers: Iterable<readonly [dueMicros: number, of: T]>): void {
    this.#heap = [];
    for (const [dueMicros, of] of timers) this.push(dueMicros, of);
  }

  #sink(timer: Timer<T>): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      let child = heap[childAt];
      if (child === undefined) break;
      const right = heap[childAt + 1];
      if (right !== undefined && before(right, child)) {
        child = right;
        childAt++;
      }
      if (!before(child, timer)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = timer;
  }
}

function before<T extends Timed>(a: Timer<T>, b: Timer<T>): boolean {
  return a.dueMicros < b.dueMicros || (a.dueMicros === b.dueMicros && a.of.key < b.of.key);
}
