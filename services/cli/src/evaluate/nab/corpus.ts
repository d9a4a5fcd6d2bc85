// Reads the benchmark's files: series, their true windows, and other detectors' scores.

import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { nabLineUnreadable, nabNotFound } from './errors.js';
import type { RowWindow } from './score.js';

export interface NabSeries {
  /** 'folder/series.csv'. */
  readonly name: string;
  /** As written in the file, for what is written back. */
  readonly stamps: readonly string[];
  readonly texts: readonly string[];
  /** UTC. */
  readonly timesMicros: Float64Array;
  readonly values: Float64Array;
  readonly windows: readonly RowWindow[];
}

export interface NabCorpus {
  readonly folder: string;
  readonly series: readonly NabSeries[];
}

/** Reads `dir/nab` or `dir`, whichever holds data/<folder>/<series>.csv, in the order of names. Throws WK_NAB_NOT_FOUND, WK_NAB_LINE. */
export async function readCorpus(dir: string): Promise<NabCorpus> {
  const folder = (await isFolder(join(dir, 'nab', 'data'))) ? join(dir, 'nab') : dir;
  if (!(await isFolder(join(folder, 'data')))) throw nabNotFound(dir);
  const windows = await readWindows(join(folder, 'combined_windows.json'));
  const series: NabSeries[] = [];
  for (const group of (await readdir(join(folder, 'data'))).sort()) {
    if (!(await isFolder(join(folder, 'data', group)))) continue;
    for (const file of (await readdir(join(folder, 'data', group))).sort()) {
      if (!file.endsWith('.csv')) continue;
      const name = `${group}/${file}`;
      series.push(parseSeries(name, await readFile(join(folder, 'data', name), 'utf8'), windows?.[name] ?? []));
    }
  }
  return { folder, series };
}

/** A detector's scores as the benchmark keeps them, by row; undefined where it has none of this series. */
export async function readScores(folder: string, detector: string, series: string): Promise<Float64Array | undefined> {
  const path = join(folder, 'results', detector, `${series}.gz`);
  if (!(await exists(path))) return undefined;
  const [head = '', ...lines] = gunzipSync(await readFile(path))
    .toString('utf8')
    .split(/\r?\n/);
  const column = head.split(',').indexOf('anomaly_score');
  return Float64Array.from(
    lines.filter((line) => line !== ''),
    (line) => Number(line.split(',')[column]),
  );
}

/** Detectors whose scores lie in the folder. */
export async function scoredDetectors(folder: string): Promise<string[]> {
  return (await isFolder(join(folder, 'results'))) ? (await readdir(join(folder, 'results'))).sort() : [];
}

/** Series from the text of a file with the columns timestamp and value; windows by their first and last timestamp. */
export function parseSeries(name: string, text: string, windows: readonly (readonly [string, string])[]): NabSeries {
  const rows = text.split(/\r?\n/).slice(1);
  while (rows.at(-1) === '') rows.pop();
  const stamps: string[] = [];
  const texts: string[] = [];
  const timesMicros = new Float64Array(rows.length);
  const values = new Float64Array(rows.length);
  for (const [at, line] of rows.entries()) {
    const [stamp = '', value = ''] = line.split(',');
    const ms = Date.parse(`${stamp.replace(' ', 'T')}Z`);
    if (Number.isNaN(ms) || value === '') throw nabLineUnreadable(name, at + 2);
    stamps.push(stamp);
    texts.push(value);
    timesMicros[at] = ms * 1000;
    values[at] = Number(value);
  }
  // Of equal timestamps the first one counts, as in the benchmark.
  const rowOf = (stamp: string): number => {
    const at = stamps.indexOf(stamp.slice(0, 19));
    if (at < 0) throw nabLineUnreadable(name, 0);
    return at;
  };
  return {
    name,
    stamps,
    texts,
    timesMicros,
    values,
    windows: windows.map(([first, last]) => [rowOf(first), rowOf(last)] as const),
  };
}

async function readWindows(path: string): Promise<Record<string, [string, string][]> | undefined> {
  return (await exists(path))
    ? (JSON.parse(await readFile(path, 'utf8')) as Record<string, [string, string][]>)
    : undefined;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
