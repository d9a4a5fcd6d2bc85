// A binary heap of things that are due: the merge of all sessions' events into one stream in order of time.

interface Due<T> {
  readonly at: number;
  /** Breaks ties, so that the same seed gives the same order. */
  readonly serial: number;
  readonly value: T;
}

/** Earliest first. */
export class DueHeap<T> {
  private readonly entries: Due<T>[] = [];
  private serial = 0;

  get size(): number {
    return this.entries.length;
  }

  /** When the earliest is due; Infinity where there is none. */
  nextAt(): number {
    return this.entries[0]?.at ?? Infinity;
  }

  push(at: number, value: T): void {
    const entry = { at, serial: this.serial++, value };
    const { entries } = this;
    let hole = entries.length;
    entries.push(entry);
    while (hole > 0) {
      const parentAt = (hole - 1) >> 1;
      const parent = entries[parentAt];
      if (parent === undefined || !before(entry, parent)) break;
      entries[hole] = parent;
      hole = parentAt;
    }
    entries[hole] = entry;
  }

  pop(): T | undefined {
    const { entries } = this;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined) return undefined;
    if (entries.length > 0) this.sink(last);
    return first.value;
  }

  private sink(entry: Due<T>): void {
    const { entries } = this;
    let hole = 0;
    for (;;) {
      let childAt = 2 * hole + 1;
      let child = entries[childAt];
      if (child === undefined) break;
      const right = entries[childAt + 1];
      if (right !== undefined && before(right, child)) {
        child = right;
        childAt += 1;
      }
      if (!before(child, entry)) break;
      entries[hole] = child;
      hole = childAt;
    }
    entries[hole] = entry;
  }
}

function before<T>(one: Due<T>, other: Due<T>): boolean {
  return one.at < other.at || (one.at === other.at && one.serial < other.serial);
}
