// A doubly linked list in the order of last use: touching, removing and finding the idlest take constant time.

/** An item carries its own links; the list alone writes them. */
export interface Linked<T> {
  newer: T | undefined;
  older: T | undefined;
}

export class RecencyList<T extends Linked<T>> {
  #newest: T | undefined;
  #oldest: T | undefined;

  get oldest(): T | undefined {
    return this.#oldest;
  }

  get newest(): T | undefined {
    return this.#newest;
  }

  /** Makes `item` the newest, whether it is in the list or not. */
  touch(item: T): void {
    if (this.#newest === item) return;
    this.remove(item);
    item.older = this.#newest;
    if (this.#newest) this.#newest.newer = item;
    this.#newest = item;
    this.#oldest ??= item;
  }

  remove(item: T): void {
    const { newer, older } = item;
    if (newer) newer.older = older;
    else if (this.#newest === item) this.#newest = older;
    if (older) older.newer = newer;
    else if (this.#oldest === item) this.#oldest = newer;
    item.newer = undefined;
    item.older = undefined;
  }

  *oldestFirst(): Iterable<T> {
    for (let item = this.#oldest; item; item = item.newer) yield item;
  }
}
