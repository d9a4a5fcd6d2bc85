// Runs a detector and the baselines over one set, in memory, on the same events.

import { outlineOf, replayEvents, type TraceFile, type TraceOutline } from '../replay/index.js';
import type { FleetEvent } from '../simulate/clock.js';
import { shownAs, type ContentShown } from './content.js';
import { figuresOf, type Figures } from './figures.js';
import { judge, type Judged } from './judged.js';
import type { JudgedDetector } from './judged-detector.js';
import type { Truths } from './labels.js';
import { outcomeOf, type Outcome, type SessionRun } from './outcome.js';
import { RuleJudge } from './rule.js';

/** Sources have no times: they are made up from this seed … */
export const TIME_SEED = 1;
/** … and end here (2025-01-01), so that a run in memory and one through Kafka tell the same. */
export const TIMES_END_MS = 1_735_689_600_000;

/** What came of a set; the JSON of an evaluation, one per set. */
export interface SetFigures extends Figures {
  readonly set: string;
  readonly detector: string;
  readonly version: number;
  /** What was set otherwise than it ships; absent where nothing was. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What of the events the detector was shown. */
  readonly content: ContentShown;
  /** Judged ones: ambiguous and unlabelled ones are left out. */
  readonly sessions: number;
  readonly positives: number;
  /** Where sessions that succeeded are all there is to judge. */
  readonly falseAlarms?: FalseAlarms;
  readonly baselines: Readonly<Record<string, Figures>>;
  /** Ids of all that was told in the set, judged or not, sorted; through Kafka the same. */
  readonly detections: readonly string[];
}

/** Alarms on sessions that succeeded. */
export interface FalseAlarms {
  readonly sessions: number;
  readonly alarms: number;
  /** Without those that a plain rule raises too: what repeats a call like that is a loop to any reader, whatever came of it. */
  readonly otherThan: Readonly<Record<string, number>>;
}

/** A set as it was judged: the figures, and the sessions that they are of. */
export interface EvaluatedSet {
  readonly figures: SetFigures;
  readonly file: TraceFile;
  readonly judged: readonly Judged[];
  readonly runs: ReadonlyMap<string, SessionRun>;
  readonly periodsOf: TraceOutline['periodsOf'];
  /** Labelled sessions without a single event: left out. */
  readonly absent: number;
}

export interface SetUnderTest {
  readonly file: TraceFile;
  readonly truths: Exclude<Truths, { kind: 'none' }>;
  readonly detector: JudgedDetector;
  readonly content: ContentShown;
}

/** Throws WK_TRACE_MALFORMED with file and line. */
export async function evaluateSet({ file, truths, detector, content }: SetUnderTest): Promise<EvaluatedSet> {
  const outline = await outlineOf(file, TIME_SEED);
  const startMicros = TIMES_END_MS * 1000 - outline.durationMicros;
  const { runs, rules } = await runMethods(detector, content, replayEvents(file, outline, TIME_SEED, startMicros));
  const known = truths.truths.filter(({ session }) => runs.has(session));
  const judgedOf = (outcome: (session: string) => Outcome): Judged[] =>
    known.map((truth) => judge(truth, outcome(truth.session), outline.periodsOf.get(truth.session) ?? []));
  const judged = judgedOf((session) => outcomeOf(runs.get(session) ?? { session, score: 0, told: [] }));
  const baselines = new Map(rules.map((rule) => [rule.name, judgedOf((session) => rule.outcomeOf(session))]));
  const figures = {
    set: file.set,
    detector: detector.id,
    version: detector.version,
    ...(Object.keys(detector.settings).length > 0 ? { settings: detector.settings } : {}),
    content,
    sessions: judged.length,
    positives: known.filter(({ positive }) => positive).length,
    ...figuresOf(judged),
    ...(truths.kind === 'successes' ? { falseAlarms: falseAlarms(judged, baselines, detector.plainRules) } : {}),
    baselines: Object.fromEntries([...baselines].map(([name, own]) => [name, figuresOf(own)])),
    detections: idsOf(runs.values()),
  };
  const absent = truths.truths.length - known.length;
  return { figures, file, judged, runs, periodsOf: outline.periodsOf, absent };
}

/** What a detector and its baselines made of a log's events. */
export interface MethodRuns {
  readonly runs: ReadonlyMap<string, SessionRun>;
  readonly rules: readonly RuleJudge[];
}

/** Runs them over the same events, in the order of the log. */
export async function runMethods(
  detector: JudgedDetector,
  content: ContentShown,
  events: AsyncIterable<FleetEvent> | Iterable<FleetEvent>,
): Promise<MethodRuns> {
  const judging = detector.start();
  const rules = detector.baselines.map((rule) => new RuleJudge(rule));
  const show = shownAs(content);
  for await (const made of events) {
    const event = show(made);
    judging.observe(event);
    for (const rule of rules) rule.observe(event);
  }
  return { runs: new Map(judging.end().map((run) => [run.session, run])), rules };
}

function idsOf(runs: Iterable<SessionRun>): string[] {
  const ids = [...runs].flatMap(({ told }) => told.map(({ draft }) => draft.detection_id));
  return [...new Set(ids)].sort();
}

function falseAlarms(
  judged: readonly Judged[],
  baselines: ReadonlyMap<string, readonly Judged[]>,
  plainRules: readonly string[],
): FalseAlarms {
  const alarms = judged.filter(({ outcome }) => outcome.flagged);
  const otherThan = plainRules.map((name) => {
    const raised = new Set(
      baselines.get(name)?.flatMap(({ outcome }) => (outcome.flagged ? [outcome.session] : [])) ?? [],
    );
    return [name, alarms.filter(({ outcome }) => !raised.has(outcome.session)).length] as const;
  });
  return { sessions: judged.length, alarms: alarms.length, otherThan: Object.fromEntries(otherThan) };
}
