// The constants of the series detector, frozen: one set for every series.

export interface SeriesConstants {
  /** Decades of surprise that alarm. */
  readonly threshold: number;
  /** What each tenfold length of the series adds to the surprise asked for: a longer one shows rarer things by chance. */
  readonly perTenfold: number;
  /** The length at which nothing is added or given. */
  readonly referencePoints: number;
  /** Points before the first alarm can come. */
  readonly probation: number;
  /** After an alarm none follows for this share of what was seen, within the bounds. */
  readonly refractoryShare: number;
  readonly minRefractory: number;
  readonly maxRefractory: number;
  /** Deviations usual at this hour from which the rhythm counts as broken, and for how many points that is news. */
  readonly rhythmDeviations: number;
  readonly rhythmEntryPoints: number;
  /** From this age on the hours are known: the watch speaks instead of the rhythm, from so many times the threshold on … */
  readonly settledMicros: number;
  readonly watchTimes: number;
  /** … at most once in so many points; and novelty alone must surprise by so many decades more. */
  readonly watchGapPoints: number;
  readonly settledAsksMore: number;
  /** Before, from this age on, novelty must surprise by so many decades more where the watch is surprised by less than these. */
  readonly heardMicros: number;
  readonly calmAsksMore: number;
  readonly calmDecades: number;
}

/**
 * `watchkeeper evaluate nab --choose` gives the threshold, perTenfold and rhythmDeviations: the best mean over nine forms of the
 * development series (as they are; averaged, thinned, cut, noisy, in logarithms), not the best of the series as they are.
 */
export const SERIES_CONSTANTS: SeriesConstants = {
  threshold: 2,
  perTenfold: 0.7,
  referencePoints: 2000,
  probation: 100,
  refractoryShare: 0.04,
  minRefractory: 30,
  maxRefractory: 400,
  rhythmDeviations: 4,
  rhythmEntryPoints: 12,
  settledMicros: 14 * 86_400_000_000,
  watchTimes: 2.3,
  watchGapPoints: 72,
  settledAsksMore: 0.5,
  heardMicros: 7 * 86_400_000_000,
  calmAsksMore: 0.5,
  calmDecades: 5,
};
