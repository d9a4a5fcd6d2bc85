import { describe, expect, it } from 'vitest';
import type { SetFigures } from './evaluate-set.js';
import type { Figures } from './figures.js';
import type { PlantedFigures } from './planted/planted-set.js';
import { tableOf, variantsTable } from './table.js';

const figures: Figures = {
  precision: 0.9286,
  recall: 1,
  f1: 0.963,
  mcc: -0.1,
  fpr: null,
  auroc: 0.986,
  auprc: 0.99,
  delaySteps: { median: 6, p90: 13.8 },
  steps: { verdicts: 3, f1: 0.5, mcc: 0.407 },
  ci95: { f1: [0.867, 1], delayMedian: [1, 8] },
};
const set: SetFigures = {
  set: 'garden',
  detector: 'loop-detector',
  version: 1,
  content: 'full',
  sessions: 24,
  positives: 13,
  ...figures,
  baselines: { 'exact ×3': { ...figures, delaySteps: { median: null, p90: null } } },
  detections: [],
};

describe('tableOf', () => {
  it('puts the detector first, its intervals below, then each baseline, in columns', () => {
    const [head, names, own, bounds, rule] = tableOf(set).trim().split('\n');
    expect(head).toBe('garden: 24 sessions, 13 positive');
    expect(names!.trim().split(/\s{2,}/)).toContain('step MCC');
    expect(own!.split(/\s{2,}/)).toEqual([
      'loop-detector',
      '0.929',
      '1.000',
      '0.963',
      '-0.100',
      '–',
      '0.986',
      '0.990',
      '0.407',
      '6',
      '13.8',
    ]);
    expect(bounds).toContain('0.87…1');
    expect(rule).toMatch(/^exact ×3 .* –\s+–$/);
    expect(own!.indexOf('0.929')).toBe(rule!.indexOf('0.929'));
  });

  it('says how many alarms on successes are other than a plain rule raises', () => {
    const alarms = { sessions: 764, alarms: 19, otherThan: { 'exact ×3': 5 } };
    expect(tableOf({ ...set, falseAlarms: alarms })).toContain('19 alarms, 5 other than exact ×3');
  });
});

describe('variantsTable', () => {
  it('shows the share of each kind that was flagged, by method', () => {
    const planted: PlantedFigures = {
      ...set,
      variants: { jittered: { sessions: 8, positive: true, flagged: 6, baselines: { 'exact ×3': 1 } } },
    };
    expect(variantsTable(planted)).toMatch(/^jittered +8 +0\.750 +0\.125$/m);
  });
});
