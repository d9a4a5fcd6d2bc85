// watchkeeper evaluate: the shipped detectors over labelled data.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isEqual } from '../bench/compare.js';
import { comparisonFaults } from '../bench/report.js';
import { badOption } from '../errors.js';
import { contentLevels, type ContentShown } from '../evaluate/content.js';
import { evaluateSet, type EvaluatedSet } from '../evaluate/evaluate-set.js';
import { judgedDetector, type JudgedDetector } from '../evaluate/judged-detector.js';
import type { Question } from '../evaluate/labels.js';
import { driftPlants } from '../evaluate/planted/drift-plants.js';
import { loopPlants } from '../evaluate/planted/loop-plants.js';
import { evaluatePlants, type PlantedFigures } from '../evaluate/planted/planted-set.js';
import { reportPage } from '../evaluate/report/page.js';
import { findSets } from '../evaluate/sets.js';
import { throughKafka, type KafkaRun } from '../evaluate/through-kafka.js';
import { tableOf, variantsTable } from '../evaluate/table.js';

export interface EvaluateFlags {
  readonly data?: string;
  readonly set?: string;
  readonly json?: boolean;
  readonly content: string;
  readonly report?: string;
  readonly throughKafka?: boolean;
  readonly dataDir: string;
}

/** The sets of our own making. */
const PLANTED: Readonly<Record<Question, string>> = { loops: 'planted', drift: 'rewordings' };

/** Results to stdout, what is skipped and compared to stderr; exit code 1 where the pipeline's detections are not those in memory. */
export async function evaluate(what: string, flags: EvaluateFlags): Promise<void> {
  const question = questionOf(what);
  const content = contentOf(flags.content);
  if (flags.throughKafka === true && content !== 'full')
    throw badOption('--content', content, 'full: through Kafka, traces are replayed with their contents');
  const detector = judgedDetector(question, process.env);
  const data = flags.data ?? process.env['WATCHKEEPER_DATA'] ?? '../shared/data';
  const sets: EvaluatedSet[] = [];
  for (const found of flags.set === PLANTED[question] ? [] : findSets(data, question, flags.set)) {
    if (found.kind === 'skipped') {
      say(`The set ${found.set} is skipped: ${found.why}.`);
      continue;
    }
    const set = await evaluateSet({ ...found, detector, content });
    sets.push(set);
    if (set.absent > 0) say(`${set.absent} labelled sessions of ${found.file.set} have no events: left out.`);
    if (flags.json !== true) process.stdout.write(tableOf(set.figures));
  }
  const planted = await plantedIn(join(data, 'traces'), question, flags.set, detector, content);
  if (planted !== undefined && flags.json !== true)
    process.stdout.write(`${tableOf(planted)}\n${variantsTable(planted)}`);
  const kafka =
    flags.throughKafka === true && sets.length > 0
      ? await throughKafka({ role: detector.id, sets, dataDir: flags.dataDir, env: process.env, say })
      : new Map<string, KafkaRun>();
  if (flags.json === true) {
    const json = sets.map(({ figures }) => ({ ...figures, ...kafkaPart(kafka.get(figures.set)) }));
    process.stdout.write(`${JSON.stringify(planted === undefined ? json : [...json, planted], null, 2)}\n`);
  }
  if (flags.report !== undefined) {
    writeFileSync(flags.report, await reportPage(question, sets, planted));
    say(`The report is in ${flags.report}.`);
  }
  for (const [set, { comparison }] of kafka) {
    say(`Through Kafka, ${set}: ${comparison.found} detections, ${comparison.expected} in memory.`);
    for (const fault of comparisonFaults(`Detections of ${set}`, comparison)) say(fault);
    if (!isEqual(comparison)) process.exitCode = 1;
  }
}

/** The pipeline's detections instead of those in memory, and how they differ. */
function kafkaPart(run: KafkaRun | undefined): object {
  return run === undefined ? {} : { detections: run.detections, throughKafka: run.comparison };
}

/** Sessions of our own making: a set that no folder holds. undefined where another set is asked for, or there is nothing to plant into. */
async function plantedIn(
  traces: string,
  question: Question,
  only: string | undefined,
  detector: JudgedDetector,
  content: ContentShown,
): Promise<PlantedFigures | undefined> {
  const set = PLANTED[question];
  if ((only ?? set) !== set || (question === 'loops' && !existsSync(traces))) return undefined;
  const plants = question === 'loops' ? await loopPlants(traces, set) : driftPlants(set);
  return plants.length === 0 ? undefined : evaluatePlants(set, plants, detector, content);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function questionOf(what: string): Question {
  if (what === 'loops' || what === 'drift') return what;
  throw badOption('evaluate', what, 'loops, drift, nab or anomalies');
}

function contentOf(text: string): ContentShown {
  const content = contentLevels.find((level) => level === text);
  if (content === undefined) throw badOption('--content', text, contentLevels.join(' or '));
  return content;
}
