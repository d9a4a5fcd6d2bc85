// A set's figures as a table for a person: the detector first, then each baseline.

import type { SetFigures } from './evaluate-set.js';
import type { Figures } from './figures.js';

const COLUMNS = ['precision', 'recall', 'F1', 'MCC', 'FPR', 'AUROC', 'AUPRC', 'step MCC', 'delay', 'p90'];

/** Lines of text, the last with a line end. */
export function tableOf(figures: SetFigures): string {
  const rows = [
    ['', ...COLUMNS],
    [figures.detector, ...cells(figures)],
    ['  95 %', ...intervalCells(figures)],
    ...Object.entries(figures.baselines).map(([name, baseline]) => [name, ...cells(baseline)]),
  ];
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => (row[i + 1] ?? '').length)));
  const nameWidth = Math.max(...rows.map(([name = '']) => name.length));
  const lines = rows.map(([name = '', ...cellsOf]) =>
    [name.padEnd(nameWidth), ...cellsOf.map((cell, i) => cell.padStart(widths[i] ?? 0))].join('  ').trimEnd(),
  );
  return `\n${headOf(figures)}\n${lines.join('\n')}\n`;
}

function headOf({ set, sessions, positives, falseAlarms }: SetFigures): string {
  if (falseAlarms === undefined) return `${set}: ${sessions} sessions, ${positives} positive`;
  const others = Object.entries(falseAlarms.otherThan).map(([rule, alarms]) => `${alarms} other than ${rule}`);
  const alarms = [`${falseAlarms.alarms} alarms`, ...others].join(', ');
  return `${set}: ${sessions} sessions that succeeded, ${alarms}`;
}

function cells(figures: Figures): string[] {
  const { precision, recall, f1, mcc, fpr, auroc, auprc, steps, delaySteps } = figures;
  return [precision, recall, f1, mcc, fpr, auroc, auprc, steps?.mcc ?? null]
    .map(share)
    .concat([delaySteps.median, delaySteps.p90].map((steps) => (steps === null ? '–' : String(round(steps, 1)))));
}

function intervalCells({ ci95 }: Figures): string[] {
  return ['precision', 'recall', 'f1', 'mcc', 'fpr', 'auroc', 'auprc', 'stepsMcc', 'delayMedian'].map((name) => {
    const interval = ci95[name];
    return interval === undefined ? '' : interval.map((value) => String(round(value, 2))).join('…');
  });
}

function share(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
