// What a chaos run comes to, against a fresh and undisturbed re-read of its own logs.

import { compareDetections, type Comparison } from '../bench/compare.js';
import type { Site } from '../bench/place.js';
import { judgeEvents, judgeMeasures, writtenDetections } from '../bench/reference.js';
import { ledgerAt } from '../commands/doctor.js';
import { lookAtPipeline } from '../demo/drain.js';
import { logAt } from '../stack/log.js';
import type { BareRig } from './rig.js';

export interface Verdict {
  /** Records in agent.events. */
  readonly produced: number;
  /** Of them, rows in ClickHouse, … */
  readonly landed: number;
  /** … and dead letters. */
  readonly deadLettered: number;
  readonly gaps: number;
  readonly duplicates: number;
  /** Event ids at more than one offset: whoever sends waits for an answer that a cut connection does not bring, and sends again. */
  readonly repeatedEvents: number;
  readonly rollupsEqual: boolean;
  /** Of the re-read. */
  readonly detections: number;
  readonly detectionsMissing: number;
  /** Detections that the re-read does not give. */
  readonly detectionsExtra: number;
  /** Those with the same id and other contents. */
  readonly detectionsDifferent: number;
  /** Agents (by source partition) whose measures do not fold to what their events give, but for counted late ones. */
  readonly measuresDifferent: number;
  /** Events that the meter counted late: their window was closed, by event time or while the partition was idle. */
  readonly lateEvents: number;
  /** Some of what differs, for a person. */
  readonly examples: readonly string[];
}

/** Looks at everything, once the roles have stopped. */
export async function verdictOf({
  backends,
  place,
  sql,
}: Pick<BareRig, 'backends' | 'place' | 'sql'>): Promise<Verdict> {
  const log = logAt(backends.brokers, place);
  const admin = await log.admin();
  try {
    const site: Site = { place, log, admin, sql };
    const { produced, landed, deadLettered } = await lookAtPipeline(admin, sql);
    const ledger = await ledgerAt(backends, place);
    const written = await writtenDetections(site);
    const fromMeasures = await judgeMeasures(site);
    const fromEvents = await judgeEvents(site, fromMeasures.marks, { skipUndecodable: true });
    const isOfAgents = ({ detector }: { detector: string }): boolean => detector === 'anomaly-detector';
    const comparisons = [
      compareDetections(
        fromEvents.detections,
        written.where((one) => !isOfAgents(one)),
      ),
      compareDetections(fromMeasures.detections, written.where(isOfAgents)),
    ];
    const measures = fromEvents.sums.differencesBeyondLate(fromMeasures.sums);
    const sum = (of: (comparison: Comparison) => number): number => comparisons.reduce((all, one) => all + of(one), 0);
    return {
      produced,
      landed,
      deadLettered,
      gaps: ledger.gaps,
      duplicates: ledger.duplicates,
      repeatedEvents: ledger.repeatedEvents ?? 0,
      rollupsEqual: ledger.rollups?.length === 0,
      detections: sum(({ expected }) => expected),
      detectionsMissing: sum(({ missing }) => missing.length),
      detectionsExtra: sum(({ unexpected }) => unexpected.length),
      detectionsDifferent: sum(({ different }) => different.length),
      measuresDifferent: measures.length,
      lateEvents: fromMeasures.sums.late,
      examples: [
        ...ledger.partitions
          .filter(({ gaps, duplicates }) => gaps + duplicates > 0)
          .map((line) => `${line.topic}/${line.partition}: ${line.gaps} gaps, ${line.duplicates} duplicates`),
        ...(ledger.rollups ?? []).map(({ table, extra, missing }) => `${table}: ${extra} extra, ${missing} missing`),
        ...comparisons.flatMap(({ missing }) => missing.map((one) => `missing: ${one}`)),
        ...comparisons.flatMap(({ unexpected }) => unexpected.map((one) => `extra: ${one}`)),
        ...comparisons.flatMap(({ different }) => different),
        ...measures.map((agent) => `measures of ${agent}`),
      ].slice(0, 40),
    };
  } finally {
    await admin.close();
  }
}

/** What of it is not as promised, a sentence each. */
export function verdictFaults(verdict: Verdict): string[] {
  const zeros = [
    'gaps',
    'duplicates',
    'detectionsMissing',
    'detectionsExtra',
    'detectionsDifferent',
    'measuresDifferent',
  ] as const;
  const faults = zeros.filter((name) => verdict[name] !== 0).map((name) => `${name} is ${verdict[name]}, not 0`);
  if (!verdict.rollupsEqual) faults.push('the rollups do not say what the events say');
  const accounted = verdict.landed + verdict.deadLettered;
  if (accounted !== verdict.produced) faults.push(`of ${verdict.produced} records ${accounted} are accounted for`);
  return faults;
}
