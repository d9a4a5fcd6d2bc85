// A rate over the last seconds, of a count that grows in steps: events land in blocks, two seconds apart.

/** Keeps the counts of the last `windowMs`. Times are milliseconds of any clock that does not go back. */
export class RollingRate {
  readonly #windowMs: number;
  readonly #seen: { count: number; atMs: number }[] = [];

  constructor(windowMs = 10_000) {
    this.#windowMs = windowMs;
  }

  /** Takes the count as of `atMs`; how much it grew per second since the oldest one kept, 0 at the first. */
  perSecond(count: number, atMs: number): number {
    this.#seen.push({ count, atMs });
    while (this.#seen.length > 2 && (this.#seen[1]?.atMs ?? atMs) <= atMs - this.#windowMs) this.#seen.shift();
    const oldest = this.#seen[0];
    if (oldest === undefined || oldest.atMs === atMs) return 0;
    return ((count - oldest.count) * 1_000) / (atMs - oldest.atMs);
  }
}
