// How long a detection takes to become readable: from the append of the record that completed its evidence to the first SELECT that sees it.

export interface LatencySummary {
  readonly p50: number;
  readonly p99: number;
}

/** The nearest-rank percentiles of a list of milliseconds; zeros where it is empty. */
export function summarise(latenciesMs: readonly number[]): LatencySummary {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: Math.round(rank(0.5)), p99: Math.round(rank(0.99)) };
}
