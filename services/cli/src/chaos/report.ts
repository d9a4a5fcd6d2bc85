// What a chaos run has shown, as one object, and the same for a person.

import type { Fault, FaultKind } from './plan.js';
import type { Struck } from './strike.js';
import { verdictFaults, type Verdict } from './verdict.js';

export interface ChaosReport extends Verdict {
  readonly seed: string;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** Faults by kind that were seen to have hit. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** Faults that were planned and not seen to hit. */
  readonly unconfirmed: Readonly<Partial<Record<FaultKind, number>>>;
  /** Kinds that cannot be had on this machine, with why. */
  readonly skipped: Readonly<Partial<Record<FaultKind, string>>>;
  /** From the end of a fault until the lag is what it was before the first one. */
  readonly recoverySeconds: { readonly median: number; readonly max: number };
  /** Processes that ended by themselves and were started again. */
  readonly unplannedEnds: readonly string[];
}

/** What a run has seen beside the verdict. */
export interface RunFacts {
  readonly seed: string;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly faults: readonly Fault[];
  readonly skipped: ReadonlyMap<FaultKind, string>;
  readonly struck: readonly Struck[];
  readonly unplannedEnds: readonly string[];
}

export function reportOf(run: RunFacts, verdict: Verdict): ChaosReport {
  const hit = run.struck.filter(({ proof }) => proof !== undefined);
  const missed = run.struck.filter(({ proof }) => proof === undefined);
  const seconds = hit.map(({ recoverySeconds }) => recoverySeconds).sort((a, b) => a - b);
  const { seed, eventsPerSecond } = run;
  return {
    seed,
    seconds: run.seconds,
    eventsPerSecond,
    faults: counted(hit),
    unconfirmed: counted(missed),
    skipped: Object.fromEntries(run.skipped),
    ...verdict,
    recoverySeconds: {
      median: tenths(seconds[Math.floor(seconds.length / 2)] ?? 0),
      max: tenths(seconds.at(-1) ?? 0),
    },
    unplannedEnds: run.unplannedEnds,
  };
}

export function chaosText(report: ChaosReport): string {
  const { faults, unconfirmed, skipped, recoverySeconds } = report;
  const list = (counts: Readonly<Record<string, unknown>>): string =>
    Object.entries(counts)
      .map(([kind, count]) => `${kind} ${String(count)}`)
      .join(', ');
  const all = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const wrong = verdictFaults(report);
  return [
    `${all} faults in ${report.seconds} s at ${report.eventsPerSecond} events/s (seed ${report.seed}): ${list(faults)}`,
    ...(Object.keys(unconfirmed).length === 0 ? [] : [`  not seen to have hit: ${list(unconfirmed)}`]),
    ...(Object.keys(skipped).length === 0 ? [] : [`  left out: ${list(skipped)}`]),
    `  ${report.produced} produced, ${report.landed} landed, ${report.deadLettered} dead letters; ${report.gaps} gaps, ${report.duplicates} duplicates; rollups ${report.rollupsEqual ? 'equal' : 'NOT equal'}`,
    `  of ${report.detections} detections ${report.detectionsMissing} missing, ${report.detectionsExtra} extra, ${report.detectionsDifferent} different; measures of ${report.measuresDifferent} agents different, ${report.lateEvents} events late`,
    `  recovery: median ${recoverySeconds.median} s, longest ${recoverySeconds.max} s; ${report.unplannedEnds.length} processes ended by themselves`,
    ...report.unplannedEnds.map((end) => `    ${end}`),
    ...wrong.map((fault) => `  ${fault}`),
    ...report.examples.map((example) => `    ${example}`),
    '',
  ].join('\n');
}

function counted(some: readonly Struck[]): Partial<Record<FaultKind, number>> {
  const counts: Partial<Record<FaultKind, number>> = {};
  for (const { fault } of some) counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
  return counts;
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
