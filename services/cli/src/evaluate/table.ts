// A set's figures as a table for a person: the detector first, then each baseline.

import type { SetFigures } from './evaluate-set.js';
import type { PlantedFigures } from './planted/planted-set.js';
import type { Figures } from './figures.js';

const COLUMNS = ['precision', 'recall', 'F1', 'MCC', 'FPR', 'AUROC', 'AUPRC', 'step MCC', 'delay', 'p90'];

/** Lines of text, the last with a line end. */
export function tableOf(figures: SetFigures | PlantedFigures): string {
  const rows = [
    ['', ...COLUMNS],
    [figures.detector, ...cells(figures)],
    ['  95 %', ...intervalCells(figures)],
    ...Object.entries(figures.baselines).map(([name, baseline]) => [name, ...cells(baseline)]),
  ];
  return `\n${headOf(figures)}\n${aligned(rows)}`;
}

/** How many of each variant were flagged, by the detector and by each baseline. */
export function variantsTable({ detector, variants }: PlantedFigures): string {
  const methods = Object.keys(Object.values(variants)[0]?.baselines ?? {});
  return aligned([
    ['', 'sessions', detector, ...methods],
    ...Object.entries(variants).map(([name, { sessions, flagged, baselines }]) => [
      name,
      String(sessions),
      ...[flagged, ...methods.map((method) => baselines[method] ?? 0)].map((count) => share(count / sessions)),
    ]),
  ]);
}

/** Lines of text: the first column to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function headOf(figures: SetFigures | PlantedFigures): string {
  const { set, sessions, positives } = figures;
  const falseAlarms = 'falseAlarms' in figures ? figures.falseAlarms : undefined;
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
