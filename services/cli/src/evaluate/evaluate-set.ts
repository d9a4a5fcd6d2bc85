// Runs a detector and the baselines over one set, in memory, on the same events.

import { toAgentEvent } from '../simulate/encode.js';
import { outlineOf, replayEvents, type TraceFile, type TraceOutline } from '../replay/index.js';
import { figuresOf, type Figures } from './figures.js';
import { judge, type Judged } from './judged.js';
import type { JudgedDetector } from './judged-detector.js';
import type { Truth, Truths } from './labels.js';
import { outcomeOf, type Outcome, type SessionRun } from './outcome.js';
import { RuleJudge, type Rule } from './rule.js';

/** Sources have no times: they are made up from this seed … */
export const TIME_SEED = 1;
/** … and begin here (2025-01-01), so that a run in memory and one through Kafka tell the same. */
export const TIME_START_MICROS = 1_735_689_600_000_000;

/** What came of a set; the JSON of an evaluation, one per set. */
export interface SetFigures extends Figures {
  readonly set: string;
  readonly detector: string;
  readonly version: number;
  /** Judged ones: ambiguous and unlabelled ones are left out. */
  readonly sessions: number;
  readonly positives: number;
  readonly baselines: Readonly<Record<string, Figures>>;
}

/** A set as it was judged: the figures, and the sessions that they are of. */
export interface EvaluatedSet {
  readonly figures: SetFigures;
  readonly judged: readonly Judged[];
  readonly runs: ReadonlyMap<string, SessionRun>;
}

export interface SetUnderTest {
  readonly file: TraceFile;
  readonly truths: Exclude<Truths, { kind: 'none' }>;
  readonly detector: JudgedDetector;
  readonly rules: readonly Rule[];
}

/** Throws WK_TRACE_MALFORMED with file and line. */
export async function evaluateSet({ file, truths, detector, rules }: SetUnderTest): Promise<EvaluatedSet> {
  const outline = await outlineOf(file, TIME_SEED);
  const judging = detector.start();
  const ruleJudges = rules.map((rule) => new RuleJudge(rule));
  for await (const made of replayEvents(file, outline, TIME_SEED, TIME_START_MICROS)) {
    const event = toAgentEvent(made);
    judging.observe(event);
    for (const ruleJudge of ruleJudges) ruleJudge.observe(event);
  }
  const runs = new Map(judging.end().map((run) => [run.session, run]));
  const known = truths.truths.filter(({ session }) => runs.has(session));
  const judged = judgedBy(known, outline, (session) => outcomeOf(runs.get(session) ?? { session, score: 0, told: [] }));
  const baselines = ruleJudges.map((ruleJudge) => [
    ruleJudge.rule.name,
    figuresOf(judgedBy(known, outline, (session) => ruleJudge.outcomeOf(session))),
  ]);
  const figures = {
    set: file.set,
    detector: detector.id,
    version: detector.version,
    sessions: judged.length,
    positives: known.filter(({ positive }) => positive).length,
    ...figuresOf(judged),
    baselines: Object.fromEntries(baselines) as Record<string, Figures>,
  };
  return { figures, judged, runs };
}

function judgedBy(
  truths: readonly Truth[],
  { periodsOf }: TraceOutline,
  outcome: (session: string) => Outcome,
): Judged[] {
  return truths.map((truth) => judge(truth, outcome(truth.session), periodsOf.get(truth.session) ?? []));
}
