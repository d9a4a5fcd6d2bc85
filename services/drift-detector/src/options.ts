// What can be set, and where it stands when nobody sets it.

export interface DriftOptions {
  /** A hijack fires at this fused probability. */
  readonly hijackThreshold: number;
  /** A departure or slide of subject fires where the cumulative sum reaches this. */
  readonly departureThreshold: number;
}

export const defaultDriftOptions: DriftOptions = { hijackThreshold: 0.5, departureThreshold: 3.6 };
