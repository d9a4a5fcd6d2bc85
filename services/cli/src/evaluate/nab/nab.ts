// evaluate nab: the series detector over the benchmark's series, scored beside the baselines and the peers whose scores lie there; or its scores as files.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  SERIES_CONSTANTS,
  SeriesDetector,
  ewmaThreeSigma,
  windowedGaussian,
  type Baseline,
} from '@watchkeeper/anomaly-detector';
import { readCorpus, readScores, scoredDetectors, type NabCorpus, type NabSeries } from './corpus.js';
import { intervals, type Interval } from '../statistics/bootstrap.js';
import {
  PROFILES,
  bestThreshold,
  scoreAt,
  scoreOf,
  scoredSeries,
  shareAt,
  type Judged,
  type Profile,
} from './score.js';

export const SHIPPED = 'watchkeeper';
/** A score of the shipped detector lies at its threshold here: scores are told between 0 and 1. */
export const SHIPPED_THRESHOLD = 0.5;

/** The series detector's scores by row. */
function shippedScores({ values, timesMicros }: NabSeries): Float64Array {
  const detector = new SeriesDetector();
  return values.map((value, row) => {
    const { score } = detector.update({ timeMicros: timesMicros[row] ?? 0, value });
    return score / (score + SERIES_CONSTANTS.threshold);
  });
}

function baselineScores(make: () => Baseline): (series: NabSeries) => Float64Array {
  return function scores({ values }) {
    const detector = make();
    return values.map((value) => detector.update(value));
  };
}

/** What is shipped, and what it is measured against. */
const SCORERS: Readonly<Record<string, (series: NabSeries) => Float64Array>> = {
  [SHIPPED]: shippedScores,
  'windowed Gaussian': baselineScores(windowedGaussian),
  'EWMA 3 sigma': baselineScores(ewmaThreeSigma),
};

export type ProfileScores = Readonly<Record<Profile['name'], number>>;

export interface NabResult {
  readonly detector: string;
  /** At the threshold that is shipped, one for all series and profiles; undefined of detectors that have none. */
  readonly frozen: ProfileScores | undefined;
  /** 95 % intervals of `frozen`, bootstrapped by series. */
  readonly ci95: Readonly<Record<string, Interval>> | undefined;
  /** At the threshold that scores best on these very series, for each profile: how the benchmark's own figures are made. */
  readonly best: ProfileScores;
}

export interface NabReport {
  readonly set: 'nab';
  readonly series: number;
  readonly rows: number;
  readonly windows: number;
  readonly results: readonly NabResult[];
}

/** Scores every detector on the corpus. */
export async function scoreNab(corpus: NabCorpus): Promise<NabReport> {
  const results = Object.entries(SCORERS).map(([name, scorer]) =>
    resultOf(
      name,
      corpus.series.map((series) => judged(series, scorer(series))),
    ),
  );
  for (const peer of await scoredDetectors(corpus.folder)) {
    const scores = await Promise.all(corpus.series.map((series) => readScores(corpus.folder, peer, series.name)));
    const rows = corpus.series.flatMap((series, at) => {
      const of = scores[at];
      return of ? [judged(series, of)] : [];
    });
    if (rows.length === corpus.series.length) results.push(resultOf(`${peer} (its own scores)`, rows));
  }
  return {
    set: 'nab',
    series: corpus.series.length,
    rows: corpus.series.reduce((sum, { values }) => sum + values.length, 0),
    windows: corpus.series.reduce((sum, { windows }) => sum + windows.length, 0),
    results,
  };
}

/** Writes OUT/watchkeeper/<folder>/watchkeeper_<series>.csv, which the benchmark's own scorer reads. How many files. */
export async function writeNabScores(dir: string, outDir: string): Promise<number> {
  const { series } = await readCorpus(dir);
  for (const one of series) {
    const [group = '', file = ''] = one.name.split('/');
    const path = join(outDir, SHIPPED, group, `${SHIPPED}_${file}`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, scoreFile(one, shippedScores(one)));
  }
  return series.length;
}

/** timestamp, value, anomaly_score, label: 1 within a window. */
export function scoreFile(series: NabSeries, scores: ArrayLike<number>): string {
  const label = new Uint8Array(series.values.length);
  for (const [first, last] of series.windows) label.fill(1, first, last + 1);
  const lines = series.stamps.map(
    (stamp, row) => `${stamp},${series.texts[row] ?? ''},${scores[row] ?? 0},${label[row] ?? 0}\n`,
  );
  return `timestamp,value,anomaly_score,label\n${lines.join('')}`;
}

function judged(series: NabSeries, scores: ArrayLike<number>): Judged {
  return { series: scoredSeries(series.values.length, series.windows), scores };
}

function resultOf(detector: string, rows: readonly Judged[]): NabResult {
  const scores = (of: (profile: Profile) => number): ProfileScores =>
    Object.fromEntries(PROFILES.map((profile) => [profile.name, of(profile)])) as Record<Profile['name'], number>;
  const isShipped = detector === SHIPPED;
  return {
    detector,
    frozen: isShipped ? scores((profile) => scoreAt(rows, SHIPPED_THRESHOLD, profile)) : undefined,
    ci95: isShipped ? shippedIntervals(rows) : undefined,
    best: scores((profile) => bestThreshold(rows, profile).score),
  };
}

function shippedIntervals(rows: readonly Judged[]): Record<string, Interval> {
  const shares = PROFILES.map((profile) => rows.map((row) => shareAt(row, SHIPPED_THRESHOLD, profile)));
  return intervals(rows.length, (weights) =>
    Object.fromEntries(
      PROFILES.map((profile, at) => {
        const drawn = shares[at]?.map(({ raw, windows }, row) => {
          const times = weights[row] ?? 0;
          return { raw: times * raw, windows: times * windows };
        });
        return [profile.name, scoreOf(drawn ?? [], profile)];
      }),
    ),
  );
}

/** The report as a table for a person. */
export function nabTable({ series, rows, windows, results }: NabReport): string {
  const figure = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(1)).padStart(8);
  const interval = results.find(({ detector }) => detector === SHIPPED)?.ci95?.['standard'];
  const lines = results.map(({ detector, frozen, best }) => {
    const cells = PROFILES.map(({ name }) => figure(best[name])).join('');
    return `${detector.padEnd(34)}${figure(frozen?.standard)}${figure(frozen?.reward_low_FP_rate)}${figure(frozen?.reward_low_FN_rate)}  |${cells}`;
  });
  return [
    `Numenta Anomaly Benchmark: ${series} series, ${rows} rows, ${windows} windows. 0: no alarms; 100: one at the start of each window.`,
    `${''.padEnd(34)}${'shipped threshold'.padStart(24)}  |${'best on these series'.padStart(24)}`,
    `${'detector'.padEnd(34)}${['standard', 'low FP', 'low FN'].map((head) => head.padStart(8)).join('')}  |${['standard', 'low FP', 'low FN'].map((head) => head.padStart(8)).join('')}`,
    ...lines,
    `95 % interval of ${SHIPPED}'s standard score, by series: ${interval?.map((end) => end.toFixed(1)).join(' to ') ?? 'none'}.`,
    '',
  ].join('\n');
}
