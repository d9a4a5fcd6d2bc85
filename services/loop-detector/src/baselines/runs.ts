// Exact repetition in a sequence: runs, windows, alternation and cycles, each kept up to date item by item.

/** How many of the latest items are the same; an item without a key ends the run. */
export function run<T>(keyOf: (item: T) => string | undefined): (item: T) => number {
  let last: string | undefined;
  let length = 0;
  return function runLength(item) {
    const key = keyOf(item);
    length = key === undefined ? 0 : key === last ? length + 1 : 1;
    last = key;
    return length;
  };
}

/** The latest `size` values, oldest first, the item's own included. */
export function recent<T, V>(valueOf: (item: T) => V, size: number): (item: T) => readonly V[] {
  const values: V[] = [];
  return function latest(item) {
    values.push(valueOf(item));
    if (values.length > size) values.shift();
    return values;
  };
}

/** How many of the latest items take turns between two (A B A B is 4); 1 after a repeat. */
export function pingPong<T>(keyOf: (item: T) => string): (item: T) => number {
  let last: string | undefined;
  let beforeLast: string | undefined;
  let length = 0;
  return function turns(item) {
    const key = keyOf(item);
    if (last === undefined || key === last) length = 1;
    else length = key === beforeLast ? length + 1 : 2;
    beforeLast = last;
    last = key;
    return length;
  };
}

/** How often the latest items go through one cycle of 1 to `maxPeriod` items, by the period that has gone furthest (A B A B A is 2.5). */
export function cycles<T>(keyOf: (item: T) => string, maxPeriod: number): (item: T) => number {
  const keys: string[] = [];
  /** By period - 1: how many of the latest items equal the one a period before. */
  const matched = new Array<number>(maxPeriod).fill(0);
  return function rounds(item) {
    const key = keyOf(item);
    let most = 0;
    for (let period = 1; period <= maxPeriod; period++) {
      const length = keys.at(-period) === key ? (matched[period - 1] ?? 0) + 1 : 0;
      matched[period - 1] = length;
      if (length > 0) most = Math.max(most, length / period + 1);
    }
    keys.push(key);
    if (keys.length > maxPeriod) keys.shift();
    return most;
  };
}
