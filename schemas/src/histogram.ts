// Mergeable log-histograms: counts per bucket of equal ratio, so that adding in any order gives the same sums.

/** Each bucket's upper edge is this many times its lower one. */
export const HISTOGRAM_BASE = 1.1;
/** A bucket's geometric middle is off by at most √1.1 − 1. */
export const HISTOGRAM_RELATIVE_ERROR = Math.sqrt(HISTOGRAM_BASE) - 1;
/** Values from about 1e18 on share one bucket. */
export const HISTOGRAM_TOP_BUCKET = 436;

const LOG_BASE = Math.log(HISTOGRAM_BASE);

/** A histogram as the contract carries it: bucket indices, ascending, and their counts. */
export interface HistogramArrays {
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
}

/** The bucket of a value: 0 for less than 1 (and for what is no number), else 1 + ⌊log₁.₁ value⌋. */
export function histogramBucket(value: number): number {
  if (!(value >= 1)) return 0;
  // The nudge keeps an exact power of the base out of the bucket below, where rounding would put some of them.
  return Math.min(HISTOGRAM_TOP_BUCKET, 1 + Math.floor(Math.log(value) / LOG_BASE + 1e-9));
}

/** The value that stands for a bucket: its geometric middle; 0 for bucket 0. */
export function histogramValue(bucket: number): number {
  return bucket <= 0 ? 0 : Math.exp((bucket - 0.5) * LOG_BASE);
}

/** Counts by bucket, growing. */
export type Histogram = Map<number, number>;

/** Adds `count` values of one bucket. */
export function addToHistogram(histogram: Histogram, bucket: number, count = 1): void {
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + count);
}

/** Adds what the contract's arrays hold. A bucket without a count, or a count that is not positive, adds nothing. */
export function mergeHistogram(into: Histogram, { buckets, counts }: HistogramArrays): void {
  for (let i = 0; i < buckets.length; i++) {
    const bucket = buckets[i];
    const count = counts[i];
    if (bucket !== undefined && count !== undefined && count > 0) addToHistogram(into, bucket, count);
  }
}

/** The contract's arrays of a histogram. */
export function histogramArrays(histogram: Histogram): { buckets: number[]; counts: number[] } {
  if (histogram.size === 1) {
    for (const [bucket, count] of histogram) return { buckets: [bucket], counts: [count] };
  }
  const buckets = [...histogram.keys()].sort((a, b) => a - b);
  return { buckets, counts: buckets.map((bucket) => histogram.get(bucket) ?? 0) };
}

/** How many values a histogram holds. */
export function histogramCount(histogram: Histogram): number {
  let count = 0;
  for (const n of histogram.values()) count += n;
  return count;
}

/** The value below which a share `q` (0 to 1) of the values lies, within the relative error; 0 of an empty histogram. */
export function histogramQuantile(histogram: Histogram, q: number): number {
  const { buckets, counts } = histogramArrays(histogram);
  let left = q * histogramCount(histogram);
  for (let i = 0; i < buckets.length; i++) {
    left -= counts[i] ?? 0;
    if (left <= 0) return histogramValue(buckets[i] ?? 0);
  }
  return histogramValue(buckets.at(-1) ?? 0);
}
