// A set's figures by event as a table for a person: the detector first, then each baseline.

import { delay, interval, score, share } from '../report/words.js';
import { aligned } from '../table.js';
import type { JudgedSet } from './set.js';

export function seriesTable({ set, series, shipped, baselines }: JudgedSet): string {
  const events = series.reduce((sum, one) => sum + one.events.length, 0);
  const rows = [shipped, ...baselines].flatMap(({ name, figures }) => {
    const { precision, recall, f1, auprc, falseAlarmsPerWeek, delayRows, ci95 } = figures;
    return [
      [name, ...[precision, recall, f1, auprc].map(share), score(falseAlarmsPerWeek), delay(delayRows)],
      [
        '  95 %',
        ...['precision', 'recall', 'f1'].map((key) => interval(ci95[key])),
        '',
        interval(ci95['falseAlarmsPerWeek'], score),
        '',
      ],
    ];
  });
  return `${set} by event: ${series.length} series, ${events} events; plain detectors at the threshold that is best for them here\n${aligned(
    [['', 'precision', 'recall', 'F1', 'AUPRC', 'false a week', 'delay, points'], ...rows],
  )}`;
}
