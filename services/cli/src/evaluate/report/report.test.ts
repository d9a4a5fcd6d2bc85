// The page holds what a person needs to see, needs nothing else, and lets no trace write markup into it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DetectionDraft } from '@watchkeeper/schemas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EvaluatedSet } from '../evaluate-set.js';
import { figuresOf } from '../figures.js';
import { judge } from '../judged.js';
import { outcomeOf, type SessionRun } from '../outcome.js';
import { precisionRecallLine, rocLine } from './chart.js';
import { html } from './html.js';
import { reportPage } from './page.js';
import { interval, share } from './words.js';
import { wrongOnes } from './wrong.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'report-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const draft = (fields: Partial<DetectionDraft>): DetectionDraft =>
  ({
    detection_id: 'd',
    kind: 'loop.repeat',
    status: 'OPEN',
    first_seq: 3,
    last_seq: 9,
    score: 4,
    threshold: 3,
    explanation: 'Repeats look.',
    evidence: '{"period":2,"tools":["look"]}',
    ...fields,
  }) as DetectionDraft;
const runs: SessionRun[] = [
  { session: 'found', score: 1.5, told: [{ step: 4, draft: draft({}) }] },
  { session: 'missed <b>', score: 0.6, told: [] },
  { session: 'alarmed', score: 1.2, told: [{ step: 5, draft: draft({ explanation: 'Looks <i>again</i>.' }) }] },
  { session: 'clean', score: 0.1, told: [] },
];

function evaluated(): EvaluatedSet {
  const path = join(folder, 'events.jsonl');
  const line = (session: string, step: number): string =>
    JSON.stringify({ session, step, kind: 'tool', actor: 'agent', tool: 'look', args: { at: '<script>' }, output: '' });
  writeFileSync(path, runs.flatMap(({ session }) => [1, 2, 3, 4].map((step) => line(session, step))).join('\n'));
  const judged = runs.map((run, i) =>
    judge(
      {
        session: run.session,
        positive: i < 2,
        verdicts: i === 0 ? [{ afterStep: 2, positive: true }] : [],
        driftByPeriod: [],
      },
      outcomeOf(run),
      [],
    ),
  );
  const figures = figuresOf(judged);
  return {
    figures: {
      set: 'garden',
      detector: 'loop-detector',
      version: 1,
      content: 'full',
      sessions: 4,
      positives: 2,
      ...figures,
      baselines: { 'exact ×3': figures },
      detections: ['d'],
    },
    file: { set: 'garden', path },
    judged,
    runs: new Map(runs.map((run) => [run.session, run])),
    periodsOf: new Map(),
    absent: 0,
  };
}

describe('the report', () => {
  it('shows figures, both curves, delays, and each wrong session with what was flagged and why', async () => {
    const page = await reportPage('loops', [evaluated()]);
    for (const words of ['Precision and recall', 'ROC', 'exact ×3', 'median 2', '1 missed', '1 false alarm'])
      expect(page).toContain(words);
    expect(page).toMatch(/alarmed<\/code>[^]*Looks &#60;i&#62;again/);
    expect(page).toContain('<i>period</i> 2');
    expect(page).not.toContain('clean</code>');
  });

  it('lets nothing of a trace or a label become markup, and fetches nothing', async () => {
    const page = await reportPage('loops', [evaluated()]);
    expect(page).not.toMatch(/<script|<b>&|missed <b>/);
    expect(page).not.toMatch(/(?:src|href)="(?!#)|url\(|@import/);
  });
});

describe('html', () => {
  it('escapes texts, joins lists, keeps markup, and leaves out what is undefined', () => {
    expect(html`<p title="${'"&\''}">${[html`<b>${'<'}</b>`, 1.234]}${undefined}</p>`.text).toBe(
      '<p title="&#34;&#38;&#39;"><b>&#60;</b>1.23</p>',
    );
  });
});

describe('wrongOnes', () => {
  it('puts missed ones first, then false alarms, then right ones whose steps differ', () => {
    expect(wrongOnes(evaluated().judged).map(({ fault, judged }) => [fault, judged.truth.session])).toEqual([
      ['missed', 'missed <b>'],
      ['false alarm', 'alarmed'],
      ['steps differ', 'found'],
    ]);
  });
});

describe('the lines of the charts', () => {
  const curve = [
    { threshold: 2, recall: 0.5, precision: 1, fpr: 0 },
    { threshold: 1, recall: 1, precision: 0.5, fpr: 1 },
  ];
  it('go from corner to corner, and by steps of recall', () => {
    expect(rocLine(curve)).toEqual([
      [0, 0],
      [0, 0.5],
      [1, 1],
      [1, 1],
    ]);
    expect(precisionRecallLine(curve)).toEqual([
      [0, 1],
      [0.5, 1],
      [0.5, 0.5],
      [1, 0.5],
    ]);
  });
});

describe('figures as words', () => {
  it('are short', () => {
    expect([0.9634, 0, 1, -0.034, null].map(share)).toEqual(['.963', '0', '1', '−.034', '–']);
    expect(interval([0.8, 1])).toBe('.800 to 1');
    expect(interval(undefined)).toBe('');
  });
});
