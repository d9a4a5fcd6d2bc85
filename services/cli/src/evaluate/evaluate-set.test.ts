// A data folder of our own, from its lines to its figures: a gardener who goes round in circles, and one who does not.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createEmitter } from '@watchkeeper/emitter';
import { catalogueIds, fullView, viewDecoder, type AgentEvent } from '@watchkeeper/schemas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shownAs } from './content.js';
import { evaluateSet, type EvaluatedSet } from './evaluate-set.js';
import { judgedDetector } from './judged-detector.js';
import { findSets } from './sets.js';

let data: string;
beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'evaluate-'))));
afterEach(() => rmSync(data, { recursive: true }));

const plants = ['beans', 'leeks', 'chard', 'fennel', 'sorrel', 'cress', 'endive', 'rocket'];
const session = (id: string, calls: readonly (readonly [args: unknown, output: string])[]): unknown[] => [
  { session: id, step: 0, kind: 'session', agent: 'gardener', goal: 'Water every bed of the garden.' },
  ...calls.map(([args, output], i) => ({
    session: id,
    step: i + 1,
    kind: 'tool',
    actor: 'agent',
    tool: 'look',
    args,
    output,
  })),
];
const circling = session(
  'circling',
  plants.map(() => [{ bed: 'north' }, 'The north bed is dry, and the tap is closed.']),
);
const busy = session(
  'busy',
  plants.map((plant, i) => [
    { bed: plant },
    `The ${plant} stand ${i} hands high beside a ${plants[(i + 3) % 8]!} pot.`,
  ]),
);
const write = (set: string, lines: readonly unknown[], labels?: readonly unknown[]): void => {
  const folder = join(data, 'traces', set);
  mkdirSync(folder, { recursive: true });
  const text = (all: readonly unknown[]): string =>
    all.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');
  writeFileSync(join(folder, 'events.jsonl.gz'), gzipSync(text(lines)));
  if (labels) writeFileSync(join(folder, 'labels.jsonl'), text(labels));
};
const run = (set: string, content: 'full' | 'hashed' = 'full'): Promise<EvaluatedSet> => {
  const [found] = findSets(data, 'loops', set);
  if (found?.kind !== 'found') throw new Error('the set is skipped');
  return evaluateSet({ ...found, detector: judgedDetector('loops', {}), content });
};

describe('a set', () => {
  it('is judged with the detector and every baseline on the same steps', async () => {
    const verdicts = [1, 2, 3, 5, 7].map((after_step) => ({ after_step, in_loop: after_step >= 3 }));
    write(
      'garden',
      [...circling, ...busy],
      [
        { session: 'circling', looping: true, verdicts },
        { session: 'busy', looping: false },
      ],
    );
    const { figures } = await run('garden');
    expect(figures).toMatchObject({ set: 'garden', detector: 'loop-detector', sessions: 2, positives: 1 });
    expect(figures).toMatchObject({ f1: 1, mcc: 1, fpr: 0, auroc: 1, delaySteps: { median: 0, p90: 0 } });
    expect(figures.steps).toEqual({ verdicts: 5, f1: 1, mcc: 1 });
    expect(figures.baselines['exact ×3']).toMatchObject({ f1: 1, delaySteps: { median: 0 } });
    expect(figures.baselines['length ≥ 6']).toMatchObject({ fpr: 1, mcc: 0 });
    expect(figures.falseAlarms).toBeUndefined();
  });

  it('that has successes alone counts false alarms, apart from those that a plain rule raises', async () => {
    write(
      'garden',
      [...circling, ...busy],
      [
        { session: 'circling', success: true },
        { session: 'busy', success: true },
      ],
    );
    const { figures } = await run('garden');
    expect(figures.falseAlarms).toEqual({ sessions: 2, alarms: 1, otherThan: { 'exact ×3': 0, '3 in 20': 0 } });
    expect(figures).toMatchObject({ positives: 0, fpr: 0.5, recall: null, auroc: null });
  });

  it('is judged the same where contents stay with the agent', async () => {
    write('garden', [...circling, ...busy], [{ session: 'circling', looping: true }]);
    const { figures, runs } = await run('garden', 'hashed');
    expect(figures).toMatchObject({ content: 'hashed', recall: 1 });
    expect(JSON.stringify(runs.get('circling')?.told)).not.toContain('north');
  });

  it('tells the same detections each time', async () => {
    write('garden', [...circling, ...busy], [{ session: 'circling', looping: true }]);
    const [one, other] = [await run('garden'), await run('garden')];
    expect(one.runs).toEqual(other.runs);
    expect(one.figures).toEqual(other.figures);
  });
});

describe('shownAs hashed', () => {
  it('shows no text, and the goal by its marks', () => {
    const goal = { kind: 'SESSION_STARTED', tenant_id: 't', input: '', output: '', goal: 'Water the beans.' };
    const { input, goal: shown, input_sketch, content_level } = shownAs('hashed')(goal as never);
    expect([input, shown, content_level]).toEqual(['', '', 'HASHED']);
    expect(input_sketch.length).toBeGreaterThan(0);
  });

  it('shows what an emitter would send', async () => {
    const sent: Buffer[] = [];
    const transport = {
      send: (records: readonly { value: Buffer }[]) => (
        sent.push(...records.map(({ value }) => value)),
        Promise.resolve()
      ),
    };
    const emitter = createEmitter({
      transport,
      tenantId: 't',
      agentId: 'a',
      agentVersion: '1',
      contentLevel: 'HASHED',
    });
    const [input, output] = ['{"bed":"north","litres":12}', 'The beans are wet.\nIt took 12 minutes.'];
    emitter.session({ sessionId: 's', resumed: true }).tool({ name: 'water', input, output });
    await emitter.close();
    const decoded = viewDecoder(fullView('AgentEvent'), catalogueIds().writerTypeOf)(sent[0] ?? null);
    const marks = (event: AgentEvent) =>
      Object.entries(event).filter(([name]) => /^(in|out)put|^content/.test(name) && !/tokens/.test(name));
    const shown = shownAs('hashed')({ kind: 'TOOL_CALL', tenant_id: 't', input, output } as never);
    expect(decoded.kind === 'ok' && new Map(marks(decoded.value))).toEqual(new Map(marks(shown)));
  });
});

describe('findSets', () => {
  it('names what is absent, unlabelled, or labelled for another question, and skips it', () => {
    write('garden', busy, [{ session: 'busy', hijacked: false }]);
    write('meadow', busy);
    expect(findSets(data, 'loops')).toEqual([
      { kind: 'skipped', set: 'garden', why: 'its labels say nothing of loops' },
      { kind: 'skipped', set: 'meadow', why: 'it has no labels.jsonl' },
    ]);
    expect(findSets(data, 'loops', 'forest')).toMatchObject([{ kind: 'skipped', set: 'forest' }]);
    expect(findSets(join(data, 'nowhere'), 'loops')).toMatchObject([{ kind: 'skipped' }]);
    expect(findSets(data, 'drift', 'garden')).toMatchObject([{ kind: 'found' }]);
  });

  it.each([
    ['{"session": "busy", "looping": tru', 'WK_LABEL_MALFORMED'],
    ['{"looping": true}', 'WK_LABEL_MALFORMED'],
    ['{"session": "other", "looping": true}\n{"session": "other"}', 'WK_LABEL_MALFORMED'],
  ])('stops at the label %s with file and line', (line, code) => {
    write('garden', busy, [{ session: 'busy', looping: false }, line]);
    const fault = expect.objectContaining({
      code,
      message: expect.stringMatching(/^Line [23] of .*garden.labels\.jsonl/) as string,
    }) as Error;
    expect(() => findSets(data, 'loops')).toThrow(fault);
  });

  it('stops at a malformed event with file and line', async () => {
    write('garden', [...busy, '{"session": 3}'], [{ session: 'busy', looping: false }]);
    await expect(run('garden')).rejects.toMatchObject({ code: 'WK_TRACE_MALFORMED' });
  });
});
