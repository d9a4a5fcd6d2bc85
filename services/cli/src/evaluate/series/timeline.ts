// A series that went wrong, drawn over its whole life: its events, its alarms, and a sentence for each one missed or called for nothing.

import { html, type Markup } from '../report/html.js';
import { counted, score } from '../report/words.js';
import { judgeSeries, type Judgement, type ScoredSeries } from './judged-series.js';
import type { TimedSeries } from './method.js';

const WIDTH = 1000;
const HEIGHT = 110;
const COLUMNS = 500;
const MOST_SENTENCES = 12;

export interface WrongSeries {
  readonly series: TimedSeries;
  readonly scored: ScoredSeries;
  readonly judgement: Judgement;
  readonly wrong: number;
}

/** Those with something missed or called for nothing, the worst first. */
export function wrongSeries(
  series: readonly TimedSeries[],
  scored: readonly ScoredSeries[],
  threshold: number,
): WrongSeries[] {
  return series
    .flatMap((one, at) => {
      const of = scored[at];
      if (!of) return [];
      const judgement = judgeSeries(of, threshold);
      const missed = judgement.found.filter((row) => row === undefined).length;
      return [{ series: one, scored: of, judgement, wrong: missed + judgement.falseAlarms.length }];
    })
    .filter(({ wrong }) => wrong > 0)
    .sort((one, other) => other.wrong - one.wrong);
}

export function seriesCard({ series, scored, judgement }: WrongSeries, threshold: number, isOpen: boolean): Markup {
  const { name, events } = series;
  const missed = events.filter((_, at) => judgement.found[at] === undefined);
  const sentences = [
    ...missed.map((event) => ({ row: event.from, text: missedText(series, scored, event, threshold) })),
    ...judgement.falseAlarms.map((row) => ({ row, text: falseText(series, scored, row) })),
  ].sort((one, other) => one.row - other.row);
  return html`<details class="session ${missed.length > 0 ? 'missed' : 'false-alarm'}" ${isOpen ? 'open' : ''}>
    <summary>
      <strong>${name}</strong>
      <span class="facts"
        >${events.length - missed.length} of ${counted(events.length, 'event')} found,
        ${counted(judgement.falseAlarms.length, 'false alarm')}</span
      >
    </summary>
    <div class="timeline">${drawing(series, judgement)}</div>
    <div class="why">
      ${sentences.slice(0, MOST_SENTENCES).map(({ text }) => html`<p>${text}</p>`)}
      ${sentences.length > MOST_SENTENCES ? html`<p class="note">… and ${sentences.length - MOST_SENTENCES} more.</p>` : undefined}
    </div>
  </details>`;
}

function missedText(
  series: TimedSeries,
  { scores }: ScoredSeries,
  { kind, from, to }: TimedSeries['events'][number],
  threshold: number,
): string {
  let highest = 0;
  for (let row = from; row < to; row++) highest = Math.max(highest, scores[row] ?? 0);
  return `Missed: ${kind} from ${timeAt(series, from)}, ${counted(to - from, 'point')}; the highest score within was ${score(highest)} of ${score(threshold)}.`;
}

function falseText(series: TimedSeries, { scores, reasonAt }: ScoredSeries, row: number): string {
  const why = reasonAt?.(row) ?? '';
  return `False: ${timeAt(series, row)}, value ${score(series.values[row] ?? 0)}, score ${score(scores[row] ?? 0)}${why === '' ? '' : `: ${why}`}.`;
}

/** '2026-01-17 09:40'. */
function timeAt(series: TimedSeries, row: number): string {
  return new Date(series.timeMicrosAt(row) / 1000).toISOString().slice(0, 16).replace('T', ' ');
}

function drawing({ values, events, judgedFrom }: TimedSeries, { found, falseAlarms }: Judgement): Markup {
  const rows = values.length;
  const x = (row: number): string => ((row / rows) * WIDTH).toFixed(1);
  const wide = (from: number, to: number): string => Math.max(2, ((to - from) / rows) * WIDTH).toFixed(1);
  const finds = found.filter((row) => row !== undefined);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT + 18}" role="img" aria-label="the series">
    <rect class="message" x="0" y="0" width="${x(judgedFrom)}" height="${HEIGHT}" />
    ${events.map(
      ({ from, to, kind }, at) =>
        html`<rect
          class="${found[at] === undefined ? 'drift' : 'no'}"
          x="${x(from)}"
          y="0"
          width="${wide(from, to)}"
          height="${HEIGHT}"
        >
          <title>${kind}${found[at] === undefined ? ', missed' : ', found'}</title>
        </rect>`,
    )}
    <path class="values" d="${outline(values)}" />
    ${finds.map((row) => html`<path class="told" d="M${x(row)} ${HEIGHT}v14"><title>found</title></path>`)}
    ${falseAlarms.map((row) => html`<rect class="flag" x="${x(row)}" y="0" width="2.5" height="${HEIGHT + 14}"><title>false alarm</title></rect>`)}
  </svg>`;
}

/** A line from the least to the most of each column. */
function outline(values: ArrayLike<number>): string {
  const sorted = Float64Array.from(values).sort();
  const low = sorted[0] ?? 0;
  // A single spike must not flatten the rest: what is beyond is cut at the edge.
  const high = Math.max(low + 1e-9, 1.6 * (sorted[Math.floor(0.995 * sorted.length)] ?? 0) - 0.6 * low);
  const y = (value: number): string =>
    (HEIGHT - 2 - ((Math.min(high, value) - low) / (high - low)) * (HEIGHT - 6)).toFixed(1);
  const parts: string[] = [];
  for (let column = 0; column < COLUMNS; column++) {
    const [from, to] = [column, column + 1].map((edge) => Math.floor((edge / COLUMNS) * values.length)) as [
      number,
      number,
    ];
    let [least, most] = [Infinity, -Infinity];
    for (let row = from; row < to; row++) {
      least = Math.min(least, values[row] ?? 0);
      most = Math.max(most, values[row] ?? 0);
    }
    if (most === -Infinity) continue;
    const at = ((column / COLUMNS) * WIDTH).toFixed(1);
    parts.push(`${parts.length === 0 ? 'M' : 'L'}${at} ${y(least)}L${at} ${y(most)}`);
  }
  return parts.join('');
}
