// A set's part of the report: figures beside the baselines, curves, delays, and the sessions that were judged wrongly.

import type { EvaluatedSet, SetFigures } from '../evaluate-set.js';
import type { Figures } from '../figures.js';
import { Ranking } from '../statistics/ranking.js';
import { dotPlot, precisionRecallLine, rocLine, unitChart, type Place } from './chart.js';
import type { SessionText } from './excerpt.js';
import { html, type Markup } from './html.js';
import { sessionSection } from './session.js';
import { counted, delay, interval, share, steps } from './words.js';
import { wrongOnes, type Fault, type Wrong } from './wrong.js';

/** So many of each fault are shown; what a set of thousands gets wrong repeats itself. */
const MOST_OF_A_FAULT = 25;

/** The wrong sessions of a set that its section shows. */
export function shownOf({ judged }: EvaluatedSet): readonly Wrong[] {
  const counts = new Map<Fault, number>();
  return wrongOnes(judged).filter(({ fault }) => {
    const count = (counts.get(fault) ?? 0) + 1;
    counts.set(fault, count);
    return count <= MOST_OF_A_FAULT;
  });
}

/** `texts`: of the sessions in {@link shownOf}. */
export function setSection(set: EvaluatedSet, texts: ReadonlyMap<string, SessionText>): Markup {
  const { figures } = set;
  return html`<section id="${figures.set}">
    <h2>${figures.set}</h2>
    <p class="lead">${leadOf(figures)}</p>
    <div class="tiles">${tilesOf(figures)}</div>
    ${methodTable(figures)}
    <div class="charts">${chartsOf(set)}</div>
    ${wrongPart(set, texts)}
  </section>`;
}

function leadOf({ sessions, positives, falseAlarms, detector, version, content, settings }: SetFigures): string {
  const what =
    falseAlarms === undefined
      ? `${sessions} labelled sessions, ${positives} of them positive`
      : [
          `${sessions} sessions that succeeded: every alarm is a false one`,
          ...Object.entries(falseAlarms.otherThan).map(([rule, alarms]) => `${alarms} other than ${rule}`),
        ].join(', ');
  const set = Object.entries(settings ?? {}).map(([name, value]) => `${name}=${value}`);
  const shown = content === 'full' ? '' : `, shown ${content} contents`;
  return `${what}. ${detector}, version ${version}${shown}${set.length > 0 ? `, under ${set.join(' ')}` : ''}.`;
}

function tilesOf(figures: SetFigures): Markup[] {
  const { f1, mcc, fpr, auroc, ci95, delaySteps, delayPeriods, steps: perStep } = figures;
  const tile = (name: string, value: string, note = ''): Markup =>
    html`<div class="tile"><span>${name}</span><strong>${value}</strong><small>${note}</small></div>`;
  const of = (name: string, value: number | null, key: string): Markup[] =>
    value === null ? [] : [tile(name, share(value), interval(ci95[key]))];
  return [
    ...of('F1', f1, 'f1'),
    ...of('MCC', mcc, 'mcc'),
    ...of('false-positive rate', fpr, 'fpr'),
    ...of('AUROC', auroc, 'auroc'),
    ...of('step MCC', perStep?.mcc ?? null, 'stepsMcc'),
    ...(delaySteps.median === null
      ? []
      : [
          tile(
            'delay in steps',
            steps(delaySteps.median),
            `${interval(ci95['delayMedian'], steps)}; nine of ten within ${steps(delaySteps.p90)}`,
          ),
        ]),
    ...(delayPeriods === undefined || delayPeriods.median === null
      ? []
      : [
          tile(
            'delay in periods',
            steps(delayPeriods.median),
            `${interval(ci95['delayPeriodsMedian'], steps)}; nine of ten within ${steps(delayPeriods.p90)}`,
          ),
        ]),
  ];
}

function methodTable(figures: SetFigures): Markup {
  const heads = ['', 'precision', 'recall', 'F1', 'MCC', 'FPR', 'AUROC', 'AUPRC', 'step MCC', 'delay, p90'];
  const row = (name: string, own: Figures, label: string, kind: string): Markup =>
    html`<tr class="${kind}">
      <th scope="row"><span class="key">${label}</span>${name}</th>
      ${[own.precision, own.recall, own.f1, own.mcc, own.fpr, own.auroc, own.auprc, own.steps?.mcc].map(
        (value) => html`<td>${share(value)}</td>`,
      )}
      <td>${delay(own.delaySteps)}</td>
    </tr>`;
  const bounds = ['precision', 'recall', 'f1', 'mcc', 'fpr', 'auroc', 'auprc', 'stepsMcc', 'delayMedian'];
  return html`<table class="methods">
    <thead>
      <tr>
        ${heads.map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${row(figures.detector, figures, '', 'own')}
      <tr class="bounds">
        <th scope="row">95 % by session</th>
        ${bounds.map((name) => html`<td>${interval(figures.ci95[name], name === 'delayMedian' ? steps : share)}</td>`)}
      </tr>
      ${Object.entries(figures.baselines).map(([name, own], i) => row(name, own, String(i + 1), 'rule'))}
    </tbody>
  </table>`;
}

function chartsOf({ figures, judged }: EvaluatedSet): Markup[] {
  const curve = new Ranking(
    judged.map(({ truth, outcome }) => ({ positive: truth.positive, score: outcome.score })),
  ).curve();
  const charts: Markup[] = [];
  if (curve.length > 0) {
    const places = (x: keyof Figures & ('recall' | 'fpr'), y: 'precision' | 'recall'): Place[] =>
      Object.entries(figures.baselines).flatMap(([name, own], i) => {
        const [at, up] = [own[x], own[y]];
        return at === null || up === null ? [] : [{ x: at, y: up, label: String(i + 1), name }];
      });
    const own = (x: number | null, y: number | null) =>
      x === null || y === null ? undefined : { x, y, name: `${figures.detector} as it ships` };
    charts.push(
      unitChart({
        title: `Precision and recall, area ${share(figures.auprc)}`,
        xName: 'recall',
        yName: 'precision',
        line: precisionRecallLine(curve),
        own: own(figures.recall, figures.precision),
        others: places('recall', 'precision'),
      }),
      unitChart({
        title: `ROC, area ${share(figures.auroc)}`,
        xName: 'false-positive rate',
        yName: 'recall',
        line: rocLine(curve),
        own: own(figures.fpr, figures.recall),
        others: places('fpr', 'recall'),
      }),
    );
  }
  const delays = judged.flatMap(({ delaySteps }) => delaySteps ?? []);
  if (delays.length > 0)
    charts.push(
      dotPlot(
        'Steps from where the labels begin to the first alarm',
        delays,
        figures.delaySteps.median,
        `A dot per session that was found; ${judged.filter(({ truth, outcome }) => truth.positive && !outcome.flagged).length} were not.`,
      ),
    );
  return charts;
}

function wrongPart(set: EvaluatedSet, texts: ReadonlyMap<string, SessionText>): Markup {
  const all = wrongOnes(set.judged);
  const shown = shownOf(set);
  const count = (fault: Fault, one: string, many?: string): string => {
    const found = all.filter((wrong) => wrong.fault === fault).length;
    return `${counted(found, one, many)}${found > MOST_OF_A_FAULT ? ` (${MOST_OF_A_FAULT} shown)` : ''}`;
  };
  const counts = [
    count('missed', 'missed', 'missed'),
    count('false alarm', 'false alarm'),
    count('steps differ', 'right but for single steps', 'right but for single steps'),
  ];
  return html`<h3>Judged wrongly: ${counts.join(', ')}</h3>
    ${shown.map((wrong) => {
      const { session } = wrong.judged.truth;
      return sessionSection({
        wrong,
        run: set.runs.get(session) ?? { session, score: 0, told: [] },
        text: texts.get(session) ?? { goal: '', steps: [] },
        periods: set.periodsOf.get(session) ?? [],
      });
    })}`;
}
