// The report over series: one HTML file that needs nothing else.

import { dotPlot, unitChart } from '../report/chart.js';
import { html, Markup } from '../report/html.js';
import { STYLE } from '../report/style.js';
import { delay, interval, score, share } from '../report/words.js';
import type { SeriesFigures } from './figures.js';
import { judgeSeries } from './judged-series.js';
import type { SeriesMethod } from './method.js';
import type { JudgedSet } from './set.js';
import { seriesCard, wrongSeries } from './timeline.js';

/** Cards that are open from the start. */
const OPEN_CARDS = 6;
/** Beyond so many false alarms per series and week nobody looks: the chart ends there. */
const MOST_ALARMS = 2;
const OWN_STYLE = `
.values { stroke:var(--ink); stroke-width:.8; fill:none; opacity:.8; }
.timeline .drift { opacity:.3; }
.timeline .no { fill:var(--no); opacity:.45; stroke:none; }
`;

/** The page as text, its template's indentation taken out. `notes` by set: what its own scorer says of it. */
export function seriesPage(sets: readonly JudgedSet[], notes: Readonly<Record<string, string>>): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Anomalies: what the series detector gets right and wrong</title>
        <style>
          ${new Markup(STYLE + OWN_STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>Anomalies: what the series detector gets right and wrong</h1>
          <p class="lead">
            Every series, judged in one pass by the detector as it ships, and by plain ones at the threshold that is
            best for them on these very series. Events are counted, not points: found where an alarm falls within one.
            Intervals are 95 % by series.
          </p>
          <nav>${sets.map(({ set }) => html`<a href="#${set}">${set}</a>`)}</nav>
          <p class="legend note">
            In a series: ${swatch('var(--yes)')}an event that was missed ${swatch('var(--no)')}one that was found, with
            a tick where it was told ${swatch('var(--flag)')}a false alarm ${swatch('var(--faint)')}not judged yet.
          </p>
          ${sets.map((set) => section(set, notes[set.set] ?? ''))}
        </main>
      </body>
    </html>`.text.replace(/\s*\n\s*/g, '\n');
}

function section(judged: JudgedSet, note: string): Markup {
  const { set, series, shipped, baselines } = judged;
  const { figures, at } = shipped;
  const events = series.reduce((sum, one) => sum + one.events.length, 0);
  const wrong = wrongSeries(series, shipped.scored, figures.threshold);
  const others = baselines.map((method, i) => ({ method, label: String(i + 1) }));
  return html`<section id="${set}">
    <h2>${set}</h2>
    <p class="lead">${series.length} series, ${events} events. ${note}</p>
    <div class="tiles">
      ${tile('events found', share(figures.recall), interval(figures.ci95['recall']))}
      ${tile('precision', share(figures.precision), interval(figures.ci95['precision']))}
      ${tile('F1', share(figures.f1), interval(figures.ci95['f1']))}
      ${tile('false alarms per series and week', score(figures.falseAlarmsPerWeek), interval(figures.ci95['falseAlarmsPerWeek'], score))}
      ${tile('delay in points, median / 90 %', delay(figures.delayRows), '')}
    </div>
    <table class="methods">
      <thead>
        <tr>
          ${['', 'precision', 'recall', 'F1', 'AUPRC', 'false alarms per week', 'delay, points', 'threshold'].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${methodRows(shipped.name, figures, true)}
        ${others.map(({ method, label }) => methodRows(`${label} ${method.name}`, method.figures, false))}
      </tbody>
    </table>
    <div class="charts">
      ${unitChart({
        title: 'Precision and recall',
        xName: 'recall',
        yName: 'precision',
        line: shipped.curve.map(({ recall, precision }) => [recall, precision]),
        own: { x: at.recall, y: at.precision, name: shipped.name },
        others: others.map(({ method, label }) => ({
          x: method.at.recall,
          y: method.at.precision,
          label,
          name: method.name,
        })),
      })}
      ${unitChart({
        title: 'Recall by false alarms',
        xName: `false alarms per series and week, 1 being ${MOST_ALARMS}`,
        yName: 'recall',
        line: shipped.curve
          .filter(({ falseAlarms }) => falseAlarms <= MOST_ALARMS)
          .map(({ falseAlarms, recall }) => [falseAlarms / MOST_ALARMS, recall]),
        own: { x: Math.min(1, at.falseAlarms / MOST_ALARMS), y: at.recall, name: shipped.name },
        others: others.map(({ method, label }) => ({
          x: Math.min(1, method.at.falseAlarms / MOST_ALARMS),
          y: method.at.recall,
          label,
          name: method.name,
        })),
      })}
    </div>
    <h3>Delays</h3>
    ${dotPlot('Points from the start of an event to its first alarm', delaysOf(shipped), figures.delayRows.median, 'Found events alone.')}
    <h3>${wrong.length} series with something wrong, the worst first</h3>
    ${wrong.map((one, i) => seriesCard(one, figures.threshold, i < OPEN_CARDS))}
  </section>`;
}

function methodRows(name: string, figures: SeriesFigures, isOwn: boolean): Markup {
  const { precision, recall, f1, auprc, falseAlarmsPerWeek, delayRows, threshold, ci95 } = figures;
  return html`<tr class="${isOwn ? 'own' : ''}">
      <th scope="row">${name}</th>
      ${[share(precision), share(recall), share(f1), share(auprc), score(falseAlarmsPerWeek), delay(delayRows), score(threshold)].map((cell) => html`<td>${cell}</td>`)}
    </tr>
    <tr class="bounds">
      <th></th>
      ${['precision', 'recall', 'f1'].map((key) => html`<td>${interval(ci95[key])}</td>`)}
      <td></td>
      <td>${interval(ci95['falseAlarmsPerWeek'], score)}</td>
      <td></td>
      <td></td>
    </tr>`;
}

function delaysOf({ scored, figures }: SeriesMethod): number[] {
  return scored.flatMap((one) =>
    judgeSeries(one, figures.threshold).found.flatMap((row, at) =>
      row === undefined ? [] : [row - (one.series.events[at]?.from ?? 0)],
    ),
  );
}

function tile(name: string, value: string, bounds: string): Markup {
  return html`<div class="tile"><span>${name}</span><strong>${value}</strong><small>${bounds}</small></div>`;
}

function swatch(colour: string): Markup {
  return html`<i class="swatch" style="background:${colour}"></i>`;
}
