// Counts by log-bucket, ascending: merged in the order of buckets, so that no sum depends on the order of arrival.

import type { HistogramArrays, StateReader, StateWriter } from '@watchkeeper/schemas';

/** How many values a histogram's arrays hold. Counts that are not positive hold none. */
export function countOf({ counts }: HistogramArrays): number {
  let count = 0;
  for (const n of counts) if (n > 0) count += n;
  return count;
}

/** Both histograms as one. */
export function mergedArrays(one: HistogramArrays, other: HistogramArrays): HistogramArrays {
  const tally = new Tally();
  tally.add(one);
  tally.add(other);
  return { buckets: tally.buckets.slice(0, tally.size), counts: tally.counts.slice(0, tally.size) };
}

/** A histogram that is filled and emptied over and over without letting go of its memory. */
export class Tally {
  /** The first `size` of these count; the rest is room. */
  readonly buckets: number[] = [];
  readonly counts: number[] = [];
  size = 0;
  /** Values held. */
  total = 0;

  /** Adds what the contract's arrays hold; a bucket without a positive count adds nothing. */
  add({ buckets, counts }: HistogramArrays): void {
    for (let i = 0, at = 0; i < buckets.length; i++) {
      const bucket = buckets[i];
      const count = counts[i];
      if (bucket === undefined || count === undefined || !(count > 0)) continue;
      // Ascending as a rule: the search goes on where the last one ended.
      while (at > 0 && (this.buckets[at - 1] ?? 0) >= bucket) at--;
      while (at < this.size && (this.buckets[at] ?? 0) < bucket) at++;
      if (at < this.size && this.buckets[at] === bucket) this.counts[at] = (this.counts[at] ?? 0) + count;
      else this.#insert(at, bucket, count);
      this.total += count;
    }
  }

  clear(): void {
    this.size = 0;
    this.total = 0;
  }

  encode(writer: StateWriter): void {
    writer.int(this.size);
    for (let i = 0; i < this.size; i++) writer.int(this.buckets[i] ?? 0).int(this.counts[i] ?? 0);
  }

  decode(reader: StateReader): void {
    for (let left = reader.int(); left > 0; left--) this.add({ buckets: [reader.int()], counts: [reader.int()] });
  }

  #insert(at: number, bucket: number, count: number): void {
    for (let i = this.size; i > at; i--) {
      this.buckets[i] = this.buckets[i - 1] ?? 0;
      this.counts[i] = this.counts[i - 1] ?? 0;
    }
    this.buckets[at] = bucket;
    this.counts[at] = count;
    this.size++;
  }
}
