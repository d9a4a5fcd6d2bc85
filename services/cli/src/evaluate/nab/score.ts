// The score of the Numenta Anomaly Benchmark (Lavin and Ahmad, 2015, arXiv 1510.03336), a port of its scorer.

/** Weights of a detected window, of a false alarm and of a missed window. */
export interface Profile {
  readonly name: 'standard' | 'reward_low_FP_rate' | 'reward_low_FN_rate';
  readonly hit: number;
  readonly falseAlarm: number;
  readonly miss: number;
}

export const PROFILES: readonly Profile[] = [
  { name: 'standard', hit: 1, falseAlarm: 0.11, miss: 1 },
  { name: 'reward_low_FP_rate', hit: 1, falseAlarm: 0.22, miss: 1 },
  { name: 'reward_low_FN_rate', hit: 1, falseAlarm: 0.11, miss: 2 },
];

/** First and last row of an anomaly window, both within it. */
export type RowWindow = readonly [first: number, last: number];

const PROBATION_SHARE = 0.15;
/** Of longer series no more than this counts towards the probation. */
const PROBATION_ROWS = 5000;
/** The benchmark's own files carry so many digits: what differs beyond them ties. */
const DIGITS = 1e12;
const OUTSIDE = -1;

/** A series as the scorer sees it: what an alarm at each row is worth before it is weighted. */
export interface ScoredSeries {
  /** Rows that are not judged. */
  readonly probation: number;
  /** By row: the window it lies in, or -1. */
  readonly windowOf: Int32Array;
  /** By row: 0 to 1 within a window, earlier is more; 0 to -1 outside, further behind the last window is less. */
  readonly credit: Float64Array;
  /** Whether any row of a window is judged, by window. */
  readonly isJudged: readonly boolean[];
}

/** `windows` in order of time, without overlap. */
export function scoredSeries(rows: number, windows: readonly RowWindow[]): ScoredSeries {
  const probation = Math.floor(Math.min(PROBATION_SHARE * rows, PROBATION_SHARE * PROBATION_ROWS));
  const windowOf = new Int32Array(rows).fill(OUTSIDE);
  const credit = new Float64Array(rows).fill(-1);
  const most = sigmoid(-1);
  for (const [at, [first, last]] of windows.entries()) {
    const width = last - first + 1;
    for (let row = first; row <= last; row++) {
      windowOf[row] = at;
      credit[row] = sigmoid((row - 1 - last) / width) / most;
    }
    // A false alarm soon after a window costs little; its position counts in rows less one, and it is not divided by the most.
    const next = windows[at + 1]?.[0] ?? rows;
    for (let row = last + 1; row < next; row++) credit[row] = sigmoid((row - last) / (width - 1));
  }
  return { probation, windowOf, credit, isJudged: windows.map(([, last]) => last >= probation) };
}

/** The scaled sigmoid of the paper: 1 far before the end of a window, 0 at it, -1 far behind. */
function sigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

/** A series with a detector's score for each row. */
export interface Judged {
  readonly series: ScoredSeries;
  readonly scores: ArrayLike<number>;
}

/** What a series adds to a score. */
export interface Share {
  readonly raw: number;
  readonly windows: number;
}

/** The part of one series in the score of a threshold. */
export function shareAt({ series, scores }: Judged, threshold: number, { hit, falseAlarm, miss }: Profile): Share {
  const best = new Map<number, number>();
  let raw = 0;
  for (let row = series.probation; row < series.windowOf.length; row++) {
    if (!(rounded(scores[row] ?? 0) >= threshold)) continue;
    const window = series.windowOf[row] ?? OUTSIDE;
    const credit = series.credit[row] ?? 0;
    if (window === OUTSIDE) raw += falseAlarm * credit;
    else best.set(window, Math.max(best.get(window) ?? -Infinity, credit));
  }
  for (const credit of best.values()) raw += hit * credit;
  raw -= miss * (series.isJudged.filter(Boolean).length - best.size);
  return { raw, windows: series.isJudged.length };
}

/** The shares as one score: 0 for a detector that never alarms, 100 for one that alarms once at the start of each window. */
export function scoreOf(shares: readonly Share[], { hit, miss }: Profile): number {
  const windows = shares.reduce((sum, share) => sum + share.windows, 0);
  const raw = shares.reduce((sum, share) => sum + share.raw, 0);
  return windows === 0 ? 0 : (100 * (raw + miss * windows)) / ((hit + miss) * windows);
}

/** The score of one threshold over all series. */
export function scoreAt(judged: readonly Judged[], threshold: number, profile: Profile): number {
  return scoreOf(
    judged.map((one) => shareAt(one, threshold, profile)),
    profile,
  );
}

/** The threshold that scores best over all series (as the benchmark chooses it), and that score. Scores of 0 never alarm. */
export function bestThreshold(judged: readonly Judged[], profile: Profile): { threshold: number; score: number } {
  const alarms = alarmsOf(judged);
  const best = new Map<number, number>();
  let raw = -profile.miss * judged.reduce((sum, { series }) => sum + series.isJudged.filter(Boolean).length, 0);
  let found = { threshold: Infinity, raw };
  for (const [at, { score, credit, window }] of alarms.entries()) {
    if (window === OUTSIDE) raw += profile.falseAlarm * credit;
    else {
      const before = best.get(window) ?? -profile.miss;
      const now = Math.max(before, profile.hit * credit);
      raw += now - before;
      best.set(window, now);
    }
    if (raw > found.raw && alarms[at + 1]?.score !== score) found = { threshold: score, raw };
  }
  const windows = judged.reduce((sum, { series }) => sum + series.isJudged.length, 0);
  return { threshold: found.threshold, score: scoreOf([{ raw: found.raw, windows }], profile) };
}

interface Alarm {
  readonly score: number;
  readonly credit: number;
  /** Of all windows of all series, or -1. */
  readonly window: number;
}

/** Every row that could alarm, highest score first. */
function alarmsOf(judged: readonly Judged[]): Alarm[] {
  const alarms: Alarm[] = [];
  let windows = 0;
  for (const { series, scores } of judged) {
    for (let row = series.probation; row < series.windowOf.length; row++) {
      const score = rounded(scores[row] ?? 0);
      const window = series.windowOf[row] ?? OUTSIDE;
      const credit = series.credit[row] ?? 0;
      if (score > 0) alarms.push({ score, credit, window: window === OUTSIDE ? OUTSIDE : windows + window });
    }
    windows += series.isJudged.length;
  }
  return alarms.sort((one, other) => other.score - one.score);
}

function rounded(score: number): number {
  return Math.round(score * DIGITS) / DIGITS;
}
