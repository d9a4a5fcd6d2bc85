// Floors on labelled traces of real agents; skipped where the data is absent. Set well below what was measured: they catch breakage, not noise.

import { describe, expect, it } from 'vitest';
import { confusion, detectionsOf, openAfter, rates } from './testing/figures.js';
import { dataFolder, readTraces, type Trace } from './testing/traces.js';

const folder = dataFolder();
const found = (trace: Trace): boolean => detectionsOf(trace).length > 0;
const successes = (set: string): Trace[] => readTraces(folder!, set).filter(({ label }) => label.success === true);

describe.skipIf(folder === undefined)('on real traces (WATCHKEEPER_DATA)', () => {
  it('finds looping sessions and few others (magentic)', () => {
    const traces = readTraces(folder!, 'magentic');
    const figures = rates(
      confusion(traces.map((trace) => ({ truth: trace.label.looping === true, found: found(trace) }))),
    );
    expect(figures.recall).toBeGreaterThanOrEqual(0.85);
    expect(figures.f1).toBeGreaterThanOrEqual(0.88);
    expect(figures.fpr).toBeLessThanOrEqual(0.28);
  });

  it('is open where the session loops, better than by chance (magentic, per verdict)', () => {
    const steps = readTraces(folder!, 'magentic').flatMap((trace) => {
      const told = detectionsOf(trace);
      return (trace.label.verdicts ?? []).map((verdict) => ({
        truth: verdict.in_loop,
        found: openAfter(told, verdict.after_step),
      }));
    });
    expect(rates(confusion(steps)).mcc).toBeGreaterThanOrEqual(0.35);
  });

  it('says nothing of customer talks that went well (tau)', () => {
    expect(successes('tau').filter(found)).toEqual([]);
  });

  it('says little of office tasks that went well, beyond calls made three times for nothing (agentdojo)', () => {
    const told = successes('agentdojo').map((trace) => detectionsOf(trace).map(({ draft }) => draft.evidence));
    const inexact = told.filter((evidence) => evidence.some((one) => !one.includes('"likeness":"exact"')));
    expect(inexact.length / told.length).toBeLessThanOrEqual(0.01);
    expect(told.filter((evidence) => evidence.length > 0).length / told.length).toBeLessThanOrEqual(0.04);
  });
});
