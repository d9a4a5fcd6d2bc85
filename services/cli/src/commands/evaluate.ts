// watchkeeper evaluate: the shipped detectors over labelled data.

import { writeFileSync } from 'node:fs';
import { isEqual, type Comparison } from '../bench/compare.js';
import { comparisonFaults } from '../bench/report.js';
import { badOption } from '../errors.js';
import { contentLevels, type ContentShown } from '../evaluate/content.js';
import { evaluateSet, type EvaluatedSet } from '../evaluate/evaluate-set.js';
import { judgedDetector } from '../evaluate/judged-detector.js';
import type { Question } from '../evaluate/labels.js';
import { reportPage } from '../evaluate/report/page.js';
import { findSets } from '../evaluate/sets.js';
import { throughKafka } from '../evaluate/through-kafka.js';
import { tableOf } from '../evaluate/table.js';

export interface EvaluateFlags {
  readonly data?: string;
  readonly set?: string;
  readonly json?: boolean;
  readonly content: string;
  readonly report?: string;
  readonly throughKafka?: boolean;
  readonly dataDir: string;
}

/** Results to stdout, what is skipped and compared to stderr; exit code 1 where the pipeline's detections are not those in memory. */
export async function evaluate(what: string, flags: EvaluateFlags): Promise<void> {
  const question = questionOf(what);
  const content = contentOf(flags.content);
  if (flags.throughKafka === true && content !== 'full')
    throw badOption('--content', content, 'full: through Kafka, traces are replayed with their contents');
  const detector = judgedDetector(question, process.env);
  const data = flags.data ?? process.env['WATCHKEEPER_DATA'] ?? '../shared/data';
  const sets: EvaluatedSet[] = [];
  for (const found of findSets(data, question, flags.set)) {
    if (found.kind === 'skipped') {
      say(`The set ${found.set} is skipped: ${found.why}.`);
      continue;
    }
    const set = await evaluateSet({ ...found, detector, content });
    sets.push(set);
    if (set.absent > 0) say(`${set.absent} labelled sessions of ${found.file.set} have no events: left out.`);
    if (flags.json !== true) process.stdout.write(tableOf(set.figures));
  }
  const comparisons =
    flags.throughKafka === true && sets.length > 0
      ? await throughKafka({ role: detector.id, sets, dataDir: flags.dataDir, env: process.env, say })
      : new Map<string, Comparison>();
  if (flags.json === true) {
    const json = sets.map(({ figures }) => ({ ...figures, throughKafka: comparisons.get(figures.set) }));
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }
  if (flags.report !== undefined) {
    writeFileSync(flags.report, await reportPage(question, sets));
    say(`The report is in ${flags.report}.`);
  }
  for (const [set, comparison] of comparisons) {
    say(`Through Kafka, ${set}: ${comparison.found} detections, ${comparison.expected} in memory.`);
    for (const fault of comparisonFaults(`Detections of ${set}`, comparison)) say(fault);
    if (!isEqual(comparison)) process.exitCode = 1;
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function questionOf(what: string): Question {
  if (what === 'loops' || what === 'drift') return what;
  throw badOption('evaluate', what, 'loops or drift');
}

function contentOf(text: string): ContentShown {
  const content = contentLevels.find((level) => level === text);
  if (content === undefined) throw badOption('--content', text, contentLevels.join(' or '));
  return content;
}
